"""Before and after each marker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model_zoo.emotions import Emotion
from monitor.insight.bootstrap import SEED, Estimate, blocks_in, estimate, resampled_class_means
from monitor.insight.left_out import Span, left_out
from monitor.insight.mood import by_emotion, mood_of
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Windows, class_mean, cut
from monitor.teaching import Marker, edge

SIDE_S = 120
SHORTEST_SIDE_S = 10


@dataclass(frozen=True)
class Effect:
    """The mood of the class before and after a marker, over the same students: those seen on both sides.

    `before_s` and `after_s`: how long each side is; a neighbouring marker, a span that was left out and the lesson's
    ends cut it short. Numbers are None where a side is under 10 s or has nobody in common with the other. Each side's
    interval is that of its resampled half-minutes and None under 2 minutes, as is that of the `change`. The marker is
    no cause: something else may have happened at the same time.
    """

    marker: Marker
    before_s: int
    after_s: int
    students: int = 0
    before: Estimate | None = None
    after: Estimate | None = None
    change: Estimate | None = None
    shares_before: dict[Emotion, float] | None = None
    shares_after: dict[Emotion, float] | None = None


def effects(timeline: Timeline, side_s: int = SIDE_S) -> tuple[Effect, ...]:
    """One for each marker that lies in what was measured. `timeline` has its left-out samples still."""
    if timeline.empty:
        return ()
    spans = left_out(timeline)
    first, last = timeline.first_second, timeline.last_second + 1
    edges = np.unique([first, last, *(cuts for span in spans for cuts in (span.first, span.last)), *_edges(timeline)])
    return tuple(
        _effect(timeline, marker, _sides(marker, edges, spans, side_s))
        for marker in timeline.markers
        if first <= edge(marker.at) <= last
    )


def _edges(timeline: Timeline) -> list[int]:
    """Where a side may not reach over: a marker, and the end of a span."""
    times = (time for marker in timeline.markers for time in (marker.at, marker.until) if time is not None)
    return [edge(time) for time in times]


def _sides(marker: Marker, edges: np.ndarray, spans: tuple[Span, ...], side_s: int) -> tuple[Span, Span]:
    """What is compared: up to the marker, and from it on; around a span that was left out, from its end on."""
    at = edge(marker.at)
    around = next((span for span in spans if span.first <= at < span.last), Span(at, at))
    earlier, later = edges[edges < around.first], edges[edges > around.last]
    start = max(around.first - side_s, int(earlier[-1]) if len(earlier) else around.first)
    end = min(around.last + side_s, int(later[0]) if len(later) else around.last)
    return Span(start, around.first), Span(around.last, end)


def _effect(timeline: Timeline, marker: Marker, sides: tuple[Span, Span]) -> Effect:
    before_s, after_s = map(len, sides)
    if min(before_s, after_s) < SHORTEST_SIDE_S:
        return Effect(marker, before_s, after_s)
    before, after = (cut(timeline.between(one.first, one.last), one.first, 1, len(one)) for one in sides)
    both = (before.seen.sum(axis=1) > 0) & (after.seen.sum(axis=1) > 0)
    if not both.any():
        return Effect(marker, before_s, after_s)
    before, after = before.of_students(both), after.of_students(both)
    shares = [class_mean(one.scores.sum(axis=1), one.seen.sum(axis=1)) for one in (before, after)]
    low, high = (float(mood_of(each)) for each in shares)
    # Seeds of their own: drawn alike, the two sides would seem to move together.
    moods = [_resampled(one, SEED + place) for place, one in enumerate((before, after))]
    counts = blocks_in(before), blocks_in(after)
    both_moods = None if moods[0] is None or moods[1] is None else moods[1] - moods[0]
    return Effect(
        marker,
        before_s,
        after_s,
        students=int(both.sum()),
        before=estimate(low, moods[0], counts[0], (-1, 1)),
        after=estimate(high, moods[1], counts[1], (-1, 1)),
        change=estimate(high - low, both_moods, min(counts), (-2, 2), degrees=sum(counts) - 2),
        shares_before=by_emotion(shares[0]),
        shares_after=by_emotion(shares[1]),
    )


def _resampled(windows: Windows, seed: int) -> Floats | None:
    resampled = resampled_class_means(windows, seed=seed)
    return None if resampled is None else mood_of(resampled)
