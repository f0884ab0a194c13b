"""What is kept of a student, on that student's own page: seen, taken along, deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from app import resources
from app.plain import plain
from app.trail import note
from monitor.domain import Lesson, Shown, Student
from monitor.insight.record import as_csv, as_json, student_record
from monitor.people import notice
from monitor.people.audit import Action
from monitor.words import _, as_now


def own_record(student: Student, lesson: Lesson, delete: Callable[[], None], label: str) -> None:
    """`delete` is asked for once more before it is called, by the button `label`."""
    st.markdown(notice.seen(lesson.shown))
    if lesson.shown is Shown.PSEUDONYMS:
        own = resources.own_pseudonym(lesson.id, student.id)
        st.markdown(_("Your teacher sees you as **{name}**.").format(name=own))
    kept = resources.seconds_kept(student.id)
    st.write(
        _("Kept of **{name}** so far: {kept} seconds, seven numbers each. No pictures.").format(
            name=plain(student.name), kept=kept
        )
    )
    for one in resources.consents(student.id):
        st.caption(_consent_told(one.notice, one.given_at, one.withdrawn_at))
    with st.container(horizontal=True):
        _download("JSON", "application/json", student, _json(student))
        _download("CSV", "text/csv", student, _csv(student))
    _delete(student, delete, label)


def _consent_told(version: str, given_at: datetime, withdrawn_at: datetime | None) -> str:
    zone = resources.zone()
    given = _("You agreed on {at} to the notice {version}.").format(
        at=f"{given_at.astimezone(zone):%d %b %Y, %H:%M}", version=version
    )
    if withdrawn_at is None:
        return given
    taken = _("You took that back on {at}.").format(at=f"{withdrawn_at.astimezone(zone):%d %b %Y, %H:%M}")
    return f"{given} {taken}"


def _download(form: str, mime: str, student: Student, make: Callable[[], bytes]) -> None:
    st.download_button(
        _("My data as {form}").format(form=form),
        data=as_now(make),
        file_name=f"my-data-{student.id}.{form.lower()}",
        mime=mime,
        icon=":material/download:",
        on_click="ignore",
        key=f"own-{form}",
    )


def _json(student: Student) -> Callable[[], bytes]:
    store = resources.whole_store()  # whose seat it is was proved when the page got the student
    return lambda: as_json(student_record(store, student.id), datetime.now(UTC))


def _csv(student: Student) -> Callable[[], bytes]:
    store = resources.whole_store()
    return lambda: as_csv(student_record(store, student.id))


def _delete(student: Student, delete: Callable[[], None], label: str) -> None:
    if not st.session_state.get("delete_asked"):
        st.button(label, icon=":material/delete:", on_click=_ask, args=(True,))
        return
    st.markdown(
        _("All {n} seconds are deleted for good. There is no undo.").format(n=resources.seconds_kept(student.id))
    )
    with st.container(horizontal=True):
        st.button(_("Delete for good"), type="primary", on_click=_deleted, args=(student, delete))
        st.button(_("Keep"), on_click=_ask, args=(False,))


def _ask(asked: bool) -> None:
    st.session_state["delete_asked"] = asked


def _deleted(student: Student, delete: Callable[[], None]) -> None:
    _ask(False)
    delete()
    resources.seconds_kept.clear(student.id)
    note(Action.DELETE, "student", student.id, by=f"student:{student.id}")
