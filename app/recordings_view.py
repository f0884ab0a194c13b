"""The queue of videos, as it stands each second."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from app import resources
from app.guard import guarded
from app.plain import plain
from app.tiles import length
from monitor.insight.written import clock
from monitor.live.analysis import Progress
from monitor.live.recordings import Entry, Turn
from monitor.words import _

SIGNS = {
    Turn.WAITING: ":material/hourglass_empty:",
    Turn.AT_WORK: ":material/movie:",
    Turn.HELD: ":material/pause_circle:",
    Turn.DONE: ":material/check_circle:",
    Turn.FAILED: ":material/error:",
    Turn.CANCELLED: ":material/cancel:",
}


@st.fragment(run_every=1.0)
def queue_view() -> None:
    with guarded():
        entries = resources.recordings().entries()
        if not entries:
            days = resources.settings().keep_days
            st.caption(
                _(
                    "Nothing is in the queue. Videos are analysed one after another, also while this page is closed. "
                    "A lesson is deleted {days} days after its video was analysed."
                ).format(days=days)
            )
        for entry in reversed(entries):
            _row(entry)


def _row(entry: Entry) -> None:
    with st.container(border=True):
        said, buttons = st.columns([3, 2], vertical_alignment="center")
        said.markdown(f"{SIGNS[entry.turn]} **{plain(entry.title)}** · {plain(entry.student)}")
        said.caption(_words(entry))
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            _buttons(entry)
        if entry.progress is not None and entry.progress.share >= 0:
            st.progress(entry.progress.share)


def _buttons(entry: Entry) -> None:
    queue = resources.recordings()
    if entry.turn is Turn.DONE and st.button(
        _("Open the report"), key=f"open-{entry.id}", type="primary", icon=":material/query_stats:"
    ):
        st.switch_page("views/report.py", query_params={"lesson": str(entry.lesson_id)})
    word, does, told = (
        (_("Remove"), queue.remove, _("From this list. A lesson made of it stays."))
        if entry.turn.over
        else (_("Cancel"), queue.cancel, _("Nothing of this video is kept."))
    )
    st.button(word, key=f"{does.__name__}-{entry.id}", on_click=does, args=(entry.id,), help=told)


def _words(entry: Entry) -> str:
    if entry.turn is Turn.WAITING:
        return _("waiting for its turn")
    if entry.turn is Turn.HELD:
        return _("waiting: a lesson is live and goes first")
    if entry.turn is Turn.CANCELLED:
        return _("cancelled, nothing of it was kept")
    if entry.turn is Turn.FAILED:
        return entry.told
    if entry.turn is Turn.DONE:
        return _("done, the video is forgotten.") + (f" {entry.told}" if entry.told else "")
    return _("opening the video") if entry.progress is None else _how_far(entry.progress)


def _how_far(progress: Progress) -> str:
    done = _("{time} analysed").format(time=clock(timedelta(seconds=progress.seconds)))
    return f"{done} · " + _("about {time} left").format(time=length(progress.left_s)) if progress.left_s else done
