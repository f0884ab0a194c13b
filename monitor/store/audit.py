"""The audit log in the database, which refuses to change or remove an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from monitor.people.audit import EMPTY, Action, Deed, Entry, Head, Verdict, chained, verify
from monitor.store.engine import session
from monitor.store.trust_tables import AuditRow

PAGE = 1000


@dataclass(frozen=True)
class Audit:
    engine: Engine

    def note(self, actor: str, action: Action, kind: str, number: int | None = None, detail: str = "") -> Entry:
        """Appends what has just been done; see `Deed`. Any thread and process may; costs one small transaction."""
        deed = Deed(datetime.now(UTC), actor, action, kind, number, detail)
        with session(self.engine) as opened:
            return append(opened, deed)

    def newest(self, count: int = 100, action: Action | None = None, before: int | None = None) -> tuple[Entry, ...]:
        """The newest first; `before`: only those with a smaller number than this, for the next page."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(count)
        if action is not None:
            query = query.where(AuditRow.action == action)
        if before is not None:
            query = query.where(AuditRow.id < before)
        with session(self.engine) as opened:
            return tuple(entry(row) for row in opened.scalars(query))

    def head(self) -> Head:
        with session(self.engine) as opened:
            return head(opened)

    def verify(self, remembered: Head = EMPTY) -> Verdict:
        """Reads all of the log."""
        with session(self.engine) as opened:
            return verify(entries(opened), remembered)


def append(opened: Session, deed: Deed) -> Entry:
    """In the transaction of the caller, who does the deed in it: both happen, or neither."""
    _hold(opened)
    added = chained(head(opened), deed)
    opened.add(_row(added))
    opened.flush()
    return added


def _hold(opened: Session) -> None:
    """Until the end of the transaction nobody else appends: two that read one head would both follow it."""
    if opened.get_bind().dialect.name == "postgresql":
        opened.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    else:
        # SQLite takes its one write lock for a statement that may write, even where no row is meant.
        opened.execute(text("UPDATE audit SET hash = hash WHERE id < 0"))


def head(opened: Session) -> Head:
    last = opened.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    return EMPTY if last is None else Head(*last)


def entries(opened: Session) -> Iterator[Entry]:
    """All of them, the oldest first. Raises AuditError or ValueError at one that somebody else wrote."""
    query = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=PAGE)
    for row in opened.scalars(query):
        yield entry(row)


def entry(row: AuditRow) -> Entry:
    return Entry(row.id, Deed(row.at, row.actor, Action(row.action), row.kind, row.object_id, row.detail), row.hash)


def _row(added: Entry) -> AuditRow:
    deed = added.deed
    return AuditRow(
        id=added.id,
        at=deed.at,
        actor=deed.actor,
        action=deed.action,
        kind=deed.kind,
        object_id=deed.number,
        detail=deed.detail,
        hash=added.hash,
    )
