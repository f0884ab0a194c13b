"""Moments worth a look: where the mood of the class changed most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from monitor.insight.mood import mood_of
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Windows, class_mean, cut, nice_width, running

COUNT = 3
LEAST_CHANGE = 0.1
LONGEST_SIDE_S, SHORTEST_SIDE_S = 120, 10
STEPS_A_SIDE = 12
LARGEST_COUNT = 3600
# The mood is back when three quarters of a fall are made up for.
BACK = 0.75


@dataclass(frozen=True, slots=True)
class Moment:
    """At `at` the mood of the class went from `before` to `after`.

    Both are over up to two minutes and over the same students: those seen on both sides, so that nobody's
    coming or going passes for a change. `back_after` a fall: until three quarters of it were made up for.
    """

    at: datetime
    before: float
    after: float
    back_after: timedelta | None = None

    @property
    def change(self) -> float:
        return self.after - self.before


def moments(timeline: Timeline) -> tuple[Moment, ...]:
    """At most three changes of 0.1 or more, the earliest first, further apart than the time they compare."""
    if timeline.empty:
        return ()
    span = timeline.last_second + 1 - timeline.first_second
    side = min(LONGEST_SIDE_S, span // 6)
    if side < SHORTEST_SIDE_S:
        return ()
    width = max(nice_width(side, STEPS_A_SIDE), nice_width(span, LARGEST_COUNT))
    windows = cut(timeline, timeline.first_second, width, -(-span // width))
    before, after = _sides(windows, max(1, side // width))
    picked = _largest(np.nan_to_num(np.abs(after - before)), max(1, side // width))
    return tuple(_moment(windows, before, after, index) for index in sorted(picked))


def _sides(windows: Windows, reach: int) -> tuple[Floats, Floats]:
    """(windows,) each: the mood in the `reach` windows before and from each window on.

    NaN where a side is cut off by the lesson's ends or has nobody in common with the other.
    """
    scores, seen = running(windows.scores, reach), running(windows.seen, reach)
    both = (seen[:, :-reach] > 0) & (seen[:, reach:] > 0)
    before, after = (
        mood_of(class_mean(scores[:, part], np.where(both, seen[:, part], 0)))
        for part in (slice(None, -reach), slice(reach, None))
    )
    edge = np.full(reach, np.nan)
    return np.concatenate([edge, before, edge[1:]]), np.concatenate([edge, after, edge[1:]])


def _largest(changes: Floats, apart: int) -> list[int]:
    """The places of the largest changes; around each picked one, others are passed over."""
    left = changes.copy()
    picked: list[int] = []
    while len(picked) < COUNT and left.max() >= LEAST_CHANGE:
        index = int(left.argmax())
        picked.append(index)
        left[max(0, index - 2 * apart + 1) : index + 2 * apart] = 0
    return picked


def _moment(windows: Windows, before: Floats, after: Floats, index: int) -> Moment:
    low, high = float(before[index]), float(after[index])
    back = None
    if high < low:
        enough = np.flatnonzero(after[index + 1 :] >= high + BACK * (low - high))
        back = timedelta(seconds=int(enough[0] + 1) * windows.width) if len(enough) else None
    return Moment(datetime.fromtimestamp(int(windows.starts[index]), UTC), low, high, back)
