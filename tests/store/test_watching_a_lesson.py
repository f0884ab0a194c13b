"""Alerts are kept once, whoever watches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain import Lesson
from monitor.errors import LessonError
from monitor.insight.timeline import read_timeline
from monitor.insight.watching import Watcher
from monitor.store.store import Store, open_store
from monitor.teaching import Alert, MarkerKind, Measure, Rule
from tests.lesson import HAPPY, NINE, SAD, sample, seat, second, start

LOW_MOOD = Rule(0, Measure.MOOD, below=True, limit=-0.2, seconds=60)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    yield opened
    opened.close()


def sad_lesson(store: Store, seconds: int = 200) -> Lesson:
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number, SAD) for number in range(seconds)])
    return lesson


def look(watcher: Watcher, store: Store, lesson: Lesson, number: float) -> tuple[Alert, ...]:
    """What is known so many seconds after the start, when every second up to then was looked at."""
    return watcher.look(read_timeline(store, lesson.id), store.markers.of(lesson.id), second(number))


def test_rules_are_added_changed_and_deleted(store: Store) -> None:
    rule = store.alerts.add(LOW_MOOD)
    off = store.alerts.change(replace(rule, limit=-0.4, on=False))
    assert store.alerts.rules() == (off,)
    store.alerts.delete(rule.id)
    store.alerts.delete(rule.id)
    assert store.alerts.rules() == ()
    with pytest.raises(LessonError, match="deleted"):
        store.alerts.change(off)


def test_a_new_rule_does_not_take_the_number_of_one_that_raised_something(store: Store) -> None:
    rule, lesson = store.alerts.add(LOW_MOOD), start(store)
    store.alerts.raised(lesson.id, rule, second(60))
    store.alerts.delete(rule.id)
    assert store.alerts.add(LOW_MOOD).id != rule.id


def test_one_open_alert_of_a_rule_is_kept_in_a_lesson(store: Store) -> None:
    rule, lesson, other = store.alerts.add(LOW_MOOD), start(store), start(store, "Poems")
    first = store.alerts.raised(lesson.id, rule, second(60))
    assert first is not None
    assert store.alerts.raised(lesson.id, rule, second(61)) is None
    assert store.alerts.raised(other.id, rule, second(61)) is not None
    store.alerts.over(lesson.id, rule.id, second(90))
    assert store.alerts.raised(lesson.id, rule, second(60)) is None, "that was this one"
    assert store.alerts.raised(lesson.id, rule, second(200)) is not None
    assert [one.at for one in store.alerts.of(lesson.id)] == [second(60), second(200)]


def test_dismissing_keeps_the_first_moment(store: Store) -> None:
    rule, lesson = store.alerts.add(LOW_MOOD), start(store)
    raised = store.alerts.raised(lesson.id, rule, second(60))
    assert raised is not None
    store.alerts.dismiss(raised.id, second(70))
    store.alerts.dismiss(raised.id, second(80))
    assert store.alerts.of(lesson.id) == (replace(raised, dismissed_at=second(70)),)


def test_a_lesson_takes_its_alerts_and_markers_along(store: Store) -> None:
    rule, lesson = store.alerts.add(LOW_MOOD), start(store)
    store.alerts.raised(lesson.id, rule, second(60))
    store.markers.put(lesson.id, second(5), MarkerKind.QUIZ)
    store.lessons.delete(lesson.id)
    assert store.alerts.of(lesson.id) == ()
    assert store.markers.of(lesson.id) == ()


def test_no_rule_raises_nothing(store: Store) -> None:
    lesson = sad_lesson(store)
    store.alerts.add(replace(LOW_MOOD, on=False))
    assert look(Watcher(store, lesson.id), store, lesson, 203) == ()


def test_what_holds_is_stored_with_the_lesson_once(store: Store) -> None:
    lesson = sad_lesson(store)
    store.alerts.add(LOW_MOOD)
    watcher = Watcher(store, lesson.id)
    assert look(watcher, store, lesson, 61) == ()
    (alert,) = look(watcher, store, lesson, 62)
    assert (alert.at, alert.over_at) == (second(60), None)
    for number in range(64, 200, 7):
        assert look(watcher, store, lesson, number) == (alert,)
    assert store.alerts.of(lesson.id) == (alert,)


def test_two_servers_that_watch_keep_one_alert(store: Store) -> None:
    lesson = sad_lesson(store)
    store.alerts.add(LOW_MOOD)
    here, there = Watcher(store, lesson.id), Watcher(store, lesson.id)
    for number in range(50, 100):
        look(here, store, lesson, number)
        look(there, store, lesson, number)
    assert [one.at for one in store.alerts.of(lesson.id)] == [second(60)]


@pytest.mark.parametrize("down", [10, 40])
def test_a_restart_does_not_double_an_alert(store: Store, down: int) -> None:
    lesson = start(store)
    ada = seat(store, lesson)
    measured = [*range(100), *range(100 + down, 300)]
    store.samples.add([sample(ada, number, SAD) for number in measured])
    store.alerts.add(LOW_MOOD)
    look(Watcher(store, lesson.id), store, lesson, 100)
    after = Watcher(store, lesson.id)
    for number in range(100 + down, 300, 5):
        look(after, store, lesson, number)
    assert [(one.at, one.over_at) for one in store.alerts.of(lesson.id)] == [(second(60), None)]


def test_a_restart_does_not_raise_again_what_is_over(store: Store) -> None:
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number, SAD if number < 100 else HAPPY) for number in range(300)])
    store.alerts.add(LOW_MOOD)
    for _server in range(2):
        look(Watcher(store, lesson.id), store, lesson, 290)
    (alert,) = store.alerts.of(lesson.id)
    assert alert.at == second(60)
    assert alert.over_at is not None


def test_a_rule_that_is_switched_off_ends_what_it_raised(store: Store) -> None:
    lesson = sad_lesson(store)
    rule = store.alerts.add(LOW_MOOD)
    watcher = Watcher(store, lesson.id)
    look(watcher, store, lesson, 100)
    store.alerts.change(replace(rule, on=False))
    (alert,) = look(watcher, store, lesson, 110)
    assert alert.over_at == second(107)


def test_a_rule_set_during_a_lesson_counts_from_then(store: Store) -> None:
    lesson = sad_lesson(store)
    watcher = Watcher(store, lesson.id)
    look(watcher, store, lesson, 100)
    store.alerts.add(LOW_MOOD)
    for number in range(105, 160, 5):
        assert look(watcher, store, lesson, number) == ()
    (alert,) = look(watcher, store, lesson, 190)
    assert alert.at == second(102 + 60)


def test_a_page_that_opens_late_makes_up_for_the_last_ten_minutes_only(store: Store) -> None:
    lesson = sad_lesson(store, 1200)
    store.alerts.add(LOW_MOOD)
    (alert,) = look(Watcher(store, lesson.id), store, lesson, 1203)
    assert alert.at == NINE + timedelta(seconds=600 + 60)


def test_a_break_keeps_quiet(store: Store) -> None:
    lesson = sad_lesson(store)
    store.alerts.add(LOW_MOOD)
    store.markers.put(lesson.id, second(30), MarkerKind.BREAK, left_out=True)
    assert look(Watcher(store, lesson.id), store, lesson, 203) == ()


def test_dismissing_is_known_at_once(store: Store) -> None:
    lesson = sad_lesson(store)
    store.alerts.add(LOW_MOOD)
    watcher = Watcher(store, lesson.id)
    (alert,) = look(watcher, store, lesson, 100)
    watcher.dismiss(alert, second(101))
    (dismissed,) = look(watcher, store, lesson, 101)
    assert dismissed.dismissed_at == second(101)
