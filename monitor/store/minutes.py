"""Sums per student and minute of lessons that are over: comparing forty lessons from seven million samples takes too
long.

They are made when they are first asked for and kept as long as they are true. Whoever changes samples drops the mark
of completeness in the same transaction (`forget_minutes`). Beside that, a mark tells the newest sample and the edges
of the lesson's markers as they were: where either is another now, the sums are made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine, Select, case, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from model_zoo.emotions import EMOTIONS
from monitor.store.engine import session
from monitor.store.packing import as_array, packed, unpacked
from monitor.store.tables import LessonRow, MarkerRow, MinuteRow, SampleRow, StudentRow, SummaryRow
from monitor.teaching import edge

MINUTE_S = 60
COLUMNS = ("student_id", "start", "seconds", "seen", "faces", "frames", *(emotion.value for emotion in EMOTIONS))
NEVER = 2**62
SUMS = [(getattr(MinuteRow, emotion.value), 2**20) for emotion in EMOTIONS]
# Of a minute: at most 60 seconds, 60 x 32,767 frames and 60 x 10,000 ten-thousandths.
PACKINGS = (
    ((MinuteRow.student_id, 2**31), (MinuteRow.start, 2**32)),
    ((MinuteRow.seconds, 2**6), (MinuteRow.seen, 2**6), (MinuteRow.faces, 2**21), (MinuteRow.frames, 2**21)),
    SUMS[:3],
    SUMS[3:6],
    SUMS[6:],
)


@dataclass(frozen=True)
class Minutes:
    engine: Engine

    def made(self, lesson_ids: Collection[int]) -> dict[int, datetime]:
        """When the minutes of a lesson were made, for those of which they are there and true."""
        with session(self.engine) as opened:
            edges, newest = _edges(opened, lesson_ids), _newest(opened, lesson_ids)
            rows = opened.scalars(select(SummaryRow).where(SummaryRow.lesson_id.in_(lesson_ids))).all()
        return {
            row.lesson_id: row.made_at
            for row in rows
            if (row.newest, row.edges) == (newest.get(row.lesson_id), _text(edges.get(row.lesson_id, ())))
        }

    def missing(self, lesson_ids: Collection[int]) -> tuple[int, ...]:
        """The others, which `make` makes."""
        made = self.made(lesson_ids)
        return tuple(lesson_id for lesson_id in lesson_ids if lesson_id not in made)

    def make(self, lesson_id: int) -> None:
        """Makes the minutes of a lesson anew; of one that was deleted, nothing."""
        try:
            with session(self.engine) as opened:
                # Held until the end, so that two pages do not make them at once.
                opened.execute(select(LessonRow.id).where(LessonRow.id == lesson_id).with_for_update())
                opened.execute(delete(SummaryRow).where(SummaryRow.lesson_id == lesson_id))
                students = list(opened.scalars(select(StudentRow.id).where(StudentRow.lesson_id == lesson_id)))
                opened.execute(delete(MinuteRow).where(MinuteRow.student_id.in_(students)))
                edges = _edges(opened, [lesson_id]).get(lesson_id, ())
                for first, last in pairwise((0, *edges, NEVER)):
                    opened.execute(insert(MinuteRow).from_select(COLUMNS, _sums(students, first, last)))
                newest = _newest(opened, [lesson_id]).get(lesson_id)
                now = datetime.now(UTC)
                opened.add(SummaryRow(lesson_id=lesson_id, newest=newest, edges=_text(edges), made_at=now))
        except IntegrityError:
            return  # deleted meanwhile

    def read(self, lesson_ids: Collection[int]) -> dict[int, pd.DataFrame]:
        """Per lesson a table of the columns `COLUMNS` sorted by student and start, see `MinuteRow`."""
        whose = select(StudentRow.id, StudentRow.lesson_id).where(StudentRow.lesson_id.in_(lesson_ids))
        query = (
            select(*map(packed, PACKINGS))
            .join(StudentRow, StudentRow.id == MinuteRow.student_id)
            .where(StudentRow.lesson_id.in_(lesson_ids))
            .order_by(MinuteRow.student_id, MinuteRow.start)
        )
        with session(self.engine) as opened:
            students = as_array(opened.connection().execute(whose).all(), 2)
            rows = as_array(opened.connection().execute(query).all(), len(PACKINGS))
        columns = [part for number, of in zip(rows.T, PACKINGS, strict=True) for part in unpacked(number, of)]
        return _by_lesson(columns, students, lesson_ids)


def forget_minutes(opened: Session, student_ids: Collection[int] | Select[Any]) -> None:
    """What was summed up of the lessons of these students is true no longer."""
    lessons = select(StudentRow.lesson_id).where(StudentRow.id.in_(student_ids))
    opened.execute(delete(SummaryRow).where(SummaryRow.lesson_id.in_(lessons)))


def _sums(students: Sequence[int], first: int, last: int) -> Select[Any]:
    minute = SampleRow.second - SampleRow.second % MINUTE_S
    return (
        select(
            SampleRow.student_id,
            case((minute < first, first), else_=minute).label("start"),
            func.count(),
            func.count(SampleRow.angry),
            func.sum(SampleRow.faces),
            func.sum(SampleRow.frames),
            *(func.coalesce(func.sum(getattr(SampleRow, emotion.value)), 0) for emotion in EMOTIONS),
        )
        .where(SampleRow.student_id.in_(students), SampleRow.second >= first, SampleRow.second < last)
        .group_by(SampleRow.student_id, "start")
    )


def _edges(opened: Session, lesson_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Where markers cut each lesson, the earliest first."""
    query = select(MarkerRow.lesson_id, MarkerRow.at, MarkerRow.until).where(MarkerRow.lesson_id.in_(lesson_ids))
    found: dict[int, set[int]] = {}
    for lesson_id, *times in opened.execute(query):
        found.setdefault(lesson_id, set()).update(edge(at) for at in times if at is not None)
    return {lesson_id: tuple(sorted(edges)) for lesson_id, edges in found.items()}


def _newest(opened: Session, lesson_ids: Collection[int]) -> dict[int, int]:
    """The last second of each lesson. One look per student finds it; counting samples would read all of them."""
    newest = select(func.max(SampleRow.second)).where(SampleRow.student_id == StudentRow.id).scalar_subquery()
    query = select(StudentRow.lesson_id, newest).where(StudentRow.lesson_id.in_(lesson_ids))
    found: dict[int, int] = {}
    for lesson_id, second in opened.execute(query):
        if second is not None:
            found[lesson_id] = max(second, found.get(lesson_id, second))
    return found


def _text(edges: Iterable[int]) -> str:
    return ",".join(map(str, edges))


def _by_lesson(
    columns: Sequence[np.ndarray], students: np.ndarray, lesson_ids: Collection[int]
) -> dict[int, pd.DataFrame]:
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    ids, lessons = students[np.argsort(students[:, 0])].T if len(students) else np.zeros((2, 0), np.int64)
    lesson = lessons[np.searchsorted(ids, columns[0])]
    return {one: table[lesson == one].reset_index(drop=True) for one in lesson_ids}
