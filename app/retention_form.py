"""How long a class keeps its lessons: asked on its page, with a question before a shorter time deletes any."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app import resources
from app.decisions import attempt, decide
from app.guard import guarded
from app.trail import note
from monitor.people.audit import Action
from monitor.store.classes import MOST_DAYS
from monitor.teaching import SchoolClass
from monitor.words import _, counted


def retention(own: SchoolClass) -> None:
    usual = resources.settings().keep_days
    with st.form(f"keep-{own.id}"):
        days = st.number_input(
            _("Days for which a lesson is kept"),
            min_value=1,
            max_value=MOST_DAYS,
            value=own.keep_days,
            placeholder=_("{days}, as everywhere").format(days=usual),
            help=_(
                "Counted from its end; then it is deleted with all that was measured. Students read the number before "
                "they join, so a longer time holds for new lessons only, and a shorter one for all."
            ),
        )
        wanted = st.form_submit_button(_("Keep them so long"), width="stretch")
    if not wanted:
        return
    new = None if days is None else int(days)
    lost = _lost(own, new)
    if lost:
        st.dialog(_("Delete older lessons?"))(_ask)(own, new, lost)
    elif new != own.keep_days:
        attempt(lambda: _keep(own, new), _told(new))
        st.rerun()


def _lost(own: SchoolClass, days: int | None) -> int:
    """How many lessons the new time ends."""
    store, usual = resources.store(), resources.settings().keep_days
    now = datetime.now(UTC)
    due = {one.lesson_id for one in store.retention.due(now, usual, {own.id: days})}
    return len(due - {one.lesson_id for one in store.retention.due(now, usual)})


def _ask(own: SchoolClass, days: int | None, lost: int) -> None:
    with guarded():
        st.markdown(
            counted(
                "{n} lesson is older than that: it is deleted for good within the hour, with all that was measured.",
                "{n} lessons are older than that: they are deleted for good within the hour, with all that was "
                "measured.",
                lost,
            )
        )
        st.caption(_("Download the files of their reports first if you may want them."))
        decide(_("Delete for good"), lambda: _keep(own, days), _told(days), _("Leave it as it was"))


def _keep(own: SchoolClass, days: int | None) -> str:
    kept = resources.store().classes.keep(own.id, days)
    note(Action.RETENTION, "class", own.id, f"days={days or 0}")
    return kept.name


def _told(days: int | None) -> str:
    """With the name of the class still to be put in."""
    usual = resources.settings().keep_days
    return _("Lessons of {name} are kept for {days} days.").format(name="{name}", days=days or usual)
