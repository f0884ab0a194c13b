"""Draws markers onto a chart over time: labelled lines, and spans as shaded bands, hatched where they are left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any, Protocol

import plotly.graph_objects as go

from app.charts import GREY, HALO, INK, LEAST_SPAN_S
from app.marker_words import times_word
from monitor.insight.windows import Ints
from monitor.teaching import Marker
from monitor.words import _

LATE_S = 15
"""A marker is drawn at once, though its window is not over yet."""
# Labels are laid out for the narrowest screen, where a chart is about this wide.
PHONE_PX, LETTER_PX, GAP_PX = 250, 6.2, 6
ROWS, ROW_PX, LABEL_LENGTH = 3, 17, 16
BAND, VEIL, HATCH = "rgba(128,128,128,0.28)", "rgba(128,128,128,0.6)", "#5B6070"

LABEL: dict[str, Any] = {"showarrow": False, "font": {"size": 11}, "borderpad": 0, "name": "marker"}


class Timed(Protocol):
    """Windows of `width` seconds; `starts` (windows,) since 1970."""

    @property
    def starts(self) -> Ints: ...
    @property
    def width(self) -> int: ...


def marked(figure: go.Figure, shown: Timed, markers: Sequence[Marker], zone: tzinfo = UTC) -> go.Figure:
    """The figure with the markers that lie in what it shows; labels stand above it, in as many rows as they need."""
    if not len(shown.starts):
        return figure
    first, last = float(shown.starts[0]), float(shown.starts[-1] + shown.width)
    seen = [one for one in markers if _end(one, last) >= first and one.at.timestamp() <= last + LATE_S]
    if not seen:
        return figure
    # Where the vertical axis has no range that could be filled, a darker band alone must do.
    hatched = [one for one in seen if one.left_out and figure.layout.yaxis.range is not None]
    for marker in hatched:
        _hatch(figure, marker, first, last, zone)
    lines = [line for marker in seen for line in _shapes(marker, first, last, zone, marker in hatched)]
    labels, rows = _labels(seen, first, max(last, first + LEAST_SPAN_S), last, zone)
    above = figure.layout.margin.t - 7
    for label in labels:
        label["yshift"] += above
    return figure.update_layout(
        shapes=[*figure.layout.shapes, *lines],
        annotations=[*figure.layout.annotations, *labels],
        margin={"t": figure.layout.margin.t + ROW_PX * rows},
    )


def _shapes(marker: Marker, first: float, last: float, zone: tzinfo, hatched: bool) -> list[dict[str, Any]]:
    whole = {"yref": "paper", "y0": 0, "y1": 1}
    shapes: list[dict[str, Any]] = []
    if marker.is_span:
        left, right = _local(max(_start(marker, last), first), zone), _local(_end(marker, last), zone)
        fill = VEIL if marker.left_out and not hatched else BAND
        shapes += [whole | {"type": "rect", "x0": left, "x1": right, "fillcolor": fill, "line": {"width": 0}}]
    if _start(marker, last) >= first:
        at = _local(_start(marker, last), zone)
        line = whole | {"type": "line", "x0": at, "x1": at}
        # Dark with a light edge, as the mood line: it lies on all seven colours, in either theme.
        shapes += [line | {"line": {"width": 4, "color": HALO}}, line | {"line": {"width": 1.5, "color": INK}}]
    return shapes


def _hatch(figure: go.Figure, marker: Marker, first: float, last: float, zone: tzinfo) -> None:
    low, high = figure.layout.yaxis.range
    left, right = _local(max(_start(marker, last), first), zone), _local(_end(marker, last), zone)
    figure.add_scatter(
        x=[left, left, right, right, left],
        y=[low, high, high, low, low],
        name=_("left out"),
        mode="lines",
        fill="toself",
        line={"width": 0, "color": GREY},
        fillcolor=VEIL,
        fillpattern={"shape": "\\", "fgcolor": HATCH, "size": 9, "solidity": 0.2},
        hoverinfo="skip",
        showlegend=False,
    )


def _labels(
    markers: Sequence[Marker], first: float, axis_end: float, last: float, zone: tzinfo
) -> tuple[list[dict[str, Any]], int]:
    """Each in the lowest row where it overlaps no other on a phone, and how many rows that took.

    Where all rows are full a line stays without words: the list of markers has them.
    """
    scale = PHONE_PX / (axis_end - first)
    rows: list[list[tuple[float, float]]] = []
    labels = []
    for marker in markers:
        text = _label(marker)
        start, width = (max(_start(marker, last), first) - first) * scale, len(text) * LETTER_PX
        to_the_left = start + width > PHONE_PX
        reach = (start - width, start) if to_the_left else (start, start + width)
        row = next((place for place in range(ROWS) if place == len(rows) or _fits(reach, rows[place])), None)
        if row is None or reach[0] < 0:
            continue
        rows += [[]] if row == len(rows) else []
        rows[row].append(reach)
        at = _local(max(_start(marker, last), first), zone)
        place = {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "right" if to_the_left else "left"}
        told = escape(f"{times_word(marker, zone)} {marker.words}")
        labels.append(place | {"yshift": ROW_PX * row, "text": escape(text), "hovertext": told} | LABEL)
    return labels, len(rows)


def _fits(reach: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    return all(reach[1] + GAP_PX <= left or right + GAP_PX <= reach[0] for left, right in taken)


def _label(marker: Marker) -> str:
    word = marker.words
    short = word if len(word) <= LABEL_LENGTH else word[: LABEL_LENGTH - 1] + "…"
    return _("{marker}, left out").format(marker=short) if marker.left_out else short


def _start(marker: Marker, last: float) -> float:
    return min(marker.at.timestamp(), last)


def _end(marker: Marker, last: float) -> float:
    """Of a moment the moment itself; of a span without an end the end of what is shown."""
    if not marker.is_span:
        return marker.at.timestamp()
    return last if marker.until is None else min(marker.until.timestamp(), last)


def _local(second: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(second, UTC).astimezone(zone).replace(tzinfo=None).isoformat()
