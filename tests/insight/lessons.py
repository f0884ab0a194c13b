"""Small lessons written out by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pandas as pd

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.domain import Lesson, Presence, Student
from monitor.insight.timeline import COLUMNS, Timeline

START = datetime(2025, 11, 21, 9, 0, tzinfo=UTC)
FIRST = int(START.timestamp())

Parts = tuple[int, ...]

HAPPY: Parts = (0, 0, 0, 10_000, 0, 0, 0)
SAD: Parts = (0, 0, 0, 0, 10_000, 0, 0)
NEUTRAL: Parts = (0, 0, 0, 0, 0, 0, 10_000)
ANGRY: Parts = (10_000, 0, 0, 0, 0, 0, 0)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def mixed(**parts: int) -> Parts:
    """Ten-thousandths by word; the rest is neutral."""
    rest = 10_000 - sum(parts.values())
    return tuple(rest if emotion is Emotion.NEUTRAL else parts.get(emotion.value, 0) for emotion in EMOTIONS)


def lesson(ended: float | None = None, title: str = "Fractions") -> Lesson:
    return Lesson(1, title, "KIT-492", START, None if ended is None else at(ended), "classroom", "YuNet")


def student(number: int, name: str, presence: Presence = Presence.HERE) -> Student:
    return Student(number, 1, name, presence, START)


def timeline(
    seconds: Mapping[str, Mapping[int, Parts | None]],
    frames: int = 8,
    of: Lesson | None = None,
    presence: Presence = Presence.HERE,
) -> Timeline:
    """By name, then by second since the start: ten-thousandths, or None for a second without a face."""
    students = tuple(student(number, name, presence) for number, name in enumerate(seconds, start=1))
    rows = [
        (one.id, FIRST + second, 0 if parts is None else frames, frames, *(parts or (math.nan,) * len(EMOTIONS)))
        for one in students
        for second, parts in seconds[one.name].items()
    ]
    rows.sort(key=lambda row: (row[1], row[0]))
    table = pd.DataFrame.from_records(rows, columns=list(COLUMNS))
    types = dict.fromkeys(COLUMNS[:4], "int64") | {emotion.value: "float64" for emotion in EMOTIONS}
    return Timeline(of or lesson(), students, table.astype(types))
