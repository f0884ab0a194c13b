"""A lesson in the making: what tests of several rooms need of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from model_zoo.emotions import EmotionScores
from monitor.domain import Lesson, Sample
from monitor.people.purpose import Purpose, Statement
from monitor.store.store import Store

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HAPPY = EmotionScores((0.05, 0.01, 0.04, 0.6, 0.1, 0.08, 0.12))
SAD = EmotionScores((0.1, 0.02, 0.08, 0.05, 0.6, 0.03, 0.12))


def second(number: float) -> datetime:
    """So many seconds after nine."""
    return NINE + timedelta(seconds=number)


def start(store: Store, title: str = "Fractions", at: datetime = NINE) -> Lesson:
    return store.lessons.start(title, at, "tiny", "YuNet")


def state(store: Store) -> None:
    """For what the installation is used, without which nothing is measured."""
    store.statements.add(Statement(Purpose.SIMULATION, "Actors in room 12", "eve", NINE))


def seat(store: Store, lesson: Lesson, name: str = "Ada") -> int:
    """A student who joined; the id."""
    return store.people.join(lesson.id, name, lesson.started_at, "2026-1").student.id


def sample(student_id: int, number: int, scores: EmotionScores | None = HAPPY) -> Sample:
    return Sample(student_id, second(number), scores, 0 if scores is None else 5, 5)
