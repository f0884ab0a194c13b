"""The workbook of a long lesson, which takes some seconds: a process of its own makes it, and can be cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

import streamlit as st

from app.guard import guarded, toasted
from app.trail import note
from monitor.errors import ExportError
from monitor.insight.export.apart import Making
from monitor.insight.report import Report
from monitor.insight.timeline import Timeline
from monitor.people.audit import Action
from monitor.words import _, percent

LONG_ROWS = 30_000
"""Of the timeline. A shorter one's workbook is made within a second, on the click."""
KIND, ORDER = "XLSX", "workbook"


@dataclass(frozen=True, slots=True)
class Order:
    lesson_id: int
    file_name: str
    making: Making


def order_button(found: Report, timeline: Timeline, zone: tzinfo, file_name: str) -> None:
    st.button(
        KIND,
        key="order_XLSX",
        icon=":material/download:",
        help=_("A workbook: summary, timeline, students, markers."),
        on_click=_begin,
        args=(found, timeline, zone, file_name),
    )


def ordered(lesson_id: int, mime: str) -> None:
    """What became of the workbook that was ordered on the page of this lesson."""
    order: Order | None = st.session_state.get(ORDER)
    if order is None or order.lesson_id != lesson_id:
        return
    if order.making.over:
        _offer(order, mime)
    else:
        _wait(order)


@toasted
def _begin(found: Report, timeline: Timeline, zone: tzinfo, file_name: str) -> None:
    _drop()
    note(Action.EXPORT, "lesson", found.lesson.id, "xlsx")
    st.session_state[ORDER] = Order(found.lesson.id, file_name, Making(found, timeline, zone))


def _drop() -> None:
    order: Order | None = st.session_state.pop(ORDER, None)
    if order is not None:
        order.making.cancel()


@st.fragment(run_every=0.5)
def _wait(order: Order) -> None:
    with guarded():
        if order.making.over:
            st.rerun()
        share = order.making.share
        with st.container(horizontal=True, vertical_alignment="center", key="workbook-wait"):
            st.progress(share, _("The workbook is being made: {share}").format(share=percent(share)))
            if st.button(_("Cancel"), key="cancel_XLSX", type="tertiary"):
                _drop()
                st.rerun()


def _offer(order: Order, mime: str) -> None:
    try:
        content = order.making.content()
    except ExportError as error:
        st.session_state.pop(ORDER)
        st.error(str(error))
        return
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            _("Save the workbook"),
            content,
            file_name=order.file_name,
            mime=mime,
            key="save_XLSX",
            type="primary",
            icon=":material/download_done:",
            on_click=_drop,
        )
