"""The rules a teacher set, and what they raised in each lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from monitor.store.engine import session
from monitor.store.tables import AlertRow, RuleRow
from monitor.teaching import Alert, Measure, Rule


@dataclass(frozen=True)
class Alerts:
    engine: Engine

    def rules(self) -> tuple[Rule, ...]:
        with session(self.engine) as opened:
            return tuple(_rule(row.id, row, row.on) for row in opened.scalars(select(RuleRow).order_by(RuleRow.id)))

    def of(self, lesson_id: int) -> tuple[Alert, ...]:
        """The earliest first."""
        query = select(AlertRow).where(AlertRow.lesson_id == lesson_id).order_by(AlertRow.at, AlertRow.id)
        with session(self.engine) as opened:
            return tuple(_alert(row) for row in opened.scalars(query))

    def raised(self, lesson_id: int, rule: Rule, at: datetime) -> Alert:
        row = AlertRow(
            lesson_id=lesson_id,
            rule_id=rule.id,
            measure=rule.measure,
            below=rule.below,
            limit=rule.limit,
            seconds=rule.seconds,
            at=at,
        )
        with session(self.engine) as opened:
            opened.add(row)
        return _alert(row)


def _rule(rule_id: int, row: RuleRow | AlertRow, on: bool = True) -> Rule:
    return Rule(rule_id, Measure(row.measure), row.below, row.limit, row.seconds, on)


def _alert(row: AlertRow) -> Alert:
    return Alert(row.id, row.lesson_id, _rule(row.rule_id, row), row.at, row.over_at, row.dismissed_at)
