"""A line as small as a word, for the tiles of the live page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

import numpy as np

from monitor.insight.mood import signed
from monitor.words import _

Point = tuple[float, float]


def sparkline_svg(values: Iterable[float], width: int = 120, height: int = 24, limit: float = 0.75) -> str:
    """A line of moods as an inline SVG in the colour of the text around it; gaps where a value is NaN.

    The middle is mood 0, top and bottom are ±`limit`; what goes beyond is drawn at the edge. For `st.markdown`
    with `unsafe_allow_html`: `st.html` strips SVG.
    """
    moods = [math.nan if value is None else float(value) for value in values]
    step = (width - 2) / max(1, len(moods) - 1)
    strokes: list[list[Point]] = [[]]
    for place, mood in enumerate(moods):
        if math.isnan(mood):
            strokes.append([])
        else:
            strokes[-1].append((1 + place * step, height / 2 - min(1, max(-1, mood / limit)) * (height / 2 - 2)))
    paths = "".join(_stroke(points) for points in strokes if points)
    known = [mood for mood in moods if not math.isnan(mood)]
    last = f"{_('mood')} {signed(known[-1])}" if known else _("mood: no face")
    return (
        f'<svg viewBox="0 0 {width} {height}" width="100%" height="{height}" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(last)}"><line x1="0" x2="{width}" y1="{height / 2:g}" '
        f'y2="{height / 2:g}" stroke="currentColor" stroke-opacity="0.25" stroke-width="1" '
        f'vector-effect="non-scaling-stroke"/>{paths}</svg>'
    )


def runs(flags: np.ndarray) -> list[np.ndarray]:
    """The places of the true values, a run of neighbours at a time."""
    places = np.flatnonzero(flags)
    return [run for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(run)]


def _stroke(points: list[Point]) -> str:
    """A point alone is drawn as a line that is half a unit long."""
    x, y = points[0]
    whole = points if len(points) > 1 else [(x, y), (x + 0.5, y)]
    listed = " ".join(f"{across:.1f},{down:.1f}" for across, down in whole)
    return (
        f'<polyline points="{listed}" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )
