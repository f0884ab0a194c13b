"""The files of a report: made when their button is clicked, from the report that the page shows.

What makes them is imported on the click: a server that nobody asks for a PDF never loads matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import streamlit as st

from app import workbook
from app.charts import mood_over_time, shares_area, shares_bars
from app.marker_lines import marked
from app.report_charts import effects_chart, student_heatmap
from app.trail import noted_export
from monitor.domain import Lesson
from monitor.insight.export.csv import to_csv
from monitor.insight.report import Report
from monitor.insight.timeline import Timeline
from monitor.teaching import Marker
from monitor.words import _, as_now

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class File:
    """`make` may be called from any thread, and takes up to some seconds."""

    label: str
    mime: str
    said: str
    make: Callable[[], bytes]


def files(found: Report, timeline: Timeline, zone: tzinfo) -> tuple[File, ...]:
    return (
        File(
            "CSV",
            "text/csv",
            _("One row per student and second; the README explains the columns."),
            lambda: to_csv(timeline),
        ),
        File(
            workbook.KIND,
            EXCEL,
            _("A workbook: summary, timeline, students, markers."),
            lambda: _xlsx(found, timeline, zone),
        ),
        File("PDF", "application/pdf", _("The report on A4 pages, for printing."), lambda: _pdf(found, zone)),
        File(
            "HTML",
            "text/html",
            _("The report with live charts in one file that needs no network."),
            lambda: _html(found, timeline.markers, zone),
        ),
    )


def downloads(found: Report, timeline: Timeline, zone: tzinfo) -> None:
    """A row of buttons, on a phone in as many lines as it takes. A button turns while its file is being made."""
    nothing = _("Nothing was measured in this lesson, so there is nothing to write.")
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        for file in files(found, timeline, zone):
            name = f"{file_stem(found.lesson, zone)}.{file.label.lower()}"
            if file.label == workbook.KIND and len(timeline.samples) > workbook.LONG_ROWS:
                workbook.order_button(found, timeline, zone, name)
                continue
            st.download_button(
                file.label,
                data=as_now(noted_export(file.make, found.lesson.id, file.label.lower())),
                file_name=name,
                mime=file.mime,
                icon=":material/download:",
                disabled=timeline.empty,
                on_click="ignore",
                help=nothing if timeline.empty else file.said,
                key=f"download_{file.label}",
            )


def file_stem(lesson: Lesson, zone: tzinfo, student: str = "") -> str:
    """`Fractions-7b-2026-11-24`, perhaps with a name: what all file systems allow, in any script."""
    title = _plain(lesson.title) or f"lesson-{lesson.id}"
    parts = (title, f"{lesson.started_at.astimezone(zone):%Y-%m-%d}", _plain(student))
    return "-".join(part for part in parts if part)


def _plain(text: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return "-".join(words)[:SLUG_LENGTH].strip("-")


def _xlsx(found: Report, timeline: Timeline, zone: tzinfo) -> bytes:
    from monitor.insight.export.xlsx import to_xlsx

    return to_xlsx(found, timeline, zone)


def _pdf(found: Report, zone: tzinfo) -> bytes:
    from monitor.insight.export.pdf import to_pdf

    return to_pdf(found, zone, datetime.now(UTC))


def _html(found: Report, markers: tuple[Marker, ...], zone: tzinfo) -> bytes:
    from plotly.offline import get_plotlyjs

    from monitor.insight.export.html import Chart, to_html

    mood, shares = mood_over_time(found.course, zone, found.moments), shares_area(found.course, zone)
    figures = [
        (_("Mood over time"), "mood", marked(mood, found.course, markers, zone)),
        (_("Expression shares over time"), "shares", marked(shares, found.course, markers, zone)),
        (_("Expression shares of the whole lesson"), "bars", shares_bars(found.shares)),
    ]
    if found.students:
        heat_map = marked(student_heatmap(found.mood_map, zone), found.mood_map, markers, zone)
        figures.append((_("Mood of each student over time"), "students", heat_map))
    if any(one.change for one in found.effects):
        figures.append((_("Before and after each marker"), "markers", effects_chart(found.effects, zone)))
    charts = [Chart(title, name, figure.to_json()) for title, name, figure in figures]
    return to_html(found, charts, get_plotlyjs(), zone, datetime.now(UTC))
