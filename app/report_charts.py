"""The figures of the markers, of all students and of one student in a report: numbers in, plotly figures out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.charts import GREY, TIME_AXIS, gaps, layout, local_times, mood_axis, mood_limit, or_nothing
from app.palette import HIGH, LOW, MIDDLE
from monitor.insight.bootstrap import Estimate
from monitor.insight.effects import Effect
from monitor.insight.mood import signed
from monitor.insight.report import MoodMap
from monitor.insight.student_report import StudentReport
from monitor.words import _

ACCENT, BAND, VISIBLE = "#1f6f8b", "rgba(128,128,128,0.22)", "rgba(128,128,128,0.5)"
LABEL_LENGTH, ASIDE = 20, 0.14
NAME_LENGTH = 16


def student_heatmap(mood_map: MoodMap, zone: tzinfo = UTC) -> go.Figure:
    """Students downwards, time to the right, the mood as colour; empty where no face was seen."""
    limit = mood_limit(mood_map.moods)
    names = [student.name for student in mood_map.students]
    scale = {"tickvals": [-limit, 0, limit], "ticktext": [signed(-limit), "0", signed(limit)]}
    figure = go.Figure()
    figure.add_heatmap(
        x=local_times(mood_map.starts + mood_map.width / 2, zone),
        y=list(range(len(names))),
        z=[gaps(row) for row in mood_map.moods],
        text=[[escape(name, quote=False)] * len(mood_map.starts) for name in names],
        zmin=-limit,
        zmax=limit,
        colorscale=[[0, LOW], [0.5, MIDDLE], [1, HIGH]],
        ygap=2,
        hoverongaps=False,
        hovertemplate="%{text}<br>%{x|%H:%M:%S}<br>" + _("mood") + " %{z:+.2f}<extra></extra>",
        colorbar={"orientation": "h", "y": 0, "yanchor": "top", "ypad": 40, "thickness": 10, "outlinewidth": 0}
        | {"title": {"text": _("mood (empty: no face)"), "side": "bottom"}}
        | scale,
    )
    # A heat map cannot be clicked: marks without a colour on it can, and lead to the student.
    figure.add_scatter(
        x=[at for _student in names for at in figure.data[0].x],
        y=[place for place in range(len(names)) for _window in mood_map.starts],
        customdata=[student.id for student in mood_map.students for _window in mood_map.starts],
        mode="markers",
        marker={"symbol": "square", "size": 18, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
        text=[
            f"{escape(name, quote=False)}<br>{_('no face') if np.isnan(mood) else _('mood') + ' ' + signed(mood)}"
            for name, row in zip(names, mood_map.moods, strict=True)
            for mood in row
        ],
        hovertemplate="%{text}<br>%{x|%H:%M:%S}<extra></extra>",
    )
    short = [name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…" for name in names]
    ticks = {
        "tickvals": list(range(len(names))),
        "ticktext": [escape(name, quote=False) for name in short],
        "ticks": "",
    }
    figure.update_layout(
        **layout(136 + 24 * max(1, len(names))),
        xaxis=TIME_AXIS | {"showgrid": False} | _all_of(mood_map, zone),
        yaxis={"range": [len(names) - 0.5, -0.5], "automargin": True, "fixedrange": True, "showgrid": False}
        | {"zeroline": False}
        | ticks,
    )
    return or_nothing(figure, mood_map.starts)


def _all_of(mood_map: MoodMap, zone: tzinfo) -> dict[str, Any]:
    """The axis from the first window to the end of the last: plotly leaves room for marks at the edges."""
    if not len(mood_map.starts):
        return {}
    return {"range": local_times([mood_map.starts[0], mood_map.starts[-1] + mood_map.width], zone)}


def effects_chart(found: Sequence[Effect], zone: tzinfo = UTC) -> go.Figure:
    """A line per marker from the mood before it (hollow) to that after it; the change stands under its name."""
    shown = [(one, *sides) for one in found if (sides := _sides(one))]
    figure = go.Figure()
    for place, (_marked, before, after, change) in enumerate(shown):
        _dumbbell(figure, place, before, after, HIGH if change.value >= 0 else LOW)
    names = [f"{_label(one, zone)}<br>{change_words(change)}" for one, _before, _after, change in shown]
    ticks = {"tickvals": list(range(len(shown))), "ticktext": names, "ticks": "", "zeroline": False}
    figure.update_layout(
        **layout(64 + 42 * max(1, len(shown))),
        showlegend=False,
        xaxis={"fixedrange": True, "gridcolor": BAND, "zeroline": True, "zerolinecolor": GREY, "nticks": 6}
        | {"title": {"text": _("mood: ○ before, ● after"), "standoff": 6}, "tickformat": "+.1f"},
        yaxis={"range": [len(shown) - 0.4, -0.6], "automargin": True, "fixedrange": True, "showgrid": False} | ticks,
    )
    return or_nothing(figure, shown)


def student_mood(found: StudentReport, zone: tzinfo = UTC) -> go.Figure:
    """The student's mood as a line on the band of the class's middle half, and below how much of the face was seen."""
    times = local_times(found.starts + found.width / 2, zone)
    limit = mood_limit(found.moods)
    figure = go.Figure()
    edge = {"x": times, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(y=gaps(found.low), showlegend=False, **edge)
    figure.add_scatter(y=gaps(found.high), fill="tonexty", fillcolor=BAND, name=_("middle half of the class"), **edge)
    figure.add_scatter(
        x=times,
        y=gaps(found.moods),
        mode="lines",
        name=_("mood of this student"),
        line={"width": 2.5, "color": ACCENT},
        hovertemplate="%{y:+.2f}",
    )
    figure.add_bar(
        x=times,
        y=gaps(found.visible),
        yaxis="y2",
        width=1000 * found.width,
        name=_("face visible"),
        marker={"color": VISIBLE, "line": {"width": 0}},
        hovertemplate="%{y:.0%}",
    )
    below = {"domain": [0, 0.16], "range": [0, 1], "tickformat": ".0%", "tickvals": [0, 1], "fixedrange": True}
    figure.update_layout(**layout(360), hovermode="x unified", xaxis=TIME_AXIS | {"anchor": "y2"})
    figure.update_layout(yaxis=mood_axis(limit) | {"domain": [0.24, 1]}, yaxis2=below | {"showgrid": False})
    return or_nothing(figure, found.starts)


def change_words(change: Estimate) -> str:
    """`−0.21 (−0.35 … −0.07)`."""
    if change.low is None or change.high is None:
        return signed(change.value)
    return f"{signed(change.value)} ({signed(change.low)} … {signed(change.high)})"


def _dumbbell(figure: go.Figure, place: int, before: Estimate, after: Estimate, colour: str) -> None:
    """The whiskers of before and after lie a little above and below one another, or they would be one."""
    heights = [place - ASIDE, place + ASIDE]
    line = {"color": colour, "width": 2.5}
    figure.add_scatter(x=[before.value, after.value], y=heights, mode="lines", line=line, hoverinfo="skip")
    looks = ((before, _("before"), "circle-open"), (after, _("after"), "circle"))
    for (each, name, symbol), height in zip(looks, heights, strict=True):
        low, high = each.bounds
        figure.add_scatter(
            x=[each.value],
            y=[height],
            mode="markers",
            marker={"size": 11, "color": colour, "symbol": symbol, "line": {"width": 2, "color": colour}},
            error_x={"type": "data", "symmetric": False, "array": [high - each.value], "thickness": 1, "width": 3}
            | {"arrayminus": [each.value - low], "color": GREY},
            hovertemplate=f"{name} %{{x:+.2f}}<extra></extra>",
        )


def _sides(one: Effect) -> tuple[Estimate, Estimate, Estimate] | None:
    if one.before is None or one.after is None or one.change is None:
        return None
    return one.before, one.after, one.change


def _label(one: Effect, zone: tzinfo) -> str:
    words = one.marker.words
    short = words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1] + "…"
    return f"{one.marker.at.astimezone(zone):%H:%M} {escape(short)}"
