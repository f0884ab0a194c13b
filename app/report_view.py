"""The three leaves of a report."""

from __future__ import annotations

from datetime import tzinfo

import pandas as pd
import streamlit as st

from app.charts import mood_over_time, shares_area, shares_bars, student_heatmap
from app.marker_lines import marked
from app.palette import LOOKS
from monitor.insight.report import Report
from monitor.teaching import Marker

PLAIN = {"displayModeBar": False}


def overview(found: Report, zone: tzinfo, markers: tuple[Marker, ...]) -> None:
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        st.markdown("**Mood over time**")
        mood = marked(mood_over_time(found.course, zone, found.moments), found.course, markers, zone)
        st.plotly_chart(mood, key="mood", config=PLAIN)
        st.markdown("**Expression shares over time**")
        shares = marked(shares_area(found.course, zone), found.course, markers, zone)
        st.plotly_chart(shares, key="shares", config=PLAIN)
    with narrow:
        st.markdown("**Expression shares of the whole lesson**")
        st.plotly_chart(shares_bars(found.shares), key="bars", config=PLAIN)
        st.markdown("**Moments worth a look**")
        for moment in found.moments:
            word = "fell" if moment.change < 0 else "rose"
            back = ""
            if moment.back_after is not None:
                back = f", back after {moment.back_after.total_seconds() / 60:.0f} min"
            st.markdown(
                f"- **{moment.at.astimezone(zone):%H:%M:%S}** mood {word} from {moment.before:+.2f} "
                f"to {moment.after:+.2f}{back}"
            )
        if not found.moments:
            st.caption("The mood changed little from one part of the lesson to the next.")


def students(found: Report, zone: tzinfo, markers: tuple[Marker, ...]) -> None:
    st.markdown("**Mood of each student over time**")
    heat_map = marked(student_heatmap(found.mood_map, zone), found.mood_map, markers, zone)
    st.plotly_chart(heat_map, key="heatmap", config=PLAIN)
    rows = [
        {
            "student": row.student.name,
            "minutes": row.minutes,
            "face visible": None if row.face_visible is None else 100 * row.face_visible,
            "mood": row.mood,
            **{LOOKS[emotion].label: None if row.shares is None else 100 * row.shares[emotion] for emotion in LOOKS},
        }
        for row in found.students
    ]
    percent = st.column_config.NumberColumn(format="%.0f %%")
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "minutes": st.column_config.NumberColumn(format="%.1f"),
            "mood": st.column_config.NumberColumn(format="%+.2f"),
            "face visible": percent,
            **{look.label: percent for look in LOOKS.values()},
        },
    )
    st.caption("In the order in which they joined. There is no ranking: a face at rest is no worse than a smile.")


def how_sure(found: Report) -> None:
    cells = st.columns(4)
    cells[0].metric("Seconds measured", f"{found.samples:,}", help="One sample per student and second.")
    cells[1].metric("Coverage", _percent(found.coverage), help="Measured seconds of those there could have been.")
    cells[2].metric("Face visible", _percent(found.face_visible), help="Analysed frames with a face.")
    cells[3].metric("Agreement", _number(found.agreement), help="1 − normalised entropy of the class mean.")
    st.markdown(
        f"""
Faces were found by **{found.lesson.detector}** and scored by the network **{found.lesson.network}**.

| number | how it is made |
| --- | --- |
| expression share | mean probability of an emotion, over each student's seconds with a face, then over the students |
| mood | p(happy) − max(p(angry), p(disgust), p(fear), p(sad)) of those shares, in −1 … 1 |
| ± and whiskers | 95 % interval: resampled half-minutes of this lesson (block bootstrap), not the network's errors |
| agreement | 1 − entropy of the class mean / ln 7 |
| volatility | mean total-variation distance between one window and the next: here {_number(found.volatility)} |
| face visible | share of analysed frames in which a face was found; it is not attention |

**What this cannot tell.** The network sees faces, and it is wrong in about three pictures of ten. Seven expression
classes measure no arousal, no engagement and no understanding, and a face is not a feeling. Use the curve to ask
the class what happened, not to judge anyone.
"""
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
