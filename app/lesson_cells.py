"""A lesson's mood and its course as small pictures in a table. An image column takes SVG as a data address."""

from __future__ import annotations

import math
from urllib.parse import quote

from app.palette import HIGH, LOW
from monitor.insight.bootstrap import Estimate
from monitor.insight.comparison import LessonFigures

WIDTH, HEIGHT = 120, 24
LIMIT = 0.5


def mood_bar(mood: Estimate | None) -> str | None:
    """A bar from 0 to the mood with its interval as a whisker, on a line from −0.5 to +0.5."""
    if mood is None:
        return None
    zero, end = _across(0), _across(mood.value)
    low, high = (_across(bound) for bound in mood.bounds)
    middle = HEIGHT / 2
    drawing = (
        f'<line x1="0" x2="{WIDTH}" y1="{middle}" y2="{middle}" stroke="#8A8A8A" stroke-opacity=".4"/>'
        f'<line x1="{zero}" x2="{zero}" y1="3" y2="{HEIGHT - 3}" stroke="#8A8A8A"/>'
        f'<rect x="{min(zero, end)}" width="{abs(end - zero)}" y="7" height="10" '
        f'fill="{HIGH if mood.value >= 0 else LOW}"/>'
        f'<path d="M{low} {middle}H{high}M{low} 8V16M{high} 8V16" stroke="#8A8A8A" stroke-width="1.6"/>'
    )
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return "data:image/svg+xml," + quote(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawing}</svg>')


def sparkline(found: LessonFigures) -> list[float]:
    """The mood minute by minute, of the minutes in which somebody was seen."""
    return [round(float(mood), 3) for mood in found.moods if not math.isnan(mood)]


def _across(mood: float) -> float:
    return round(WIDTH / 2 + max(-1.0, min(1.0, mood / LIMIT)) * (WIDTH / 2 - 2), 1)
