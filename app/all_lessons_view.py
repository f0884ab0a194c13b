"""The leaf “Lessons of all”: whose they are, nothing of what they say; any can be deleted, as somebody may ask for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import resources
from app.plain import plain
from app.trail import note
from monitor.people.audit import Action
from monitor.store.ownership import Belonging
from monitor.words import _, day


def all_lessons() -> None:
    known = resources.store().ownership.all()
    if not known:
        st.write(_("There is no lesson yet."))
        return
    st.caption(_("Choose a row to delete that lesson for good, as somebody who was measured in it may ask for."))
    zone = resources.zone()
    rows = [
        {
            "lesson": one.title,
            "date": day(one.started_at.astimezone(zone).date()),
            "owner": _("nobody") if one.owner is None else one.owner,
        }
        for one in known
    ]
    chosen = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="all-lessons",
        column_config={"lesson": _("lesson"), "date": _("date"), "owner": _("owner")},
    )
    for row in chosen["selection"]["rows"]:
        if row < len(known) and st.button(_("Delete"), icon=":material/delete:", key="delete-any"):
            st.dialog(_("Delete this lesson?"))(_ask)(known[row])


def _ask(one: Belonging) -> None:
    told = _("“{title}” with all of its students and samples is deleted for good. There is no undo.")
    st.write(told.format(title=plain(one.title)))
    if st.button(_("Delete"), type="primary", key="delete-any-yes"):
        resources.store().lessons.delete(one.lesson_id)
        note(Action.DELETE, "lesson", one.lesson_id)
        st.rerun()
