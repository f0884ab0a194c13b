"""What was deleted leaves the file of the database as well, and is remembered as deleted.

SQLite overwrites a deleted row with zeros (`secure_delete`), but older copies of its page stay in the write-ahead log
until that is emptied, and now and then a remainder between the rows of a page until the file is written anew.
PostgreSQL overwrites nothing; its tables are written anew.

Triggers put a row into `tombstones` for each lesson, student, class and roster place that is deleted, by its `uid`. A
backup that is restored loses all of those again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Table, bindparam, delete, exists, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from monitor.errors import StoreUnavailable
from monitor.store.engine import session
from monitor.store.tables import ClassRow, LessonRow, MemberRow, StudentRow
from monitor.store.trust_tables import TombstoneRow

BURIED = (ClassRow, LessonRow, MemberRow, StudentRow)


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something that was deleted then. `kind`: lesson, student, class or member."""

    uid: str
    kind: str
    at: datetime


@dataclass(frozen=True)
class Forgetting:
    engine: Engine

    @property
    def due(self) -> bool:
        """Whether something was deleted since the file was written anew."""
        with session(self.engine) as opened:
            return bool(opened.scalar(select(exists().where(~TombstoneRow.swept))))

    def empty_log(self) -> bool:
        """Takes milliseconds: nothing of what was deleted is left in the write-ahead log. False while somebody reads,
        who must be waited for; always true for PostgreSQL, whose log is not ours."""
        with self._alone() as connection:
            return self._emptied(connection)

    def sweep(self) -> bool:
        """Writes the whole file anew without what was deleted: seconds for a large one, in which nobody else can write.
        False when somebody reads: it is to be tried again. Raises StoreUnavailable when somebody writes."""
        with session(self.engine) as opened:
            last = opened.scalar(select(func.max(TombstoneRow.at)))
        try:
            with self._alone() as connection:
                connection.execute(text(self._rewriting))
                emptied = self._emptied(connection)
        except DBAPIError as error:
            raise StoreUnavailable(f"The database cannot be written anew just now: {error.orig}") from error
        if emptied and last is not None:
            with session(self.engine) as opened:
                opened.execute(update(TombstoneRow).where(TombstoneRow.at <= last).values(swept=True))
        return emptied

    def deleted(self) -> tuple[Deleted, ...]:
        """All that was deleted, by its uid."""
        query = select(TombstoneRow).where(TombstoneRow.merged_into.is_(None)).order_by(TombstoneRow.at)
        with session(self.engine) as opened:
            return tuple(Deleted(row.uid, row.kind, row.at) for row in opened.scalars(query))

    def remember(self, gone: Sequence[Deleted]) -> None:
        """That these were deleted, as another copy of the database knows; `again` then deletes them here."""
        with session(self.engine) as opened:
            for one in gone:
                opened.merge(TombstoneRow(uid=one.uid, kind=one.kind, at=one.at, merged_into=None, swept=False))

    def again(self) -> int:
        """Deletes whatever has a tombstone, as after a restore; gives how many rows that were, samples not counted."""
        gone = select(TombstoneRow.uid).where(TombstoneRow.merged_into.is_(None))
        with session(self.engine) as opened:
            found = [opened.execute(select(func.count()).where(row.uid.in_(gone))).scalar_one() for row in BURIED]
            if any(found):
                opened.execute(update(TombstoneRow).where(TombstoneRow.merged_into.is_(None)).values(swept=False))
            for row in BURIED:
                opened.execute(delete(row).where(row.uid.in_(gone)), execution_options={"synchronize_session": False})
        return sum(found)

    @property
    def _rewriting(self) -> str:
        if self.engine.dialect.name == "postgresql":
            return "VACUUM (FULL) alerts, markers, samples, minutes, students, members, lessons, classes"
        return "VACUUM"

    def _alone(self) -> Connection:
        """Outside a transaction."""
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _emptied(self, connection: Connection) -> bool:
        if self.engine.dialect.name == "postgresql":
            return True
        busy, _pages, _moved = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        return bool(busy == 0)


def become_one(opened: Session, pairs: Sequence[tuple[str | None, str | None]], kind: str) -> None:
    """To be said before rows are deleted because they became a part of others: in a backup such a row is deleted when
    the other one is, and only then. `pairs`: the uid that stays and the one that goes, of each."""
    rows = [{"kept": kept, "gone": gone} for kept, gone in pairs if kept is not None and gone is not None]
    if not rows:
        return
    table = TombstoneRow.__table__
    assert isinstance(table, Table)
    earlier = update(table).where(TombstoneRow.merged_into == bindparam("gone"))
    opened.connection().execute(earlier.values(merged_into=bindparam("kept")), rows)
    now = datetime.now(UTC)
    made = [{"uid": row["gone"], "kind": kind, "at": now, "merged_into": row["kept"], "swept": False} for row in rows]
    opened.execute(insert(TombstoneRow), made)
