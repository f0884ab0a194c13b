"""The figures: numbers in, plotly figures out. Colours of text and background are left to Streamlit's theme.

Times are shown in the reader's zone: plotly has no zones, so it is given local times without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.palette import LOOKS, NO_FACE
from app.sparkline import runs
from model_zoo.emotions import EMOTIONS, Emotion
from monitor.insight import written
from monitor.insight.bootstrap import Estimate
from monitor.insight.moments import Moment
from monitor.insight.mood import Course, signed
from monitor.words import _, separators

CLEAR = "rgba(0,0,0,0)"
GREY, GRID = "#8A8A8A", "rgba(128,128,128,0.25)"
# The mood line lies on all seven colours, so it is dark with a light edge, in either theme.
INK, HALO = "#1B1F2A", "rgba(255,255,255,0.75)"
LEAST_SPAN_S = 120
TIME_AXIS: dict[str, Any] = {
    "type": "date",
    "nticks": 6,
    "fixedrange": True,
    "gridcolor": GRID,
    "hoverformat": "%H:%M:%S",
    "tickformat": "%H:%M",
    "tickformatstops": [{"dtickrange": [None, 59_999], "value": "%H:%M:%S"}],
}


def shares_area(course: Course, zone: tzinfo = UTC, height: int = 320) -> go.Figure:
    """Stacked shares in the palette's order with the mood as a thin line on the right-hand axis (−1…1).

    Hatched where few faces were visible; hover tells the shares and how many faces there were.
    """
    edges = _edges(course, zone)
    shares = [
        {
            "type": "scatter",
            "x": edges,
            "y": _repeated(gaps(course.shares[:, EMOTIONS.index(emotion)])),
            "name": look.label,
            "stackgroup": "shares",
            "mode": "lines",
            # Steps, one a window: a slope into a gap would show shares that nobody measured.
            "line": {"width": 0, "color": look.colour, "shape": "hv"},
            "fillcolor": faded(look.colour, 0.8),
            "hovertemplate": "%{y:.0%}",
        }
        for emotion, look in LOOKS.items()
    ]
    # Ink on a dark page would be an empty place in the legend: the axis names the line instead.
    line = _mood_line(course, zone) | {"yaxis": "y2", "line": {"width": 2, "color": INK}, "showlegend": False}
    same = {key: line[key] for key in ("type", "x", "y", "mode", "yaxis", "showlegend")}
    halo = same | {"line": {"width": 5, "color": HALO}, "hoverinfo": "skip"}
    left = {"range": [0, 1], "tickformat": ".0%", "dtick": 0.5, "fixedrange": True, "showgrid": False}
    right = {
        "overlaying": "y",
        "side": "right",
        "showgrid": False,
        "title": {"text": _("mood (line)"), "standoff": 4, "font": {"size": 11}},
    }
    axes = {"xaxis": _time_axis(course, zone), "yaxis": left, "yaxis2": mood_axis(1.0) | right}
    # Made at once: to update what is there costs several times as much, and the live page draws this each few seconds.
    traces = [*shares, *_few_faces(course, zone, 0, 1), halo, line]
    return or_nothing(go.Figure(traces, layout(height) | {"hovermode": "x unified"} | axes), course)


def mood_over_time(course: Course, zone: tzinfo = UTC, moments: Sequence[Moment] = ()) -> go.Figure:
    """The mood of the class as a line, hatched where few faces were visible, moments as labelled lines."""
    limit = mood_limit(course.mood)
    line = _mood_line(course, zone) | {"line": {"width": 2.5}}
    figure = go.Figure([line, *_few_faces(course, zone, -limit, limit)])
    figure.add_hline(y=0, line={"width": 1, "color": GREY})
    for place, moment in enumerate(moments):
        at, arrow = _local(moment.at.timestamp(), zone), "↗" if moment.change > 0 else "↘"
        figure.add_vline(x=at, line={"width": 1.5, "dash": "dot", "color": GREY})
        # Every other label stands higher, or neighbours would overlap on a phone.
        above = {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 16 * (place % 2), "showarrow": False}
        told = _("mood {before} before, {after} after")
        change = told.format(before=signed(moment.before), after=signed(moment.after))
        figure.add_annotation(above, text=f"{moment.at.astimezone(zone):%H:%M} {arrow}", hovertext=change)
    figure.update_layout(**layout(300), hovermode="x unified", xaxis=_time_axis(course, zone))
    figure.update_layout(margin={"t": 40}, yaxis=mood_axis(limit))
    return or_nothing(figure, course)


def shares_bars(shares: Mapping[Emotion, Estimate]) -> go.Figure:
    """A bar per emotion in the palette's order, its 95 % interval as a whisker and in words beside it."""
    shown = {look.label: shares[emotion] for emotion, look in LOOKS.items() if emotion in shares}
    values = np.array([estimate.value for estimate in shown.values()])
    lows, highs = np.array([estimate.bounds for estimate in shown.values()]).reshape(-1, 2).T
    whisker = {"array": highs - values, "arrayminus": values - lows, "symmetric": False}
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        x=values,
        y=list(shown),
        marker={"color": [look.colour for emotion, look in LOOKS.items() if emotion in shares]},
        error_x={"type": "data", "thickness": 1.5, "width": 4, "color": GREY} | whisker,
        hovertemplate="%{y} %{x:.1%}<extra></extra>",
    )
    for (label, estimate), end in zip(shown.items(), highs, strict=True):
        figure.add_annotation(y=label, x=end, text=written.share(estimate), showarrow=False, xanchor="left", xshift=8)
    # A third of the width is left for the words beside the longest bar, which a phone just needs.
    span = 1.5 * highs.max(initial=0.1)
    figure.update_layout(
        **layout(44 + 34 * max(1, len(shown))),
        bargap=0.35,
        xaxis={"range": [0, span], "tickvals": np.arange(0, min(span, 1.01), 0.2), "tickformat": ".0%"}
        | {"gridcolor": GRID, "fixedrange": True},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "ticks": ""},
    )
    return or_nothing(figure, shown)


def _mood_line(course: Course, zone: tzinfo) -> dict[str, Any]:
    faces = [
        _("{seen} of {all}").format(seen=seen, all=there)
        for seen, there in zip(course.visible, course.measured, strict=True)
    ]
    return {
        "type": "scatter",
        "x": _middles(course, zone),
        "y": gaps(course.mood),
        "name": _("mood"),
        "mode": "lines",
        "text": faces,
        "hovertemplate": "%{y:+.2f} · " + _("faces: {n}").format(n="%{text}"),
    }


def _few_faces(course: Course, zone: tzinfo, low: float, high: float) -> list[dict[str, Any]]:
    """One hatched rectangle per stretch of windows with few faces; no trace where there is none."""
    x: list[str | None] = []
    y: list[float | None] = []
    for run in runs(course.few_faces):
        left, right = local_times([course.starts[run[0]], course.starts[run[-1]] + course.width], zone)
        x += [left, left, right, right, left, None]
        y += [low, high, high, low, low, None]
    trace = {
        "type": "scatter",
        "x": x,
        "y": y,
        "name": f"{NO_FACE.emoji} " + _("few faces"),
        "mode": "lines",
        "fill": "toself",
        "line": {"width": 0, "color": NO_FACE.colour},
        "fillcolor": "rgba(138,138,138,0.25)",
        "fillpattern": {"shape": "/", "fgcolor": NO_FACE.colour, "size": 7, "solidity": 0.25},
        "hoverinfo": "skip",
    }
    return [trace] if x else []


def layout(height: int) -> dict[str, Any]:
    """What all figures share. A constant `uirevision` keeps what the reader set when the data change."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "uirevision": "same",
        "separators": separators(),
        "dragmode": False,
        "legend": {"orientation": "h", "x": 0, "traceorder": "normal", "yanchor": "top"}
        # Below the times, by pixels: a part of a low chart's height would lie on them.
        | {"y": -35 / max(100, height - 75)},
    }


def or_nothing(figure: go.Figure, shown: Sized) -> go.Figure:
    """The figure, or words in the place of its axes when there is nothing to show in it yet."""
    if len(shown):
        return figure
    figure.update_layout(showlegend=False).update_xaxes(visible=False).update_yaxes(visible=False)
    return figure.add_annotation(
        text=_("Nothing measured yet"), showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper"
    )


def _time_axis(course: Course, zone: tzinfo) -> dict[str, Any]:
    if not len(course):
        return TIME_AXIS
    start, end = int(course.starts[0]), int(course.starts[-1]) + course.width
    return TIME_AXIS | {"range": local_times([start, max(end, start + LEAST_SPAN_S)], zone)}


def mood_axis(limit: float) -> dict[str, Any]:
    values = [-limit, -limit / 2, 0.0, limit / 2, limit]
    return {
        "range": [-limit, limit],
        "tickvals": values,
        "ticktext": [signed(value) if value else "0" for value in values],
        "title": {"text": _("mood"), "standoff": 4},
        "zeroline": False,
        "fixedrange": True,
        "gridcolor": GRID,
        "automargin": True,
    }


def mood_limit(moods: np.ndarray) -> float:
    """A bound for the mood in tenths, the same above and below 0, so that 0 stays in the middle."""
    known = np.abs(moods[~np.isnan(moods)])
    return float(np.clip(np.ceil(known.max(initial=0) * 10.5) / 10, 0.3, 1.0))


def _middles(course: Course, zone: tzinfo) -> list[str]:
    return local_times(course.starts + course.width / 2, zone)


def _edges(course: Course, zone: tzinfo) -> list[str]:
    """The start of each window, and the end of the last."""
    return local_times([*course.starts, course.starts[-1] + course.width], zone) if len(course) else []


def _repeated(values: list[float | None]) -> list[float | None]:
    """The last value again, for the end of its window."""
    return [*values, *values[-1:]]


def local_times(seconds: Iterable[float], zone: tzinfo) -> list[str]:
    return [_local(float(second), zone) for second in seconds]


def _local(second: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(second, UTC).astimezone(zone).replace(tzinfo=None).isoformat()


def gaps(values: np.ndarray) -> list[float | None]:
    """None, which plotly leaves out, for NaN; four decimals, which is all there are."""
    return [None if np.isnan(value) else round(float(value), 4) for value in values]


def faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
