"""Lessons, parts of lessons and classes beside one another. Students are never compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.domain import Lesson
from monitor.insight.bootstrap import Estimate, blocks_in, resampled_class_means
from monitor.insight.left_out import Span, inside
from monitor.insight.lesson_minutes import LessonMinutes, minute_windows
from monitor.insight.mood import known, mood_of
from monitor.insight.report import estimated_mood, estimated_shares
from monitor.insight.windows import Floats, Ints, Windows, class_mean, ratio
from monitor.teaching import Marker, MarkerKind, edge

LEAST_STUDENTS = 4
"""With fewer, the middle half of a class is a person or two."""
SHORTEST_PART_S = 30


@dataclass(frozen=True, slots=True)
class Middle:
    """The middle of several values, and the half of them around it: first and third quartile."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class LessonFigures:
    """What a lesson came to, for a comparison: as in `Report`, with intervals of resampled minutes.

    `students`: how many were measured; `middle`: the moods of the middle half of them, None with fewer than four;
    `minutes` (windows,) since the lesson's first measured minute; `shares` (windows, 7) and `moods` (windows,) of the
    class in each, NaN where nobody was seen.
    """

    lesson: Lesson
    students: int
    face_visible: float | None
    mood: Estimate | None
    shares: dict[Emotion, Estimate]
    middle: Middle | None
    minutes: Ints
    course: Floats
    moods: Floats


@dataclass(frozen=True)
class Part:
    """From a marker to what ends it: its own end, the next marker, or the lesson's end."""

    lesson: Lesson
    marker: Marker
    minutes: float
    mood: Estimate
    shares: dict[Emotion, Estimate]


@dataclass(frozen=True)
class Group:
    """Several lessons of a class, or several parts of one kind: medians over them, with intervals for the medians."""

    name: str
    count: int
    moods: tuple[float, ...]
    mood: Estimate
    shares: dict[Emotion, Estimate]


def lesson_figures(minutes: LessonMinutes) -> LessonFigures:
    if minutes.empty:
        nothing = np.zeros(0, np.int64)
        return LessonFigures(minutes.lesson, 0, None, None, {}, None, nothing, np.zeros((0, 7)), np.zeros(0))
    windows = minute_windows(minutes)
    mood, shares = _estimates(windows)
    course = windows.class_means
    return LessonFigures(
        lesson=minutes.lesson,
        students=int((windows.seconds.sum(axis=1) > 0).sum()) if minutes.about is None else minutes.about,
        face_visible=known(ratio(windows.faces.sum(), windows.frames.sum())),
        mood=mood,
        shares=shares,
        middle=_middle(mood_of(ratio(windows.scores.sum(axis=1), windows.seen.sum(axis=1)[:, None]))),
        minutes=(windows.starts - minutes.first) // windows.width,
        course=course,
        moods=mood_of(course),
    )


def parts(minutes: LessonMinutes) -> tuple[Part, ...]:
    """The earliest first; without those that are left out, shorter than 30 s, or in which nobody was seen."""
    if minutes.empty:
        return ()
    found = []
    for marker, span in _spans(minutes):
        windows = minute_windows(minutes, span)
        mood, shares = _estimates(windows)
        if mood is not None:
            length = float(windows.seconds.max(axis=0).sum() / 60)
            found.append(Part(minutes.lesson, marker, length, mood, shares))
    return tuple(found)


def by_kind(found: Iterable[Part]) -> tuple[Group, ...]:
    """The parts of each kind together, in the order of the kinds."""
    kinds = list(MarkerKind)
    ordered = sorted(found, key=lambda part: kinds.index(part.marker.kind))
    return tuple(
        _group(kind.value, [(part.mood, part.shares) for part in of])
        for kind, of in groupby(ordered, key=lambda part: part.marker.kind)
    )


def by_class(found: Iterable[LessonFigures], names: Mapping[int, str]) -> tuple[Group, ...]:
    """The lessons of each class together, by the class's name; lessons of no class or without a mood count for none."""
    lessons: dict[int, list[tuple[Estimate, dict[Emotion, Estimate]]]] = {}
    for one in found:
        class_id = one.lesson.class_id
        if one.mood is not None and class_id is not None and class_id in names:
            lessons.setdefault(class_id, []).append((one.mood, one.shares))
    return tuple(_group(names[key], lessons[key]) for key in sorted(lessons, key=lambda key: names[key].casefold()))


def median(values: Sequence[float]) -> Estimate:
    """With the interval of the sign test: from one of the ordered values to the one as far from the other end.

    It assumes nothing but that the values are independent, and takes six of them: no interval with fewer.
    """
    ordered = sorted(values)
    count = len(ordered)
    outside, place = 0.0, -1
    for below in range(count // 2):
        outside += 2 * math.comb(count, below) / 2**count
        if outside > 0.05:
            break
        place = below
    middle = float(np.median(ordered))
    return Estimate(middle) if place < 0 else Estimate(middle, ordered[place], ordered[count - 1 - place])


def _group(name: str, found: Sequence[tuple[Estimate, dict[Emotion, Estimate]]]) -> Group:
    moods = tuple(mood.value for mood, _ in found)
    shares = {emotion: median([each[emotion].value for _, each in found]) for emotion in EMOTIONS}
    return Group(name, len(found), moods, median(moods), shares)


def _estimates(windows: Windows) -> tuple[Estimate | None, dict[Emotion, Estimate]]:
    shares = class_mean(windows.scores.sum(axis=1), windows.seen.sum(axis=1))
    resampled, blocks = resampled_class_means(windows), blocks_in(windows)
    return estimated_mood(shares, resampled, blocks), estimated_shares(shares, resampled, blocks)


def _middle(moods: Floats) -> Middle | None:
    seen = moods[~np.isnan(moods)]
    if len(seen) < LEAST_STUDENTS:
        return None
    low, middle, high = np.percentile(seen, (25, 50, 75))
    return Middle(float(middle), float(low), float(high))


def _spans(minutes: LessonMinutes) -> list[tuple[Marker, Span]]:
    """Each marker with its part of the lesson."""
    spans, edges = minutes.left_out, sorted(edge(marker.at) for marker in minutes.markers)
    found = []
    for marker in minutes.markers:
        first = edge(marker.at)
        later = [second for second in edges if second > first]
        ends = [*later[:1], minutes.last, *([edge(marker.until)] if marker.until else [])]
        last = min(ends)
        if last - first >= SHORTEST_PART_S and not inside(np.array([first]), spans).any():
            found.append((marker, Span(first, last)))
    return found
