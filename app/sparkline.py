"""A line as small as a word, for the tiles of the live page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from monitor.insight.mood import signed
from monitor.words import _


def sparkline_svg(values: Iterable[float], width: int = 120, height: int = 24, limit: float = 0.75) -> str:
    """A line of moods as an inline SVG in the colour of the text around it; gaps where a value is NaN.

    The middle is mood 0, top and bottom are ±`limit`; what goes beyond is drawn at the edge. For `st.markdown`
    with `unsafe_allow_html`: `st.html` strips SVG.
    """
    moods = np.array([np.nan if value is None else value for value in values], np.float64)
    x = np.linspace(1, width - 1, max(2, len(moods)))[: len(moods)]
    y = height / 2 - np.clip(moods / limit, -1, 1) * (height / 2 - 2)
    known = ~np.isnan(moods)
    paths = "".join(_stroke(x[run], y[run]) for run in runs(known))
    last = f"{_('mood')} {signed(float(moods[known][-1]))}" if known.any() else _("mood: no face")
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


def _stroke(x: np.ndarray, y: np.ndarray) -> str:
    points = " ".join(f"{across:.1f},{down:.1f}" for across, down in zip(x, y, strict=True))
    if len(x) == 1:
        points += f" {x[0] + 0.5:.1f},{y[0]:.1f}"
    return (
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )
