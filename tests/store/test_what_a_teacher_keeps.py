"""Classes, markers and alerts, and two students who turn out to be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import InvalidMarker, InvalidName, InvalidRule, LessonError, UnknownClass
from monitor.store.store import Store
from monitor.teaching import MarkerKind, Measure, Rule
from tests.lesson import HAPPY, NINE, SAD, sample, seat, second, start


def test_a_class_keeps_its_roster_by_name(store: Store) -> None:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ben", "ada"])
    assert [one.name for one in store.classes.add_members(own.id, ["Cem", "ADA", "cem"])] == ["Cem"]
    assert [one.name for one in store.classes.members(own.id)] == ["ada", "Ben", "Cem"]
    assert store.classes.all() == (own,)


def test_two_classes_have_two_names(store: Store) -> None:
    store.classes.create("7b", NINE)
    with pytest.raises(InvalidName, match="7B"):
        store.classes.create("7B", NINE)


def test_a_roster_of_no_class_is_refused(store: Store) -> None:
    with pytest.raises(UnknownClass, match="99"):
        store.classes.add_members(99, ["Ada"])


def test_a_marker_is_put_moved_and_removed(store: Store) -> None:
    lesson = start(store)
    late = store.markers.put(lesson.id, second(60), MarkerKind.BREAK, until=second(90), left_out=True)
    early = store.markers.put(lesson.id, second(10), MarkerKind.NOTE, "  loud   outside ")
    assert [one.words for one in store.markers.of(lesson.id)] == ["loud outside", "break"]
    moved = store.markers.change(replace(late, at=second(5)))
    assert store.markers.of(lesson.id) == (moved, early)
    store.markers.remove(early.id)
    assert store.markers.of(lesson.id) == (moved,)
    store.markers.remove(moved.id)
    with pytest.raises(LessonError, match="removed"):
        store.markers.change(moved)


def test_a_span_that_ends_before_it_begins_is_refused(store: Store) -> None:
    with pytest.raises(InvalidMarker, match="09:01:00 to 09:00:30"):
        store.markers.put(start(store).id, second(60), MarkerKind.BREAK, until=second(30))


def test_a_rule_has_limits_that_its_measure_can_reach() -> None:
    with pytest.raises(InvalidRule, match="0 to 1"):
        Rule(1, Measure.FACE_VISIBLE, below=True, limit=-0.2, seconds=60)
    with pytest.raises(InvalidRule, match="seconds"):
        Rule(1, Measure.MOOD, below=True, limit=-0.2, seconds=0)


def test_an_alert_keeps_the_rule_as_it_stood(store: Store) -> None:
    lesson, rule = start(store), Rule(3, Measure.MOOD, below=True, limit=-0.2, seconds=60)
    raised = store.alerts.raised(lesson.id, rule, second(70))
    assert raised is not None
    assert store.alerts.of(lesson.id) == (raised,)
    assert raised.rule == rule


def test_two_students_who_are_one_have_one_sample_a_second(store: Store) -> None:
    lesson = start(store)
    ada, ghost = seat(store, lesson, "Ada"), seat(store, lesson, "Face 3")
    store.samples.add([sample(ada, 1, None), sample(ada, 2, HAPPY), sample(ghost, 1, SAD), sample(ghost, 2, SAD)])
    store.samples.add([sample(ghost, 3, SAD)])
    assert store.people.merge(ada, ghost).name == "Ada"
    table = store.samples.read(lesson.id)
    assert table["student_id"].tolist() == [ada] * 3
    # The face of second 1 is the other's, that of second 2 her own.
    assert table["happy"].tolist() == [500, 6000, 500]


def test_students_of_two_lessons_are_not_merged(store: Store) -> None:
    one, other = start(store), start(store, at=NINE + timedelta(days=1))
    with pytest.raises(LessonError, match="one lesson"):
        store.people.merge(seat(store, one), seat(store, other))
