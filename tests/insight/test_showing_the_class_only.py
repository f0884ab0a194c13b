"""A lesson of which only the class is shown: no figure of fewer than five, and none that tells of one student."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from model_zoo.emotions import EMOTIONS, EmotionScores
from monitor.domain import Lesson, Sample, Shown
from monitor.insight.comparison import lesson_figures
from monitor.insight.export.csv import from_csv, to_csv
from monitor.insight.lesson_minutes import read_minutes
from monitor.insight.mood import whole_course
from monitor.insight.report import report
from monitor.insight.student_report import student_report
from monitor.insight.suppression import LEAST, WINDOW_S, Cohorts, PublishedWindow
from monitor.insight.timeline import Follower, Timeline, read_timeline
from monitor.store.store import Store
from monitor.teaching import MarkerKind
from tests.lesson import HAPPY, NINE, SAD, sample, second

LATER = second(3600)


def begun(store: Store, names: Iterable[str]) -> tuple[Lesson, list[int]]:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", shown=Shown.CLASS)
    return lesson, [store.people.join(lesson.id, name, NINE, "2026-2").student.id for name in names]


def measured(
    store: Store, students: Iterable[int], window: int, scores: EmotionScores | None = HAPPY, count: int = 1
) -> None:
    """Every second of `count` windows from `window` on."""
    seconds = range(window * WINDOW_S, (window + count) * WINDOW_S)
    store.samples.add([sample(student, number, scores) for student in students for number in seconds])


def windows_of(timeline: Timeline) -> dict[int, float]:
    """The share of happy by window since nine."""
    first = int(NINE.timestamp())
    seconds = (timeline.samples["second"] - first) // WINDOW_S
    return {int(window): float(happy) for window, happy in timeline.samples["happy"].groupby(seconds).first().items()}


def test_four_students_give_no_figure_and_five_give_that_of_the_class(store: Store) -> None:
    lesson, students = begun(store, "ABCDE")
    measured(store, students[:4], 0)
    measured(store, students, 1)
    measured(store, students[:2], 2)
    found = read_timeline(store, lesson.id, now=LATER)
    assert windows_of(found) == {1: 6000}
    assert found.about == 5


def test_who_follows_it_reads_the_same_at_each_second(store: Store) -> None:
    """Though what was said is not read again each time."""
    lesson, students = begun(store, "ABCDE")
    keep = timedelta(seconds=25)
    follower = Follower(store, lesson.id, keep)
    for window in range(5):
        measured(store, students, window, HAPPY if window % 2 else SAD)
        if window == 3:
            store.markers.put(lesson.id, second(31), MarkerKind.QUIZ)
        for number in range(WINDOW_S):
            now = second(window * WINDOW_S + number + 20)
            found, read = follower.refresh(now), read_timeline(store, lesson.id, now - keep, now)
            assert found.samples.reset_index(drop=True).equals(read.samples)
            assert (found.lesson, found.students, found.markers, found.about) == (
                read.lesson, read.students, read.markers, read.about,
            )  # fmt: skip
    store.lessons.end(lesson.id, second(45))
    ended = second(66)
    assert follower.refresh(ended).samples["second"].max() == second(44).timestamp()
    assert not follower.refresh(ended).lesson.running


def test_it_holds_no_student_at_all(store: Store) -> None:
    lesson, students = begun(store, ["Ada", "Ben", "Cem", "Dana", "Eve", "Finn"])
    measured(store, students, 0, count=4)
    found = read_timeline(store, lesson.id, now=LATER)
    assert from_csv(to_csv(found)).samples.drop(columns="student_id").equals(found.samples.drop(columns="student_id"))
    assert not any(name in to_csv(found).decode() for name in ("Ada", "Ben", "Cem", "Dana", "Eve", "Finn"))
    assert [student.id for student in found.students] == [0]
    told = report(found, LATER)
    assert (told.students, told.mood_map.students, told.unnamed, told.measured) == ((), (), 0, 5)
    assert told.mood is not None
    assert all(student_report(found, student) is None for student in [0, *students])
    with pytest.raises(ValueError, match="holds no student"):
        replace(found, students=store.people.students(lesson.id))


def test_one_who_comes_is_counted_when_five_have_come(store: Store) -> None:
    lesson, students = begun(store, "ABCDEFGHIJ")
    measured(store, students[:5], 0)
    measured(store, students[:5], 1, SAD)
    measured(store, students[5:9], 1)
    measured(store, students[:5], 2, SAD)
    measured(store, students[5:], 2)
    found = windows_of(read_timeline(store, lesson.id, now=LATER))
    assert found[1] == round(1e4 * SAD.probabilities[EMOTIONS.index("happy")])
    assert found[2] == pytest.approx(1e4 * (0.05 + 0.6) / 2, abs=1)


def test_with_one_who_goes_the_cohort_goes_and_comes_back_with_that_one(store: Store) -> None:
    lesson, students = begun(store, "ABCDEFGHIJ")
    measured(store, students[:5], 0)
    measured(store, students[5:], 0, SAD)
    measured(store, students[:5], 1)
    measured(store, students[6:], 1, SAD)
    measured(store, students, 2, SAD)
    found = windows_of(read_timeline(store, lesson.id, now=LATER))
    assert found == {0: pytest.approx(3250, abs=1), 1: 6000, 2: 500}


def test_a_figure_that_was_shown_never_changes(store: Store) -> None:
    lesson, students = begun(store, "ABCDEF")
    measured(store, students[:5], 0)
    live = read_timeline(store, lesson.id, now=second(50)).samples
    measured(store, students[5:], 0, SAD)  # came late
    store.people.delete(students[0])
    measured(store, students[1:], 1, SAD)
    afterwards = read_timeline(store, lesson.id, now=LATER).samples
    assert afterwards.equals(live)


def test_the_number_of_one_who_was_deleted_is_nobody_else_in_the_cohort(store: Store) -> None:
    lesson, students = begun(store, "ABCDE")
    measured(store, students, 0)
    read_timeline(store, lesson.id, now=second(50))
    store.people.delete(students[-1])
    again = store.people.join(lesson.id, "F", NINE, "2026-2").student.id
    measured(store, [*students[:4], again], 1, SAD)
    assert windows_of(read_timeline(store, lesson.id, now=LATER)) == {0: 6000}


def test_a_window_is_said_when_it_is_over_and_settled(store: Store) -> None:
    lesson, students = begun(store, "ABCDE")
    measured(store, students, 0, count=2)
    follower = Follower(store, lesson.id, keep=timedelta(minutes=11))
    assert follower.refresh(second(44)).empty
    assert windows_of(follower.refresh(second(46))) == {0: 6000}
    assert windows_of(follower.refresh(second(76))) == {0: 6000, 1: 6000}


def test_what_two_classes_say_alike_is_alike_in_every_figure(store: Store) -> None:
    """Nothing but the published windows leaves: who is behind them, and how they differ, leaves no trace."""
    found = []
    for spread in (0.0, 0.3):
        lesson, students = begun(store, "ABCDEF")
        scores = [EmotionScores.of((0, 0, 0, 0.5 + sign * spread, 0.5 - sign * spread, 0, 0)) for sign in (-1, 1)]
        for window in range(8):
            for place, student in enumerate(students):
                measured(store, [student], window, scores[place % 2])
        timeline = read_timeline(store, lesson.id, now=LATER)
        table = timeline.samples
        found.append((report(timeline, LATER), table, whole_course(timeline).mood))
    (one, samples, mood), (other, same_samples, same_mood) = found
    assert samples.equals(same_samples)
    assert np.array_equal(mood, same_mood)
    assert (one.mood, one.shares, one.face_visible, one.confidence) == (
        other.mood,
        other.shares,
        other.face_visible,
        other.confidence,
    )


def test_a_comparison_reads_what_was_published_and_nothing_else(store: Store) -> None:
    lesson, students = begun(store, "ABCDE")
    measured(store, students, 0, count=3)
    measured(store, students[:3], 3, SAD, count=3)
    lesson = store.lessons.end(lesson.id, second(180))
    store.markers.put(lesson.id, second(45), MarkerKind.QUIZ)
    (minutes,) = read_minutes(store, [lesson])
    assert set(minutes.table["student_id"]) == {0}
    assert minutes.table["start"].diff().tolist()[1:] == [45, 15]
    figures = lesson_figures(minutes)
    assert (figures.students, figures.middle) == (5, None)
    assert figures.mood is not None
    assert figures.mood.value == pytest.approx(0.5)
    with pytest.raises(ValueError, match="of no student"):
        replace(minutes, table=store.minutes.read([lesson.id])[lesson.id])


def test_a_face_in_a_single_second_counts_the_student(store: Store) -> None:
    lesson, students = begun(store, "ABCDE")
    measured(store, students[:4], 0)
    store.samples.add([Sample(students[4], second(3), SAD, 5, 5)])
    found = windows_of(read_timeline(store, lesson.id, now=LATER))
    assert found[0] == pytest.approx(1e4 * (4 * 0.6 + 0.05) / 5, abs=1)


def test_faces_without_a_name_count_for_nothing_as_one_person_may_be_several(store: Store) -> None:
    lesson, students = begun(store, "ABCD")
    measured(store, [*students, *(store.faces.add(lesson.id, NINE).id for _ in range(3))], 0)
    assert read_timeline(store, lesson.id, now=LATER).empty


def test_a_cohort_and_a_figure_of_four_are_refused() -> None:
    with pytest.raises(ValueError, match="5 or more students"):
        Cohorts({1: 1}, {1: LEAST - 1})
    with pytest.raises(ValueError, match="5 students or more"):
        PublishedWindow(0, 4, (0, 0, 0, 10_000, 0, 0, 0), 10_000)
