"""How long a lesson is kept, and which have been kept for long enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select

from monitor.store.engine import session
from monitor.store.lessons import Lessons
from monitor.store.tables import ClassRow, LessonRow

NONE: Mapping[int, int | None] = {}


@dataclass(frozen=True, slots=True)
class Due:
    """A lesson that is over for longer than its `days`. One that nobody ended counts as ended with its last sample:
    forgetting to press a button keeps no data. One that was made of a video counts from when it was made."""

    lesson_id: int
    since: datetime
    days: int


@dataclass(frozen=True)
class Retention:
    """`default_days`: what the settings say, for lessons of no class and classes that say nothing themselves."""

    engine: Engine

    def due(self, now: datetime, default_days: int, instead: Mapping[int, int | None] = NONE) -> tuple[Due, ...]:
        """The oldest first. `instead`: days of classes as they might become, by the class's number.

        A lesson's students were told how long it is kept, so a class that keeps its lessons longer since changes
        nothing for it; one that keeps them less long does.
        """
        query = (
            select(LessonRow, ClassRow.keep_days)
            .outerjoin(ClassRow, ClassRow.id == LessonRow.class_id)
            .where(LessonRow.started_at < now)
        )
        with session(self.engine) as opened:
            rows = opened.execute(query).all()
        found = []
        for row, of_class in rows:
            days = row.keep_days or default_days
            if row.class_id is not None:
                days = min(days, instead.get(row.class_id, of_class) or default_days)
            over = self._over_at(row)
            if over < now - timedelta(days=days):
                found.append(Due(row.id, over, days))
        return tuple(sorted(found, key=lambda one: one.since))

    def _over_at(self, row: LessonRow) -> datetime:
        known = row.analysed_at or row.ended_at
        return known or Lessons(self.engine).last_sample_at(row.id) or row.started_at

    def purge(self, now: datetime, default_days: int) -> tuple[Due, ...]:
        """Deletes what is due; gives what that was."""
        gone = self.due(now, default_days)
        self.delete(gone)
        return gone

    def delete(self, gone: Sequence[Due]) -> None:
        with session(self.engine) as opened:
            for one in gone:
                opened.execute(delete(LessonRow).where(LessonRow.id == one.lesson_id))
