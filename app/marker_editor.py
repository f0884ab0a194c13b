"""The leaf “Markers” of a report: added, moved, given words, made a span, left out, removed; and the alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo

import streamlit as st

from app import resources
from app.guard import guarded, toasted
from app.marker_words import ICONS, plain, times_word
from app.typed_times import typed_moment
from monitor.domain import Lesson
from monitor.errors import InvalidMarker, LessonError
from monitor.insight.alerts import in_words
from monitor.teaching import MARKER_LENGTH, Alert, Marker, MarkerKind
from monitor.words import _

NEW = 0


@st.fragment
def markers_leaf(lesson: Lesson, zone: tzinfo) -> None:
    """The charts of the other leaves follow a change with a run of the whole page."""
    with guarded():
        if st.session_state.pop("markers_changed", False):
            st.rerun()
        found = resources.store().markers.of(lesson.id)
        _offer_undo(lesson, zone)
        if st.session_state.get("marker_open") == NEW:
            _form(lesson, None, zone)
        else:
            st.button(_("Add a marker"), icon=":material/add:", on_click=_open, args=(NEW,))
        if not found:
            st.caption(_("No marker yet. During a lesson the keys 1 to 6 put one; here you add them afterwards."))
        for marker in found:
            _row(lesson, marker, zone)
        _alerts(lesson, zone)


def _alerts(lesson: Lesson, zone: tzinfo) -> None:
    st.markdown(_("**Quiet alerts**"))
    alerts = resources.store().alerts.of(lesson.id)
    for alert in alerts:
        st.markdown(f"- {plain(alert_line(alert, zone))}")
    if not alerts:
        st.caption(_("No rule fired in this lesson."))


def alert_line(alert: Alert, zone: tzinfo) -> str:
    start = f"{alert.at.astimezone(zone):%H:%M:%S}"
    end = _("to the end") if alert.over_at is None else f"{alert.over_at.astimezone(zone):%H:%M:%S}"
    line = f"{start}–{end} {in_words(alert.rule)}"
    return line if alert.dismissed_at is None else _("{alert} (dismissed)").format(alert=line)


def _row(lesson: Lesson, marker: Marker, zone: tzinfo) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kind = f" · {marker.kind.word}" if marker.text else ""
        out = _(" · left out of the figures") if marker.left_out else ""
        words = f"**{plain(marker.words)}**{kind}{out}"
        st.markdown(f"{ICONS[marker.kind]} {times_word(marker, zone)} {words}", width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            st.button(
                _("Change"),
                key=f"change-{marker.id}",
                icon=":material/edit:",
                type="tertiary",
                on_click=_open,
                args=(marker.id,),
            )
            st.button(
                _("Remove"),
                key=f"remove-{marker.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=_remove,
                args=(marker,),
            )
    if st.session_state.get("marker_open") == marker.id:
        _form(lesson, marker, zone)


def _open(marker_id: int | None) -> None:
    """The form of that marker; of none for None."""
    st.session_state["marker_open"] = marker_id


@toasted
def _remove(marker: Marker) -> None:
    resources.store().markers.remove(marker.id)
    st.session_state["removed"] = marker
    _changed(marker.lesson_id)


def _offer_undo(lesson: Lesson, zone: tzinfo) -> None:
    gone: Marker | None = st.session_state.get("removed")
    if gone is None or gone.lesson_id != lesson.id:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told = _("Removed: {marker}").format(marker=f"{times_word(gone, zone)} {gone.words}")
        st.markdown(plain(told), width="content")
        st.button(_("Undo"), key="undo-removal", icon=":material/undo:", type="tertiary", on_click=_bring_back)


@toasted
def _bring_back() -> None:
    gone: Marker = st.session_state["removed"]
    resources.store().markers.put(gone.lesson_id, gone.at, gone.kind, gone.text, gone.until, gone.left_out)
    del st.session_state["removed"]
    _changed(gone.lesson_id)


def _changed(lesson_id: int) -> None:
    resources.markers.clear(lesson_id)
    st.session_state["markers_changed"] = True


def _form(lesson: Lesson, marker: Marker | None, zone: tzinfo) -> None:
    now = resources.now().replace(microsecond=0)
    old = marker or Marker(0, lesson.id, lesson.started_at.replace(microsecond=0), MarkerKind.TOPIC)
    kinds = list(MarkerKind)
    with st.form("marker"):
        kind = st.selectbox(_("What begins"), kinds, kinds.index(old.kind), format_func=lambda kind: kind.word)
        start, end = st.columns(2)
        at = start.text_input(_("From"), f"{old.at.astimezone(zone):%H:%M:%S}")
        until = end.text_input(
            _("To"),
            "" if old.until is None else f"{old.until.astimezone(zone):%H:%M:%S}",
            help=_("Empty: a moment. A break without an end goes on to the end of the lesson."),
        )
        text = st.text_input(_("Own words"), old.text, max_chars=MARKER_LENGTH)
        left_out = st.checkbox(_("Leave this span out of the figures"), old.left_out)
        with st.container(horizontal=True):
            wanted = st.form_submit_button(_("Keep"), type="primary")
            st.form_submit_button(_("Cancel"), on_click=_open, args=(None,))
    if not wanted:
        return
    try:
        moment = _same_or_typed(at, old.at, marker, lesson, zone, now)
        last = _same_or_typed(until, old.until, marker, lesson, zone, now) if until.strip() else None
        changed = replace(old, at=moment, kind=kind, text=" ".join(text.split()), until=None, left_out=left_out)
        _save(_ending(changed, last, zone), marker is None)
    except LessonError as error:
        st.error(str(error))
        return
    _open(None)
    st.rerun()


def _same_or_typed(
    text: str, old: datetime | None, marker: Marker | None, lesson: Lesson, zone: tzinfo, now: datetime
) -> datetime:
    """A time that nobody touched stays to the fraction of a second."""
    if marker is not None and old is not None and text == f"{old.astimezone(zone):%H:%M:%S}":
        return old
    return typed_moment(text, lesson, zone, now)


def _ending(marker: Marker, last: datetime | None, zone: tzinfo) -> Marker:
    if last is not None and last <= marker.at:
        raise InvalidMarker(
            _("A span ends after it begins, not at {end} when it begins at {start}.").format(
                end=f"{last.astimezone(zone):%H:%M:%S}", start=f"{marker.at.astimezone(zone):%H:%M:%S}"
            )
        )
    changed = replace(marker, until=last)
    if changed.left_out and not (last or changed.kind is MarkerKind.BREAK):
        raise InvalidMarker(_("To leave something out, say where it ends: fill in “To”."))
    return changed


def _save(marker: Marker, new: bool) -> None:
    markers = resources.store().markers
    if new:
        markers.put(marker.lesson_id, marker.at, marker.kind, marker.text, marker.until, marker.left_out)
    else:
        markers.change(marker)
    resources.markers.clear(marker.lesson_id)
