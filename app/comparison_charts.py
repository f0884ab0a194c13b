"""The figures of comparisons: numbers in, plotly figures out. Nobody is ranked: lessons stand in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from html import escape

import numpy as np
import plotly.graph_objects as go

from app.charts import GREY, GRID, gaps, layout, mood_axis, mood_limit, or_nothing
from app.palette import LOOKS
from model_zoo.emotions import Emotion
from monitor.insight.bootstrap import Estimate
from monitor.insight.comparison import Group, LessonFigures
from monitor.insight.mood import signed
from monitor.words import _, percent, short_day

ACCENT, BAND = "#1f6f8b", "rgba(128,128,128,0.3)"
LINES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8A8A8A", "#B0A000")
DASHES = ("solid", "dash", "dot", "dashdot")
MOST_LINES = len(LINES)
RIGHT = 24
"""Pixels, for half of the last number on the axis."""


def moods_over_lessons(found: Sequence[LessonFigures], middle: Estimate, zone: tzinfo = UTC) -> go.Figure:
    """A point per lesson with its interval, behind it the middle half of the students; a line at the median."""
    shown = [(one, one.mood) for one in found if one.mood is not None]
    places = list(range(len(shown)))
    values = np.array([mood.value for _one, mood in shown])
    lows, highs = np.array([mood.bounds for _one, mood in shown]).reshape(-1, 2).T
    figure = go.Figure()
    halves = [(place, one.middle) for place, (one, _mood) in enumerate(shown) if one.middle]
    figure.add_bar(
        x=[place for place, _half in halves],
        y=[half.high - half.low for _place, half in halves],
        base=[half.low for _place, half in halves],
        width=0.34,
        marker={"color": BAND, "line": {"width": 0}},
        name=_("middle half of the students"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=places,
        y=values,
        mode="lines+markers",
        line={"color": ACCENT, "width": 1.5},
        marker={"size": 9, "color": ACCENT},
        error_y={"type": "data", "symmetric": False, "array": highs - values, "arrayminus": values - lows}
        | {"color": ACCENT, "thickness": 1.5, "width": 5},
        name=_("mood with 95 % interval"),
        text=[f"{escape(one.lesson.title)}<br>{_date(one, zone)}" for one, _mood in shown],
        hovertemplate="%{text}<br>%{y:+.2f}<extra></extra>",
    )
    figure.add_scatter(
        x=_around(places),
        y=[middle.value] * 2,
        mode="lines",
        line={"width": 1.5, "dash": "dot", "color": GREY},
        name=_("median {mood}").format(mood=signed(middle.value)),
        hoverinfo="skip",
    )
    spread = [bound for _place, half in halves for bound in (half.low, half.high)]
    limit = mood_limit(np.array([*lows, *highs, *spread]))
    ticks = {"tickvals": places, "ticktext": [_date(one, zone) for one, _mood in shown], "range": _around(places)}
    figure.update_layout(**layout(330), xaxis={"fixedrange": True, "showgrid": False} | ticks, yaxis=mood_axis(limit))
    figure.update_layout(legend={"y": -0.24})
    return or_nothing(figure, shown)


def shares_beside(names: Sequence[str], shares: Sequence[Mapping[Emotion, Estimate]]) -> go.Figure:
    """A bar per name, the first on top, made of the shares in the palette's order."""
    places = list(range(len(names)))
    figure = go.Figure()
    for emotion, look in LOOKS.items():
        values = [each[emotion].value if emotion in each else None for each in shares]
        figure.add_bar(
            orientation="h",
            x=values,
            y=places,
            name=look.label,
            marker={"color": look.colour, "line": {"width": 0}},
            text=["" if value is None or value < 0.08 else percent(value) for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            hovertemplate="%{x:.1%}" + f"<extra>{look.label}</extra>",
        )
    ticks = {"tickvals": places, "ticktext": [escape(_short(name, 15)) for name in names], "ticks": ""}
    figure.update_layout(
        **layout(130 + 34 * max(1, len(names))),
        barmode="stack",
        bargap=0.3,
        xaxis={"range": [0, 1], "tickformat": ".0%", "dtick": 0.25, "fixedrange": True, "gridcolor": GRID},
        yaxis={"range": [len(names) - 0.5, -0.5], "automargin": True, "fixedrange": True, "showgrid": False} | ticks,
    )
    figure.update_layout(legend={"y": -40 / (34 * max(1, len(names)) + 54)}, margin={"r": RIGHT})
    return or_nothing(figure, [each for each in shares if each])


def courses(names: Sequence[str], found: Sequence[LessonFigures]) -> go.Figure:
    """The mood of up to eight lessons, a minute a point, from the first minute of each."""
    figure = go.Figure()
    for place, (name, one) in enumerate(zip(names, found, strict=True)):
        figure.add_scatter(
            x=one.minutes,
            y=gaps(_smooth(one.moods)),
            mode="lines",
            name=escape(_short(name, 40)),
            line={"color": LINES[place % MOST_LINES], "dash": DASHES[place % len(DASHES)], "width": 2},
            hovertemplate="%{y:+.2f}",
        )
    limit = mood_limit(np.concatenate([_smooth(one.moods) for one in found] or [np.zeros(0)]))
    figure.update_layout(**layout(340), hovermode="x unified", yaxis=mood_axis(limit))
    figure.update_layout(
        xaxis={"title": {"text": _("minutes since the start"), "standoff": 4}, "fixedrange": True, "gridcolor": GRID},
        legend={"y": -0.2},
    )
    figure.add_hline(y=0, line={"width": 1, "color": GREY})
    return or_nothing(figure, [one for one in found if len(one.minutes)])


def groups_chart(groups: Sequence[Group]) -> go.Figure:
    """A row per group: its lessons or parts as hollow dots, their median filled, with its interval."""
    figure = go.Figure()
    for place, group in enumerate(groups):
        figure.add_scatter(
            x=group.moods,
            y=[place] * group.count,
            mode="markers",
            marker={"size": 9, "symbol": "circle-open", "color": GREY, "line": {"width": 1.5}},
            hovertemplate="%{x:+.2f}<extra></extra>",
        )
        low, high = group.mood.bounds
        figure.add_scatter(
            x=[group.mood.value],
            y=[place],
            mode="markers",
            marker={"size": 13, "symbol": "diamond", "color": ACCENT},
            error_x={"type": "data", "symmetric": False, "array": [high - group.mood.value], "width": 6}
            | {"arrayminus": [group.mood.value - low], "color": ACCENT, "thickness": 2},
            hovertemplate=_("median") + " %{x:+.2f}<extra></extra>",
        )
    limit = mood_limit(np.array([mood for group in groups for mood in group.moods]))
    ticks = {"tickvals": list(range(len(groups))), "ticktext": [escape(_short(one.name)) for one in groups]}
    across = mood_axis(limit) | {"zeroline": True, "zerolinecolor": GREY}
    across["title"] = {"text": _("mood: ○ each, ◆ median (95 %)"), "standoff": 4}
    figure.update_layout(
        **layout(76 + 48 * max(1, len(groups))),
        showlegend=False,
        xaxis=across,
        yaxis={"range": [len(groups) - 0.5, -0.5], "automargin": True, "fixedrange": True, "ticks": ""}
        | {"zeroline": False}
        | ticks,
    )
    figure.update_layout(margin={"r": RIGHT})
    return or_nothing(figure, groups)


def _smooth(moods: np.ndarray) -> np.ndarray:
    """The mean of three minutes, of those of them in which somebody was seen."""
    if not len(moods):
        return moods
    known = ~np.isnan(moods)
    sums = np.convolve(np.where(known, moods, 0), np.ones(3), "same")
    counts = np.convolve(known.astype(np.float64), np.ones(3), "same")
    return np.where(known, sums / np.maximum(counts, 1), np.nan)


def _around(places: Sequence[int]) -> list[float]:
    return [-0.6, max(len(places), 3) - 0.4]


def _date(one: LessonFigures, zone: tzinfo) -> str:
    return short_day(one.lesson.started_at.astimezone(zone))


def _short(name: str, length: int = 20) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"
