from __future__ import annotations

from monitor.domain import Shown
from monitor.insight.suppression import PublishedWindow
from monitor.insight.timeline import read_timeline
from monitor.store.store import Store
from tests.lesson import NINE, sample, second

SHARES = (0, 0, 0, 6000, 0, 0, 4000)


def lesson_of(store: Store, students: int) -> tuple[int, list[int]]:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", shown=Shown.CLASS)
    return lesson.id, [store.people.join(lesson.id, f"S{n}", NINE, "2026-3 en").student.id for n in range(students)]


def test_windows_are_kept_in_turn_and_only_what_is_said_is_read(store: Store) -> None:
    lesson_id, _students = lesson_of(store, 0)
    assert store.published.newest(lesson_id) is None
    said, silent = PublishedWindow(30, 5, SHARES, 9000), PublishedWindow(60)
    assert store.published.keep(lesson_id, None, [said, silent], {}, {})
    assert store.published.newest(lesson_id) == 60
    found = store.published.read(lesson_id)
    assert found[["start", "students", "visible", "happy"]].to_numpy().tolist() == [[30, 5, 9000, 6000]]
    assert store.published.read(lesson_id, since=60).empty
    assert store.published.most(lesson_id) == 5


def test_of_two_who_publish_at_once_the_second_keeps_nothing(store: Store) -> None:
    lesson_id, students = lesson_of(store, 5)
    first, late = PublishedWindow(30, 5, SHARES, 9000), PublishedWindow(30, 5, SHARES, 1)
    cohort = dict.fromkeys(students, 1)
    assert store.published.keep(lesson_id, None, [first], cohort, {1: 5})
    assert not store.published.keep(lesson_id, None, [late], cohort, {1: 5})
    assert store.published.read(lesson_id)["visible"].tolist() == [9000]
    assert store.published.cohorts(lesson_id) == (cohort, {1: 5})


def test_a_cohort_remembers_its_size_when_one_of_it_is_deleted(store: Store) -> None:
    lesson_id, students = lesson_of(store, 5)
    store.published.keep(lesson_id, None, [PublishedWindow(30)], dict.fromkeys(students, 1), {1: 5})
    store.people.delete(students[0])
    of, sizes = store.published.cohorts(lesson_id)
    assert (set(of), sizes) == (set(students[1:]), {1: 5})


def test_with_the_lesson_all_of_it_goes(store: Store) -> None:
    lesson_id, students = lesson_of(store, 5)
    store.published.keep(lesson_id, None, [PublishedWindow(30)], dict.fromkeys(students, 1), {1: 5})
    store.lessons.delete(lesson_id)
    assert store.published.newest(lesson_id) is None
    assert store.published.cohorts(lesson_id) == ({}, {})
    assert not store.published.keep(lesson_id, None, [PublishedWindow(60)], {}, {})


def test_a_lesson_is_published_from_what_is_in_the_database(store: Store) -> None:
    lesson_id, students = lesson_of(store, 5)
    store.samples.add([sample(student, number) for student in students for number in range(30)])
    found = read_timeline(store, lesson_id, now=second(60))
    assert len(found.samples) == 30
    assert set(found.samples["happy"]) == {6000}
