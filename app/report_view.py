"""The leaves of a report."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from app.chart_view import savable_chart
from app.charts import mood_over_time, shares_area, shares_bars
from app.downloads import file_stem
from app.marker_lines import marked
from app.palette import LOOKS
from app.report_charts import student_heatmap
from app.written_tables import shares_writers, written_table
from monitor.insight import formulas, written
from monitor.insight.network_quality import quality
from monitor.insight.report import Report
from monitor.teaching import Marker
from monitor.words import _, counted, number, percent

WRITERS = {"minutes": written.minutes, "face visible": written.percent, "mood": written.mood}


def overview(found: Report, zone: tzinfo, markers: tuple[Marker, ...]) -> None:
    file = file_stem(found.lesson, zone)
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        st.markdown(bold(_("Mood over time")), help=formulas.mood())
        mood = marked(mood_over_time(found.course, zone, found.moments), found.course, markers, zone)
        savable_chart(mood, "mood", file)
        st.markdown(bold(_("Expression shares over time")))
        savable_chart(marked(shares_area(found.course, zone), found.course, markers, zone), "shares", file)
    with narrow:
        st.markdown(bold(_("Expression shares of the whole lesson")), help=formulas.interval())
        savable_chart(shares_bars(found.shares), "bars", file)
        st.markdown(bold(_("Moments worth a look")))
        for moment in found.moments:
            fell = _("mood fell from {before} to {after}")
            told = fell if moment.change < 0 else _("mood rose from {before} to {after}")
            words = told.format(before=written.mood(moment.before), after=written.mood(moment.after))
            if moment.back_after is not None:
                minutes = moment.back_after.total_seconds() / 60
                words += _(", back after {minutes} min").format(minutes=round(minutes))
            st.markdown(f"- **{moment.at.astimezone(zone):%H:%M:%S}** {words}")
        if not found.moments:
            st.caption(_("The mood changed little from one part of the lesson to the next."))


def students(found: Report, zone: tzinfo, markers: tuple[Marker, ...]) -> None:
    st.markdown(bold(_("Mood of each student over time")), help=formulas.mood())
    st.caption(_("Click a row of the map or of the table to open a student's own page."))
    heat_map = marked(student_heatmap(found.mood_map, zone), found.mood_map, markers, zone)
    # Keys of their own after each visit to a student: the browser keeps what was chosen, and would lead there again.
    visit = st.session_state.setdefault("visits", 0)
    file = file_stem(found.lesson, zone)
    clicked = savable_chart(heat_map, "students-map", file, again=visit, on_select="rerun", selection_mode="points")
    rows = [
        {
            "student": row.student.name,
            "minutes": row.minutes,
            "face visible": row.face_visible,
            "mood": row.mood,
            **{LOOKS[emotion].label: None if row.shares is None else row.shares[emotion] for emotion in LOOKS},
        }
        for row in found.students
    ]
    table = st.dataframe(
        written_table(rows, shares_writers() | WRITERS),
        hide_index=True,
        key=f"students-{visit}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "student": _("student"),
            "minutes": _("minutes"),
            "mood": _("mood"),
            "face visible": _("face visible"),
        },
    )
    st.caption(_("In the order in which they joined. There is no ranking: a face at rest is no worse than a smile."))
    if found.unnamed:
        st.caption(
            counted(
                "{n} face without a name counts for the class only.",
                "{n} faces without a name count for the class only.",
                found.unnamed,
            )
        )
    chosen = [point["customdata"] for point in clicked["selection"]["points"] if "customdata" in point]
    chosen += [found.students[row].student.id for row in table["selection"]["rows"] if row < len(found.students)]
    if chosen:
        _open(found, chosen[0])


def _open(found: Report, student: int | list[int]) -> None:
    """A student's own page; plotly tells a single datum bare or in a list."""
    wanted = student[0] if isinstance(student, list) else student
    st.session_state["visits"] += 1
    st.query_params.update(lesson=str(found.lesson.id), student=str(wanted))
    st.rerun()


def how_sure(found: Report) -> None:
    cells = st.columns(5)
    cells[0].metric(_("Seconds measured"), number(found.samples, ","), help=_("One sample per student and second."))
    cells[1].metric(_("Coverage"), written.percent(found.coverage), help=formulas.coverage())
    cells[2].metric(_("Face visible"), written.percent(found.face_visible), help=formulas.face_visible())
    cells[3].metric(_("Confidence"), written.percent(found.confidence), help=formulas.confidence())
    cells[4].metric(_("Agreement"), written.number(found.agreement), help=formulas.agreement())
    st.caption(_("Volatility {value}.").format(value=written.number(found.volatility)) + " " + _left_out(found))
    st.markdown(_network(found))
    st.markdown(formulas.cannot_tell())
    lines = "".join(f"| {name} | {words} |\n" for name, words in formulas.formulas().items())
    st.markdown(
        f"| {_('number')} | {_('how it is made')} |\n| --- | --- |\n{lines}".replace("|pₜ − pₜ₋₁|", "∣pₜ − pₜ₋₁∣")
    )


def _left_out(found: Report) -> str:
    if not found.left_out:
        return _("Nothing was left out.")
    minutes = sum(len(span) for span in found.left_out) / 60
    return _("{minutes} minutes are left out: they count for no figure, only the courses show them.").format(
        minutes=written.minutes(minutes)
    )


def _network(found: Report) -> str:
    """Which network, and how often it is right where that is known."""
    words = _("Faces were found by **{detector}** and scored by the network **{network}**.").format(
        detector=found.lesson.detector, network=found.lesson.network
    )
    known = quality(found.lesson.network)
    if known is None:
        return words + " " + _("How often this network is right was not measured here.")
    return (
        words
        + " "
        + _(
            "It names the expression of **{accuracy}** of faces as people labelled them (95 % interval {low} to "
            "{high}; {pictures} pictures of {data_set}), so it is wrong in about {wrong} faces of ten. A mean over "
            "many seconds evens out some of that, not all: what it mistakes, it mistakes again."
        ).format(
            accuracy=percent(known.accuracy, 1),
            low=percent(known.low, 1),
            high=percent(known.high, 1),
            pictures=number(known.pictures, ","),
            data_set=known.where,
            wrong=round(10 * (1 - known.accuracy)),
        )
    )


def bold(words: str) -> str:
    return f"**{words}**"
