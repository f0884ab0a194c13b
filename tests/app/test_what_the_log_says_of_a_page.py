"""Views of a student, files and deletions are in the audit log, without a name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.trail import noted_export
from monitor.domain import Lesson
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, press
from tests.lesson import sample, seat, start


@pytest.fixture
def lesson(store: Store) -> Lesson:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    lesson = start(store, at=at)
    for name in ("Ada", "Ben"):
        one = seat(store, lesson, name)
        store.samples.add([sample(one, number) for number in range(5)])
    return store.lessons.end(lesson.id, at + timedelta(minutes=5))


def log(store: Store) -> list[tuple[str, str, str, int | None, str]]:
    """The oldest first."""
    deeds = [one.deed for one in reversed(store.audit.newest())]
    return [(one.actor, one.action, one.kind, one.number, one.detail) for one in deeds]


def test_looking_at_a_student_is_noted_once_a_visit(visit: Visit, store: Store, lesson: Lesson) -> None:
    ada, ben = store.people.students(lesson.id)
    shown = visit("report", lesson=str(lesson.id))
    assert log(store) == []
    shown.query_params["student"] = str(ada.id)
    assert calm(shown.run().run())
    shown.query_params["student"] = str(ben.id)
    shown.run()
    press(shown, "Whole class")
    shown.query_params["student"] = str(ben.id)
    shown.run()
    of_lesson = f"lesson={lesson.id}"
    assert log(store) == [
        ("account:1", Action.VIEW_STUDENT, "student", ada.id, of_lesson),
        ("account:1", Action.VIEW_STUDENT, "student", ben.id, of_lesson),
        ("account:1", Action.VIEW_STUDENT, "student", ben.id, of_lesson),
    ]


def test_a_file_is_noted_before_it_is_made(store: Store, lesson: Lesson) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(len(log(store)))
        return b"file"

    export = noted_export(make, lesson.id, "pdf")
    assert log(store) == []
    assert export() == b"file"
    assert made == [1]
    assert log(store) == [("account:1", Action.EXPORT, "lesson", lesson.id, "pdf")]


def test_deleting_a_lesson_is_noted(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = visit("lessons")
    shown.session_state["lessons"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    press(shown.run(), "Delete")
    asked, agree = (one for one in shown.button if one.label == "Delete")
    asked.click()  # AppTest runs the whole page, which shows its dialog only where this was pressed
    agree.click().run()
    assert store.lessons.ended() == ()
    assert log(store) == [("account:1", Action.DELETE, "lesson", lesson.id, "")]


def test_a_student_who_deletes_everything_is_noted(visit: Visit, store: Store) -> None:
    running = start(store, at=datetime.now(UTC))
    seat_ = store.people.join(running.id, "Ada", datetime.now(UTC), "1")
    shown = visit(join=running.code, seat=seat_.secret)
    press(press(shown, "Leave and delete all of it"), "Delete for good")
    number = seat_.student.id
    assert store.people.students(running.id) == ()
    assert log(store) == [(f"student:{number}", Action.DELETE, "student", number, "")]
