"""The queue of videos, as it stands each second."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from app import resources, signed_in
from app.guard import guarded, toasted
from app.plain import plain
from app.tiles import length
from monitor.insight.written import clock
from monitor.live.analysis import Progress, Seen
from monitor.live.recordings import Entry, Turn
from monitor.people.accounts import Account
from monitor.words import _, counted, percent

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
        who = signed_in.viewer()
        mine = who.id if isinstance(who, Account) else None
        entries = [one for one in resources.recordings().entries() if one.owner_id == mine]
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
        who = _("several people") if entry.student is None else plain(entry.student)
        said.markdown(f"{SIGNS[entry.turn]} **{plain(entry.title)}** · {who}")
        said.caption(_words(entry))
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            _buttons(entry)
        if entry.progress is not None and entry.progress.share >= 0:
            st.progress(entry.progress.share)
        if entry.people:
            _who(entry)


def _who(entry: Entry) -> None:
    """Where each face was, as long as the entry is listed, and a way to say who that is."""
    # What was named on another page is told by the store when it is named again: no question each second.
    left = [one for one in entry.people if one.student.id not in st.session_state.get("faces_named", ())]
    if not left:
        return
    title = counted("Give {n} face a name", "Give {n} faces a name", len(left))
    with st.expander(title, icon=":material/badge:", key=f"who-{entry.id}"):
        st.caption(_("Look in your copy of the video who was where. Faces that get the same name become one student."))
        st.dataframe([_place(one) for one in left], hide_index=True, key=f"where-{entry.id}")
        with st.form(f"name-{entry.id}", border=False, clear_on_submit=True):
            face, name = st.columns(2)
            face.selectbox(_("Face"), left, format_func=lambda one: one.student.name, key=f"face-{entry.id}")
            name.text_input(_("Student"), max_chars=60, key=f"student-{entry.id}")
            st.form_submit_button(_("Give this name"), icon=":material/badge:", on_click=_name, args=(entry.id,))


@toasted
def _name(number: int) -> None:
    face: Seen = st.session_state[f"face-{number}"]
    store = resources.store()
    store.faces.name_afterwards(face.student.lesson_id, face.student.name, st.session_state[f"student-{number}"])
    st.session_state.setdefault("faces_named", set()).add(face.student.id)


def _place(one: Seen) -> dict[str, str]:
    return {
        _("face"): one.student.name,
        _("first seen at"): clock(timedelta(seconds=one.first_s)),
        _("last seen at"): clock(timedelta(seconds=one.last_s)),
        _("at first, from the left"): percent(one.x),
        _("from the top"): percent(one.y),
    }


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
