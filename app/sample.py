"""The sample lesson: made up, marked as such, for a first look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from app import resources, signed_in
from app.tour import offer_tour
from monitor.insight.sample_class import add_sample_class
from monitor.insight.sample_lesson import LENGTH_S, TITLE
from monitor.people.accounts import Role
from monitor.people.rights import Guest
from monitor.words import _


def offer_first_lesson(start: bool = True) -> None:
    """What leads on from a page without lessons. `start`: whether a lesson can be started now."""
    account = signed_in.viewer()
    if isinstance(account, Guest) or account.role not in (Role.ADMINISTRATOR, Role.TEACHER):
        st.write(_("Lessons appear here when a teacher has shared a class with you."))
        return
    if start and st.button(_("Start a lesson"), type="primary", icon=":material/add_circle:"):
        st.switch_page("views/start.py")
    _offer_sample()


def _offer_sample() -> None:
    st.caption(_("Or look around first:"))
    told = _("Made up by a program, and marked as such.")
    if st.button(_("Open a sample lesson"), icon=":material/science:", help=told):
        with st.spinner(_("Making up lessons …")):
            lesson_id = sample_lesson_id()
        st.switch_page("views/report.py", query_params={"lesson": str(lesson_id)})
    offer_tour()


def sample_lesson_id() -> int:
    """The sample lesson that is there already, else a new one that ended just now, with earlier ones of its class."""
    store = resources.store()
    for lesson in store.lessons.ended():
        if lesson.made_up and lesson.title == TITLE:
            return lesson.id
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=LENGTH_S)
    return add_sample_class(store, start).id
