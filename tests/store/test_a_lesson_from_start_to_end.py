from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from monitor.errors import InvalidName, LessonOver, StoreError, UnknownCode
from monitor.store import lessons
from monitor.store.store import Store
from tests.lesson import NINE, sample, seat, second, start


def test_a_started_lesson_is_running_under_its_code(store: Store) -> None:
    lesson = start(store, "  Fractions \t 7b ")
    assert lesson.title == "Fractions 7b"
    assert lesson.running
    assert store.lessons.running() == (lesson,)
    assert store.lessons.get(lesson.id) == store.lessons.by_code(lesson.code) == lesson
    assert store.lessons.ended() == ()


def test_times_come_back_aware_and_to_the_microsecond(store: Store) -> None:
    at = datetime(2026, 11, 23, 9, 0, 1, 234567, tzinfo=UTC)
    assert store.lessons.get(start(store, at=at).id).started_at == at


@pytest.mark.parametrize("title", ["", "  \n ", "x" * 121, "bell\x07"])
def test_a_title_that_cannot_be_shown_is_refused(store: Store, title: str) -> None:
    with pytest.raises(InvalidName, match="1 to 120 printable characters"):
        start(store, title)
    assert store.lessons.running() == ()


def test_a_code_has_nothing_that_is_mistaken_or_a_word() -> None:
    codes = [lessons.join_code() for _ in range(300)]
    assert all(re.fullmatch(r"[B-DF-HJ-NP-TV-XZ2-9]{4}-[B-DF-HJ-NP-TV-XZ2-9]{4}", code) for code in codes)
    assert len(set(codes)) > 290


@pytest.mark.parametrize(
    ("code", "written"),
    [
        *(("K7TM-4N2B", one) for one in ("K7TM-4N2B", "k7tm4n2b", " K7tm 4n2b ", "K7TM–4N2B", "K.7.T.M 4 N 2 B")),
        ("KIT-492", "kit 492"),  # of an earlier version
    ],
)
def test_a_code_is_known_however_it_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: str, written: str
) -> None:
    monkeypatch.setattr(lessons, "join_code", lambda: code)
    lesson = start(store)
    assert store.lessons.by_code(written) == lesson


@pytest.mark.parametrize("written", ["", "KIT", "KIT-493", "x" * 5000, "'; drop table lessons; --", "🙂"])
def test_an_unknown_code_says_what_a_code_looks_like(store: Store, written: str) -> None:
    start(store)
    with pytest.raises(UnknownCode, match="A code looks like K7TM-4N2B"):
        store.lessons.by_code(written)


def test_a_taken_code_is_drawn_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["KIT-492", "KIT-492", "KIT-492", "MOP-222"])
    monkeypatch.setattr(lessons, "join_code", lambda: next(drawn))
    assert [start(store).code, start(store).code] == ["KIT-492", "MOP-222"]


def test_no_free_code_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "join_code", lambda: "KIT-492")
    start(store)
    with pytest.raises(StoreError, match="try again"):
        start(store)


@pytest.mark.parametrize("wanted", [-1, 0, 999, 10**30])
def test_a_lesson_that_is_not_there_may_have_been_deleted(store: Store, wanted: int) -> None:
    start(store)
    with pytest.raises(UnknownCode, match=f"There is no lesson {wanted}; it may have been deleted"):
        store.lessons.get(wanted)


def test_the_code_of_an_ended_lesson_says_that_it_is_over(store: Store) -> None:
    lesson = start(store)
    ended = store.lessons.end(lesson.id, second(60))
    assert ended.ended_at == second(60)
    assert ended.duration(second(99)).total_seconds() == 60
    with pytest.raises(LessonOver, match=r"Fractions.* is over"):
        store.lessons.by_code(lesson.code)
    assert store.lessons.running() == ()
    assert store.lessons.ended() == (ended,)


def test_ending_twice_keeps_the_first_end(store: Store) -> None:
    lesson = start(store)
    store.lessons.end(lesson.id, second(60))
    assert store.lessons.end(lesson.id, second(90)).ended_at == second(60)


def test_a_lesson_never_ends_before_it_began(store: Store) -> None:
    assert store.lessons.end(start(store).id, second(-60)).ended_at == NINE


def test_nothing_is_kept_of_after_the_end(store: Store) -> None:
    """A lesson may end where its server was killed, after cameras came back; and a second may arrive late."""
    lesson, other = start(store), start(store)
    ada, ben = seat(store, lesson), seat(store, other)
    store.samples.add([sample(student, at) for student in (ada, ben) for at in (58, 59, 60, 61)])
    store.lessons.end(lesson.id, second(60))
    store.samples.add([sample(student, at) for student in (ada, ben) for at in (57, 62)])
    kept = {one.id: [at - NINE.timestamp() for at in store.samples.read(one.id)["second"]] for one in (lesson, other)}
    assert kept == {lesson.id: [57, 58, 59], other.id: [57, 58, 59, 60, 61, 62]}


def test_lessons_are_listed_the_newest_first(store: Store) -> None:
    first, then = start(store, "one"), start(store, "two", second(100))
    assert [one.title for one in store.lessons.running()] == ["two", "one"]
    for lesson in (then, first):
        store.lessons.end(lesson.id, second(200))
    assert [one.title for one in store.lessons.ended()] == ["two", "one"]


def test_a_deleted_lesson_takes_everything_with_it_and_nothing_else(store: Store) -> None:
    gone, stays = start(store), start(store)
    for lesson in (gone, stays):
        store.samples.add([sample(seat(store, lesson), 1)])
    store.lessons.delete(gone.id)
    store.lessons.delete(gone.id)
    with pytest.raises(UnknownCode, match="may have been deleted"):
        store.lessons.get(gone.id)
    with pytest.raises(UnknownCode, match="may have been deleted"):
        store.lessons.end(gone.id, second(1))
    assert store.people.students(gone.id) == ()
    assert store.samples.read(gone.id).empty
    assert len(store.samples.read(stays.id)) == 1


def test_the_last_sample_tells_where_a_lesson_stopped(store: Store) -> None:
    lesson = start(store)
    assert store.lessons.last_sample_at(lesson.id) is None
    ada, ben = seat(store, lesson, "Ada"), seat(store, lesson, "Ben")
    store.samples.add([sample(ada, 7), sample(ben, 3)])
    assert store.lessons.last_sample_at(lesson.id) == second(7)


@pytest.mark.parametrize("number", [-1, -(2**70), 2**31, 2**70])
def test_a_number_that_no_lesson_can_have_is_unknown(store: Store, number: int) -> None:
    with pytest.raises(UnknownCode, match="There is no lesson"):
        store.lessons.get(number)
