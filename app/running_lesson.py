"""Which of the running lessons a teacher's page shows."""

from __future__ import annotations

import streamlit as st

from app.addresses import asked_number
from monitor.domain import Lesson
from monitor.words import _


def chosen_lesson(running: tuple[Lesson, ...]) -> Lesson:
    """The lesson of the address, else the newest; a choice where several run at once."""
    by_id = {one.id: one for one in running}
    wanted = asked_number("lesson")
    shown = wanted if wanted in by_id else running[0].id
    if len(running) > 1:
        shown = st.selectbox(
            _("Running lessons"),
            list(by_id),
            index=list(by_id).index(shown),
            format_func=lambda key: f"{by_id[key].title} ({by_id[key].code})",
        )
    return by_id[shown]
