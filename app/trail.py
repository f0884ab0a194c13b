"""What a page writes into the audit log, and as whom."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import resources, signed_in
from monitor.people.accounts import Account
from monitor.people.audit import Action


def actor() -> str:
    """Whose session this is. Without asking the database: a report has it for each of its files, on every rerun."""
    viewer = signed_in.viewer()
    return f"account:{viewer.id}" if isinstance(viewer, Account) else "nobody"


def note(action: Action, kind: str, number: int | None = None, detail: str = "", by: str | None = None) -> None:
    """After it was done. `by`: who, where that is not the one whose page this is, such as `student:12`."""
    resources.store().audit.note(by or actor(), action, kind, number, detail)


def note_view(lesson_id: int, student_id: int) -> None:
    """Once for each visit to a student's page: Streamlit runs it again at each click."""
    visit = lesson_id, student_id
    if st.session_state.get("noted_view") != visit:
        note(Action.VIEW_STUDENT, "student", student_id, f"lesson={lesson_id}")
        st.session_state["noted_view"] = visit


def left_student() -> None:
    """The next visit is another one."""
    st.session_state.pop("noted_view", None)


def noted_export(make: Callable[[], bytes], lesson_id: int, form: str) -> Callable[[], bytes]:
    """`make`, which runs on another thread: nothing leaves that is not written down first."""
    store, who = resources.store(), actor()

    def made() -> bytes:
        store.audit.note(who, Action.EXPORT, "lesson", lesson_id, form)
        return make()

    return made
