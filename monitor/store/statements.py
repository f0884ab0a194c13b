"""Statements of purpose: the newest holds, the earlier ones stay."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

from monitor.people.purpose import Purpose, Statement
from monitor.store.engine import session
from monitor.store.trust_tables import StatementRow


@dataclass(frozen=True)
class Statements:
    engine: Engine

    def add(self, stated: Statement) -> None:
        row = StatementRow(purpose=stated.purpose, words=stated.words, author=stated.author, at=stated.at)
        with session(self.engine) as opened:
            opened.add(row)

    def all(self) -> tuple[Statement, ...]:
        """The newest first."""
        with session(self.engine) as opened:
            rows = opened.scalars(select(StatementRow).order_by(StatementRow.id.desc())).all()
        return tuple(Statement(Purpose(row.purpose), row.words, row.author, row.at) for row in rows)

    def current(self) -> Statement | None:
        """None as long as nobody has stated anything."""
        return next(iter(self.all()), None)
