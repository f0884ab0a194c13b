"""What lessons of which only the class is shown have said so far, and who counts together in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd
from sqlalchemy import Engine, func, insert, select, update

from model_zoo.emotions import EMOTIONS
from monitor.store.engine import session
from monitor.store.tables import CohortRow, LessonRow, PublishedRow, StudentRow

COLUMNS = ("start", "students", "visible", *(emotion.value for emotion in EMOTIONS))


class Window(Protocol):
    """`shares` and `visible` in ten-thousandths, both None in a window of which nothing is said."""

    @property
    def start(self) -> int: ...
    @property
    def students(self) -> int: ...
    @property
    def shares(self) -> tuple[int, ...] | None: ...
    @property
    def visible(self) -> int | None: ...


@dataclass(frozen=True)
class Published:
    engine: Engine

    def newest(self, lesson_id: int) -> int | None:
        """The start of the last window that was published, be it one that says nothing."""
        query = select(func.max(PublishedRow.start)).where(PublishedRow.lesson_id == lesson_id)
        with session(self.engine) as opened:
            return opened.scalar(query)

    def read(self, lesson_id: int, since: int = 0) -> pd.DataFrame:
        """Columns `COLUMNS`, sorted by start: the windows from `since` on of which something is said."""
        query = (
            select(*(getattr(PublishedRow, name) for name in COLUMNS))
            .where(PublishedRow.lesson_id == lesson_id, PublishedRow.start >= since, PublishedRow.students > 0)
            .order_by(PublishedRow.start)
        )
        with session(self.engine) as opened:
            return pd.DataFrame(opened.execute(query).all(), columns=list(COLUMNS), dtype="int64")

    def most(self, lesson_id: int) -> int:
        """Students who counted in the fullest window, rounded down as there."""
        query = select(func.max(PublishedRow.students)).where(PublishedRow.lesson_id == lesson_id)
        with session(self.engine) as opened:
            return opened.scalar(query) or 0

    def cohorts(self, lesson_id: int) -> tuple[dict[int, int], dict[int, int]]:
        """By student the number of the cohort, and by number its size; who was deleted is in the second alone."""
        of = select(StudentRow.id, StudentRow.cohort).where(
            StudentRow.lesson_id == lesson_id, StudentRow.cohort.is_not(None)
        )
        sizes = select(CohortRow.number, CohortRow.size).where(CohortRow.lesson_id == lesson_id)
        with session(self.engine) as opened:
            return (
                {student: cohort for student, cohort in opened.execute(of) if cohort is not None},
                dict(opened.execute(sizes).tuples().all()),
            )

    def keep(
        self,
        lesson_id: int,
        after: int | None,
        windows: Sequence[Window],
        of: Mapping[int, int],
        sizes: Mapping[int, int],
    ) -> bool:
        """Keeps what follows the window `after`; False, and nothing kept, when somebody else did so meanwhile."""
        with session(self.engine) as opened:
            # Held until the end: two pages that publish at once would else make two cohorts of one student.
            same = update(LessonRow).where(LessonRow.id == lesson_id).values(made_up=LessonRow.made_up)
            there = opened.connection().execute(same).rowcount
            newest = opened.scalar(select(func.max(PublishedRow.start)).where(PublishedRow.lesson_id == lesson_id))
            if not there or newest != after:
                return False
            known = set(opened.scalars(select(CohortRow.number).where(CohortRow.lesson_id == lesson_id)))
            for number in set(sizes) - known:
                opened.add(CohortRow(lesson_id=lesson_id, number=number, size=sizes[number]))
                members = [student for student, cohort in of.items() if cohort == number]
                opened.execute(update(StudentRow).where(StudentRow.id.in_(members)).values(cohort=number))
            if windows:
                opened.execute(insert(PublishedRow), [_row(lesson_id, window) for window in windows])
        return True


def _row(lesson_id: int, window: Window) -> dict[str, int | None]:
    parts = window.shares or (None,) * len(EMOTIONS)
    values = (window.start, window.students, window.visible, *parts)
    return {"lesson_id": lesson_id, **dict(zip(COLUMNS, values, strict=True))}
