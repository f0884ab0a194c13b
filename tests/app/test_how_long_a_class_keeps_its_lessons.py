"""A teacher says how long a class's lessons are kept; students read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.people.audit import Action
from monitor.store.store import Store
from monitor.teaching import SchoolClass
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, press, text


@pytest.fixture
def own(store: Store) -> SchoolClass:
    return store.classes.create("7b", datetime.now(UTC))


def held(store: Store, own: SchoolClass, days_ago: int) -> int:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    lesson = store.lessons.start("Fractions", at, "tiny", "YuNet", class_id=own.id)
    return store.lessons.end(lesson.id, at).id


def test_a_class_gets_a_time_of_its_own(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = visit("classes", **{"class": str(own.id)})
    field = shown.number_input[0]
    assert (field.value, field.placeholder) == (None, "30, as everywhere")
    field.set_value(90)
    press(shown, "Keep them so long")
    assert calm(shown)
    assert "Lessons of 7b are kept for 90 days." in text(shown)
    assert store.classes.get(own.id).keep_days == 90
    (entry,) = store.audit.newest(action=Action.RETENTION)
    assert (entry.deed.actor, entry.deed.number, entry.deed.detail) == ("account:1", own.id, "days=90")


def test_a_shorter_time_asks_before_it_deletes_lessons(visit: Visit, store: Store, own: SchoolClass) -> None:
    for days_ago in (5, 12, 20):
        held(store, own, days_ago)
    shown = visit("classes", **{"class": str(own.id)})
    shown.number_input[0].set_value(10)
    press(shown, "Keep them so long")
    assert "2 lessons are older than that: they are deleted for good" in text(shown)
    assert "Leave it as it was" in labels(shown)
    assert store.classes.get(own.id).keep_days is None
    agree = next(one for one in shown.button if one.label == "Delete for good")
    agree.click().run()
    assert calm(shown)
    assert store.classes.get(own.id).keep_days == 10
    assert len(store.lessons.ended()) == 3  # until the clock's next look


def test_a_student_reads_the_days_of_the_class(visit: Visit, store: Store, own: SchoolClass) -> None:
    store.classes.keep(own.id, 14)
    lesson = store.lessons.start("Fractions", datetime.now(UTC), "tiny", "YuNet", class_id=own.id)
    assert "14 days, or until you or your teacher delete it" in text(visit(join=lesson.code))
    other = store.lessons.start("Maps", datetime.now(UTC), "tiny", "YuNet")
    assert "30 days, or until" in text(visit(join=other.code))


def test_an_old_lesson_is_gone_when_the_dashboard_starts(visit: Visit, store: Store, own: SchoolClass) -> None:
    held(store, own, 40)
    kept = held(store, own, 20)
    assert calm(visit("lessons"))
    assert [one.id for one in store.lessons.ended()] == [kept]
