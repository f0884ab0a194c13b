"""What the live page and a report say where only the class is shown: rounded counts, and why there is no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from app import resources
from monitor.insight.suppression import LEAST, WINDOW_S, rounded_down
from monitor.insight.timeline import Timeline
from monitor.insight.written import clock
from monitor.words import _


def class_headline(timeline: Timeline, now: datetime) -> str:
    joined = at_least(resources.present(timeline.lesson.id))
    parts = [
        ":green[●] **" + _("live") + f"** {clock(timeline.lesson.duration(now))}",
        _("{n} joined").format(n=joined),
    ]
    refused = resources.unmeasured(timeline.lesson.id)
    parts += [_("{n} not measured by their choice").format(n=at_least(refused))] if refused else []
    if not timeline.empty:
        zone = resources.zone()
        end = timeline.as_of(now).astimezone(zone)
        begin = end - timedelta(seconds=WINDOW_S)
        parts.append(_("figures of {begin}–{end}").format(begin=f"{begin:%H:%M:%S}", end=f"{end:%H:%M:%S}"))
    return "  ·  ".join(parts)


def at_least(students: int) -> str:
    """`25+`, `fewer than 5`: a count that does not tell of one more or less."""
    if students < LEAST:
        return _("fewer than {n}").format(n=LEAST)
    return f"{rounded_down(students)}+"


def class_only_told() -> None:
    st.caption(
        _(
            "Only the class is shown: the mean of {n} students or more, said once for each {seconds} seconds. Whoever "
            "comes is counted when {n} have come, and with one who is not seen some others are not counted either, so "
            "that no figure and no change tells of one student."
        ).format(n=LEAST, seconds=WINDOW_S)
    )
