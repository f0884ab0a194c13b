"""How numbers are rounded and written: the same on the page and in every file that is made of a report.

A number is rounded once, to the ten-thousandths that the database keeps, and every text is made of that.
"""

from __future__ import annotations

from datetime import timedelta

from monitor.domain import Shown
from monitor.insight.bootstrap import Estimate
from monitor.insight.mood import signed
from monitor.words import _, counted

DECIMALS = 4
NOTHING = "–"
"""Stands for a number that there is none of: nobody was seen, or the lesson was too short."""


def kept(value: float | None) -> float | None:
    """A number as all files hold it."""
    return None if value is None else round(float(value), DECIMALS)


def students_measured(shown: Shown, count: int) -> str:
    """`12 students measured`; where only the class is shown, a count that is rounded down says so."""
    if shown is not Shown.CLASS:
        return counted("{n} student measured", "{n} students measured", count)
    return _("{n} students or more measured").format(n=count) if count else _("no figure")


def percent(value: float | None) -> str:
    """`91%`."""
    rounded = kept(value)
    return NOTHING if rounded is None else f"{rounded:.0%}"


def fine_percent(value: float | None) -> str:
    """`34%`, a small one with a decimal: `3.4%`."""
    rounded = kept(value)
    return NOTHING if rounded is None else f"{rounded:.{_places(rounded)}%}"


def share(estimate: Estimate) -> str:
    """`34% (31–37)`, `3.4% (2.9–3.8)`."""
    low, high = kept(estimate.low), kept(estimate.high)
    text = fine_percent(estimate.value)
    if low is None or high is None:
        return text
    places = _places(kept(estimate.value) or 0.0)
    return f"{text} ({100 * low:.{places}f}–{100 * high:.{places}f})"


def _places(rounded: float) -> int:
    return 0 if rounded >= 0.1 else 1


def mood(value: float | None) -> str:
    """`+0.31`."""
    rounded = kept(value)
    return NOTHING if rounded is None else signed(rounded)


def mood_between(estimate: Estimate | None) -> str:
    """`+0.22 (+0.17 to +0.27)`."""
    if estimate is None:
        return NOTHING
    text = mood(estimate.value)
    return text if estimate.half_width is None else f"{text} ({mood(estimate.low)} to {mood(estimate.high)})"


def number(value: float | None) -> str:
    """`0.71`."""
    rounded = kept(value)
    return NOTHING if rounded is None else f"{rounded:.2f}"


def minutes(value: float | None) -> str:
    """`38.3`."""
    rounded = kept(value)
    return NOTHING if rounded is None else f"{rounded:.1f}"


def clock(length: timedelta) -> str:
    """`00:47:05`."""
    seconds = max(0, int(length.total_seconds()))
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
