"""A lesson is deleted when it has been over for as many days as its students were told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.errors import InvalidRetention, UnknownCode
from monitor.store.store import Store
from tests.lesson import NINE, sample, seat, second, start

DAYS = 30


def later(number: float, days: int = DAYS) -> datetime:
    """So many seconds after nine, and days after that."""
    return second(number) + timedelta(days=days)


def purge(store: Store, now: datetime) -> list[int]:
    return [one.lesson_id for one in store.retention.purge(now, DAYS)]


def of_class(store: Store, days: int | None, name: str = "7b") -> tuple[int, int]:
    """A class that keeps its lessons so long, and a lesson of it that ended a minute after nine."""
    own = store.classes.create(name, NINE)
    store.classes.keep(own.id, days)
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    store.lessons.end(lesson.id, second(60))
    return own.id, lesson.id


def test_lessons_that_ended_long_ago_are_purged_with_their_samples(store: Store) -> None:
    old, recent, running = start(store, "old"), start(store, "recent"), start(store, "running")
    store.samples.add([sample(seat(store, old), 1)])
    store.samples.add([sample(seat(store, running), 100)])
    store.lessons.end(old.id, second(60))
    kept = store.lessons.end(recent.id, second(100))
    assert purge(store, later(100)) == [old.id]
    assert purge(store, later(100)) == []
    assert store.lessons.ended() == (kept,)
    assert store.lessons.running() == (running,)
    assert store.samples.read(old.id).empty


def test_a_lesson_that_nobody_ended_is_purged_as_if_it_had_ended_with_its_last_sample(store: Store) -> None:
    forgotten, empty, alive = start(store, "forgotten"), start(store, "empty"), start(store, "alive")
    store.samples.add([sample(seat(store, forgotten), 99), sample(seat(store, alive), 100)])
    assert purge(store, later(100)) == [empty.id, forgotten.id]
    assert store.lessons.running() == (alive,)
    assert store.samples.read(forgotten.id).empty
    with pytest.raises(UnknownCode):
        store.lessons.get(empty.id)


def test_each_class_keeps_its_lessons_as_long_as_it_says(store: Store) -> None:
    (_, short), (_, usual), (_, long) = (of_class(store, days, f"{days}") for days in (7, None, 90))
    assert purge(store, later(60, days=7)) == []
    assert purge(store, later(61, days=7)) == [short]
    assert purge(store, later(61, days=30)) == [usual]
    assert purge(store, later(61, days=89)) == []
    assert purge(store, later(61, days=90)) == [long]


def test_a_shorter_time_holds_for_lessons_that_are_there(store: Store) -> None:
    own, lesson = of_class(store, 90)
    store.classes.keep(own, 10)
    (due,) = store.retention.due(later(61, days=10), DAYS)
    assert (due.lesson_id, due.since, due.days) == (lesson, second(60), 10)


def test_a_longer_time_holds_for_new_lessons_only(store: Store) -> None:
    own, lesson = of_class(store, None)
    store.classes.keep(own, 90)
    new = store.lessons.start("Maps", NINE, "tiny", "YuNet", class_id=own)
    store.lessons.end(new.id, second(60))
    assert (store.lessons.get(lesson).keep_days, new.keep_days) == (None, 90)
    assert purge(store, later(61)) == [lesson]


def test_what_another_time_would_delete_can_be_asked_first(store: Store) -> None:
    own, lesson = of_class(store, 90)
    now = later(61, days=40)
    assert store.retention.due(now, DAYS) == ()
    assert [one.lesson_id for one in store.retention.due(now, DAYS, {own: 20})] == [lesson]
    assert [one.lesson_id for one in store.retention.due(now, DAYS, {own: None})] == [lesson]
    assert store.lessons.get(lesson)


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_what_is_no_time_is_refused(store: Store, days: int) -> None:
    own = store.classes.create("7b", NINE)
    with pytest.raises(InvalidRetention, match="1 to 3650 days"):
        store.classes.keep(own.id, days)
    assert store.classes.get(own.id).keep_days is None
