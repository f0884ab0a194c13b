"""The live page's row of markers: one tap or one key each, with an undo."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import streamlit as st

from app import resources
from app.guard import guarded, toasted
from app.marker_words import ICONS, plain, times_word
from monitor.domain import Lesson
from monitor.store.markers import Markers
from monitor.teaching import MARKER_LENGTH, Marker, MarkerKind
from monitor.words import _

UNDO_STAYS = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
# Streamlit's shortcuts report some key presses twice, and a finger bounces: a break would end as it begins.
BOUNCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Put:
    """What the last tap did; `before` is None where it made the marker, `pressed` is of `time.monotonic`."""

    before: Marker | None
    marker: Marker
    at: datetime
    pressed: float


@st.fragment(run_every=5.0)
def marker_bar(lesson: Lesson) -> None:
    """Streamlit's shortcuts leave keys alone that are typed into a field."""
    with guarded():
        if not resources.runs(lesson.id):
            return
        pausing = open_break(resources.markers(lesson.id)) is not None
        with st.container(key="marker-bar"):
            with st.container(horizontal=True, gap="small", key="marker-row"):
                for number, kind in enumerate(MarkerKind, start=1):
                    _button(lesson, kind, number, ends=pausing and kind is MarkerKind.BREAK)
            _tell(lesson)


def _button(lesson: Lesson, kind: MarkerKind, number: int, ends: bool) -> None:
    """`ends`: the break that is open."""
    st.button(
        _("End break") if ends else kind.word[:1].upper() + kind.word[1:],
        key=f"mark-{kind.name}",
        icon=ICONS[kind],
        type="primary" if ends else "secondary",
        shortcut=str(number),
        on_click=put,
        args=(lesson.id, kind),
    )


@toasted
def put(lesson_id: int, kind: MarkerKind) -> None:
    """A break that is open is ended by the same tap that would begin one."""
    if _bounced(lesson_id, kind):
        return
    now = resources.now().replace(microsecond=0)
    st.session_state["put"] = _put(resources.store().markers, lesson_id, kind, now)
    resources.markers.clear(lesson_id)


def _bounced(lesson_id: int, kind: MarkerKind) -> bool:
    done: Put | None = st.session_state.get("put")
    if done is None or (done.marker.lesson_id, done.marker.kind) != (lesson_id, kind):
        return False
    return time.monotonic() - done.pressed < BOUNCE_S


def _put(markers: Markers, lesson_id: int, kind: MarkerKind, now: datetime) -> Put:
    is_break = kind is MarkerKind.BREAK
    # Asked of the store: on another page the break may have ended a moment ago.
    pause = open_break(markers.of(lesson_id)) if is_break else None
    if pause is None:
        return Put(None, markers.put(lesson_id, now, kind, left_out=is_break), now, time.monotonic())
    ended = markers.change(replace(pause, until=max(now, pause.at + SECOND)))
    return Put(pause, ended, now, time.monotonic())


def open_break(markers: tuple[Marker, ...]) -> Marker | None:
    return next((one for one in reversed(markers) if one.kind is MarkerKind.BREAK and one.until is None), None)


def _tell(lesson: Lesson) -> None:
    done: Put | None = st.session_state.get("put")
    if done is None or done.marker.lesson_id != lesson.id or resources.now() - done.at > UNDO_STAYS:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told = _("Break ended") if done.before else done.marker.words
        times = times_word(done.marker, resources.zone()).rstrip("–")
        st.markdown(f":green[:material/check:] **{plain(told)}** · {times}", width="content")
        if done.before is None:
            field = f"words-{done.marker.id}"
            st.text_input(
                _("Own words"),
                key=field,
                max_chars=MARKER_LENGTH,
                placeholder=_("Own words, then Enter"),
                label_visibility="collapsed",
                width=240,
                on_change=_word,
                args=(field,),
            )
        st.button(_("Undo"), key="undo-marker", icon=":material/undo:", type="tertiary", on_click=_undo)


@toasted
def _word(field: str) -> None:
    done: Put = st.session_state["put"]
    wanted = replace(done.marker, text=" ".join(st.session_state[field].split()))
    st.session_state["put"] = replace(done, marker=resources.store().markers.change(wanted))
    resources.markers.clear(wanted.lesson_id)


@toasted
def _undo() -> None:
    done: Put = st.session_state["put"]
    if done.before is None:
        resources.store().markers.remove(done.marker.id)
    else:
        resources.store().markers.change(done.before)
    del st.session_state["put"]
    resources.markers.clear(done.marker.lesson_id)
