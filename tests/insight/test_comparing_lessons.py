from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.domain import Lesson
from monitor.insight.bootstrap import Estimate
from monitor.insight.comparison import (
    LessonFigures,
    Middle,
    by_class,
    by_kind,
    lesson_figures,
    median,
    parts,
)
from monitor.insight.lesson_minutes import LessonMinutes, read_minutes
from monitor.insight.report import report
from monitor.insight.timeline import read_timeline
from monitor.store.minutes import COLUMNS
from monitor.store.store import Store
from monitor.teaching import Marker, MarkerKind
from tests.insight.lessons import FIRST, HAPPY, NEUTRAL, SAD, Parts, at, lesson, mixed
from tests.lesson import HAPPY as SMILE
from tests.lesson import SAD as TEARS
from tests.lesson import sample, seat, start

pytestmark = pytest.mark.filterwarnings("error")

Row = tuple[int, int, int, Parts]
"""Student, second since the start, seconds with a face, and what they showed."""


def minutes(rows: Sequence[Row], *markers: Marker, of: Lesson | None = None) -> LessonMinutes:
    made = [
        (student, FIRST + start, seen, seen, 5 * seen, 5 * seen, *(seen * part for part in shown))
        for student, start, seen, shown in rows
    ]
    return LessonMinutes(of or lesson(3600), markers, pd.DataFrame(made, columns=list(COLUMNS)))


def steady(student: int, shown: Parts, first: int, last: int) -> list[Row]:
    """Whole minutes."""
    return [(student, 60 * minute, 60, shown) for minute in range(first, last)]


def marker(kind: MarkerKind, minute: float, until: float | None = None, left_out: bool = False) -> Marker:
    return Marker(1, 1, at(60 * minute), kind, "", None if until is None else at(60 * until), left_out)


def test_a_student_seen_seldom_counts_as_much_as_one_seen_often() -> None:
    found = lesson_figures(minutes([(1, 0, 60, HAPPY), (1, 60, 60, HAPPY), (2, 0, 3, SAD)]))
    assert found.mood == Estimate(0.0)
    assert found.shares[Emotion.HAPPY].value == 0.5
    assert (found.students, found.face_visible) == (2, 1)
    assert list(found.minutes) == [0, 1]
    assert list(found.moods) == [0, 1]


def test_a_lesson_of_four_minutes_has_an_interval() -> None:
    three, four = (lesson_figures(minutes(steady(1, mixed(happy=3000), 0, count))) for count in (3, 4))
    assert three.mood == Estimate(0.3)
    assert four.mood is not None
    assert list(four.mood.bounds) == pytest.approx([0.3, 0.3])


def test_the_middle_half_of_the_students_takes_four_of_them() -> None:
    """Moods 0, 0.2, 0.4, 0.6."""
    rows: list[Row] = [(number, 0, 60, mixed(happy=2000 * (number - 1))) for number in (1, 2, 3, 4)]
    middle = lesson_figures(minutes(rows)).middle
    assert isinstance(middle, Middle)
    assert (middle.median, middle.low, middle.high) == pytest.approx((0.3, 0.15, 0.45))
    assert lesson_figures(minutes(rows[:3])).middle is None


def test_minutes_that_are_left_out_count_for_nothing() -> None:
    """Minute 2 is cut by the span: its first half counts."""
    rows = [*steady(1, HAPPY, 0, 2), (1, 120, 30, HAPPY), (1, 150, 30, SAD), *steady(1, SAD, 3, 6)]
    rows += steady(1, HAPPY, 6, 8)
    found = lesson_figures(minutes(rows, marker(MarkerKind.BREAK, 2.5, 6, left_out=True)))
    assert found.mood is not None
    assert found.mood.value == 1
    assert list(found.minutes) == [0, 1, 2, 6, 7]


def test_a_lesson_without_samples_compares_as_nothing() -> None:
    found = lesson_figures(minutes([]))
    assert (found.students, found.mood, found.shares, found.middle, len(found.minutes)) == (0, None, {}, None, 0)
    assert parts(minutes([], marker(MarkerKind.QUIZ, 0))) == ()


def test_a_part_goes_from_its_marker_to_the_next_or_to_its_own_end() -> None:
    rows = [*steady(1, HAPPY, 0, 5), *steady(1, SAD, 5, 10), *steady(1, NEUTRAL, 10, 20)]
    found = parts(
        minutes(
            rows,
            marker(MarkerKind.EXERCISE, 0),
            marker(MarkerKind.QUESTION, 5, until=10),
            marker(MarkerKind.BREAK, 12, until=15, left_out=True),
            marker(MarkerKind.EXERCISE, 16),
            marker(MarkerKind.NOTE, 19.8),
        )
    )
    assert [(part.marker.kind, part.minutes, part.mood.value) for part in found] == [
        (MarkerKind.EXERCISE, 5, 1),
        (MarkerKind.QUESTION, 5, -1),
        (MarkerKind.EXERCISE, 4, 0),
    ]


def test_parts_of_a_kind_are_put_together() -> None:
    rows = [*steady(1, HAPPY, 0, 2), *steady(1, SAD, 2, 4), *steady(1, mixed(happy=5000), 4, 6)]
    cut = [(MarkerKind.EXERCISE, 0), (MarkerKind.QUESTION, 2), (MarkerKind.EXERCISE, 4)]
    exercise, question = by_kind(parts(minutes(rows, *(marker(kind, minute) for kind, minute in cut))))
    assert (exercise.name, exercise.count, exercise.moods, exercise.mood) == (
        "exercise", 2, (1, 0.5), Estimate(0.75),
    )  # fmt: skip
    assert (question.name, question.mood) == ("question", Estimate(-1))
    assert exercise.shares[Emotion.NEUTRAL] == Estimate(0.25)


def figures(class_id: int | None, mood: float | None) -> LessonFigures:
    shares = {} if mood is None else {emotion: Estimate(1 / 7) for emotion in EMOTIONS}
    estimate = None if mood is None else Estimate(mood)
    nothing = np.zeros(0, np.int64)
    of = replace(lesson(60), class_id=class_id)
    return LessonFigures(of, 1, 1.0, estimate, shares, None, nothing, np.zeros((0, 7)), np.zeros(0))


def test_classes_are_compared_by_the_median_of_their_lessons() -> None:
    found = [figures(2, 0.1), figures(2, 0.3), figures(2, None), figures(1, -0.2), figures(None, 0.9), figures(3, 0.8)]
    later, earlier = by_class(found, {1: "9a", 2: "7b"})
    assert (later.name, later.count, later.mood) == ("7b", 2, Estimate(0.2))
    assert (earlier.name, earlier.mood) == ("9a", Estimate(-0.2))


@pytest.mark.parametrize(
    ("count", "places"),
    [(1, None), (5, None), (6, (0, 5)), (8, (0, 7)), (9, (1, 7)), (20, (5, 14))],
)
def test_the_interval_of_a_median_is_that_of_the_sign_test(count: int, places: tuple[int, int] | None) -> None:
    """Places as in tables of the sign test, 5 % on both sides."""
    found = median([float(value) for value in reversed(range(count))])
    assert found.value == (count - 1) / 2
    assert (found.low, found.high) == (places or (None, None))


def test_the_comparison_agrees_with_the_report(store: Store) -> None:
    begun = start(store)
    students = [seat(store, begun, name) for name in ("Ada", "Ben")]
    ada = [sample(students[0], number, SMILE if number % 3 else TEARS) for number in range(400)]
    ben = [sample(students[1], number, None if number % 5 else TEARS) for number in range(100, 350)]
    store.samples.add([*ada, *ben])
    store.markers.put(begun.id, ada[130].at, MarkerKind.BREAK, until=ada[171].at, left_out=True)
    ended = store.lessons.end(begun.id, ada[-1].at)
    (read,) = read_minutes(store, [ended])
    compared, reported = lesson_figures(read), report(read_timeline(store, ended.id), ended.started_at)
    assert compared.mood is not None
    assert reported.mood is not None
    assert compared.mood.value == pytest.approx(reported.mood.value)
    assert compared.face_visible == pytest.approx(reported.face_visible)
    for emotion in EMOTIONS:
        assert compared.shares[emotion].value == pytest.approx(reported.shares[emotion].value)
    assert not math.isnan(compared.moods[0])
