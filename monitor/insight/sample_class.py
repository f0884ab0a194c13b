"""What came before the sample lesson: shorter made-up lessons of two classes, so that there is something to compare."""

from __future__ import annotations

from datetime import datetime, timedelta

from model_zoo.emotions import Emotion
from monitor.domain import Lesson
from monitor.insight.sample_lesson import NAMES, Events, Marks, add_sample_lesson, hold
from monitor.store.store import Store
from monitor.teaching import MarkerKind, SchoolClass

CLASSES = ("7b (sample)", "9a (sample)")
LENGTH_S = 15 * 60
STUDENTS = 6
# Class, title, how many days before the sample lesson, how cheerful it was.
EARLIER = (
    (0, "Angles", 16, -0.5),
    (1, "Magnets", 15, 0.2),
    (0, "Decimals", 11, 0.1),
    (0, "Negative numbers", 7, -0.2),
    (1, "Electricity", 6, 0.5),
    (0, "Ratios", 3, 0.4),
)
MARKS: Marks = (
    (60, MarkerKind.TOPIC, ""),
    (240, MarkerKind.EXERCISE, ""),
    (420, MarkerKind.QUESTION, ""),
    (600, MarkerKind.EXERCISE, ""),
    (780, MarkerKind.QUIZ, ""),
)


def add_sample_class(store: Store, start: datetime) -> Lesson:
    """The sample lesson, begun at `start`, and the earlier ones of both classes. Raises StoreError."""
    classes = [_class(store, name, start) for name in CLASSES]
    for number, (place, title, days, cheer) in enumerate(EARLIER):
        full = f"{title} · {classes[place].name}"
        began = start - timedelta(days=days)
        lesson = store.lessons.start(full, began, "none: made up", "none: made up", True, classes[place].id)
        hold(store, lesson, NAMES[:STUDENTS], MARKS, number, LENGTH_S, _events(cheer))
    return add_sample_lesson(store, start, classes[0].id)


def _class(store: Store, name: str, at: datetime) -> SchoolClass:
    known = next((one for one in store.classes.all(archived=True) if one.name == name), None)
    return known or store.classes.create(name, at)


def _events(cheer: float) -> Events:
    """The whole lesson in its own manner, and exercises that are work."""
    work = {Emotion.HAPPY: -0.6, Emotion.SAD: 0.7, Emotion.ANGRY: 0.3}
    return ((0, LENGTH_S, {Emotion.HAPPY: cheer}), (250, 160, work), (610, 160, work))
