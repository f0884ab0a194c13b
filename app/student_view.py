"""One student's own page in a report."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from app.chart_view import savable_chart
from app.charts import shares_bars
from app.downloads import file_stem
from app.marker_effects import marker_effects
from app.marker_lines import marked
from app.report_charts import student_mood
from monitor.insight import formulas, written
from monitor.insight.bootstrap import Estimate
from monitor.insight.mood import signed
from monitor.insight.student_report import LEAST_CLASS, StudentReport
from monitor.insight.timeline import Timeline
from monitor.words import _, day_and_time, number


def student_page(found: StudentReport, timeline: Timeline, zone: tzinfo) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(found.student.name, width="stretch")
        if st.button(_("Whole class"), icon=":material/arrow_back:"):
            del st.query_params["student"]
            st.rerun()
    started = timeline.lesson.started_at.astimezone(zone)
    st.caption(f"{timeline.lesson.title} · {day_and_time(started)}")
    if not found.minutes:
        st.write(_("Nothing that counts was measured of {name} in this lesson.").format(name=found.student.name))
        return
    _figures(found)
    file = file_stem(timeline.lesson, zone, found.student.name)
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        st.markdown(f"**{_('Mood over time, beside the middle half of the class')}**", help=formulas.mood())
        savable_chart(marked(student_mood(found, zone), found, timeline.markers, zone), "mood", file)
        if all(low != low for low in found.low):
            st.caption(_("The class's middle half needs {n} students with a face.").format(n=LEAST_CLASS))
    with narrow:
        st.markdown(f"**{_('Expression shares')}**", help=formulas.formulas()[_("expression share")])
        savable_chart(shares_bars(found.shares), "bars", file)
    marker_effects(found.effects, zone, file, alone=True)
    st.info(
        _(
            "There is no ranking: the band shows what was usual in this lesson, not what is right. A face at rest is "
            "no worse than a smile, a face out of sight is not inattention, and the network reads some faces better "
            "than others."
        ),
        icon=":material/balance:",
    )


def _figures(found: StudentReport) -> None:
    cells = st.columns(4)
    cells[0].metric(_("Mood, −1 … +1"), _with_interval(found.mood), help=formulas.mood() + " " + formulas.interval())
    cells[1].metric(
        _("Minutes measured"),
        written.minutes(found.minutes),
        help=_("One sample a second; what is left out is not in it."),
    )
    cells[2].metric(_("Face visible"), written.percent(found.face_visible), help=formulas.face_visible())
    cells[3].metric(_("Confidence"), written.percent(found.confidence), help=formulas.confidence())


def _with_interval(mood: Estimate | None) -> str:
    if mood is None:
        return "–"
    return signed(mood.value) + ("" if mood.half_width is None else f" ±{number(mood.half_width)}")
