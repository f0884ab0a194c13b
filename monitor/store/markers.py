"""Markers of a lesson: put, moved, removed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from monitor.errors import LessonError
from monitor.store.engine import session
from monitor.store.tables import MarkerRow
from monitor.teaching import Marker, MarkerKind
from monitor.words import _


@dataclass(frozen=True)
class Markers:
    engine: Engine

    def put(
        self,
        lesson_id: int,
        at: datetime,
        kind: MarkerKind,
        text: str = "",
        until: datetime | None = None,
        left_out: bool = False,
    ) -> Marker:
        """Raises InvalidMarker."""
        wanted = Marker(0, lesson_id, at, kind, " ".join(text.split()), until, left_out)
        row = MarkerRow(lesson_id=lesson_id)
        _copy(wanted, row)
        with session(self.engine) as opened:
            opened.add(row)
        return _marker(row)

    def change(self, changed: Marker) -> Marker:
        """Everything of it but its number and its lesson. Raises LessonError when it was removed."""
        with session(self.engine) as opened:
            row = opened.get(MarkerRow, changed.id)
            if row is None:
                raise LessonError(_("This marker was removed."))
            _copy(changed, row)
        return _marker(row)

    def remove(self, marker_id: int) -> None:
        with session(self.engine) as opened:
            row = opened.get(MarkerRow, marker_id)
            if row is not None:
                opened.delete(row)

    def of(self, lesson_id: int) -> tuple[Marker, ...]:
        """The earliest first."""
        query = select(MarkerRow).where(MarkerRow.lesson_id == lesson_id).order_by(MarkerRow.at, MarkerRow.id)
        with session(self.engine) as opened:
            return tuple(_marker(row) for row in opened.scalars(query))

    def by_lesson(self, lesson_ids: Collection[int]) -> dict[int, tuple[Marker, ...]]:
        """Those of several lessons in one look."""
        query = select(MarkerRow).where(MarkerRow.lesson_id.in_(lesson_ids)).order_by(MarkerRow.at, MarkerRow.id)
        found: dict[int, tuple[Marker, ...]] = dict.fromkeys(lesson_ids, ())
        with session(self.engine) as opened:
            for row in opened.scalars(query):
                found[row.lesson_id] += (_marker(row),)
        return found


def _copy(marker: Marker, row: MarkerRow) -> None:
    row.at, row.until, row.kind = marker.at, marker.until, marker.kind
    row.text, row.left_out = marker.text, marker.left_out


def _marker(row: MarkerRow) -> Marker:
    return Marker(row.id, row.lesson_id, row.at, MarkerKind(row.kind), row.text, row.until, row.left_out)
