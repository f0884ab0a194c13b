"""The rules each teacher set, and what they raised in each lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from monitor.errors import LessonError
from monitor.store.engine import session
from monitor.store.tables import AlertRow, LessonRow, RuleRow
from monitor.teaching import Alert, Measure, Rule
from monitor.words import _


@dataclass(frozen=True)
class Alerts:
    engine: Engine

    def rules(self, owner_id: int | None = None) -> tuple[Rule, ...]:
        """Of this account, the oldest first; None: those that are nobody's."""
        return self._rules(RuleRow.owner_id.is_not_distinct_from(owner_id))

    def rules_for(self, lesson_id: int) -> tuple[Rule, ...]:
        """Those of whoever gives the lesson, the oldest first."""
        owner = select(LessonRow.owner_id).where(LessonRow.id == lesson_id).scalar_subquery()
        return self._rules(RuleRow.owner_id.is_not_distinct_from(owner))

    def _rules(self, which: ColumnElement[bool]) -> tuple[Rule, ...]:
        query = select(RuleRow).where(which).order_by(RuleRow.id)
        with session(self.engine) as opened:
            return tuple(_rule(row.id, row, row.on) for row in opened.scalars(query))

    def add(self, wanted: Rule, owner_id: int | None = None) -> Rule:
        """A rule like the one given, under a number that no alert bears: a database may give that of a deleted one."""
        row = RuleRow(owner_id=owner_id)
        _copy(wanted, row)
        with session(self.engine) as opened:
            numbers = (opened.scalar(select(func.max(column))) or 0 for column in (RuleRow.id, AlertRow.rule_id))
            row.id = max(numbers) + 1
            opened.add(row)
        return _rule(row.id, row, row.on)

    def change(self, changed: Rule, owner_id: int | None = None) -> Rule:
        """Everything of it but its number and owner. Raises LessonError when it was deleted, or is somebody else's."""
        with session(self.engine) as opened:
            row = opened.get(RuleRow, changed.id)
            if row is None or row.owner_id != owner_id:
                raise LessonError(_("This rule was deleted."))
            _copy(changed, row)
        return changed

    def delete(self, rule_id: int, owner_id: int | None = None) -> None:
        """What it raised stays with its lessons. One of somebody else stays."""
        with session(self.engine) as opened:
            row = opened.get(RuleRow, rule_id)
            if row is not None and row.owner_id == owner_id:
                opened.delete(row)

    def of(self, lesson_id: int) -> tuple[Alert, ...]:
        """The earliest first."""
        query = select(AlertRow).where(AlertRow.lesson_id == lesson_id).order_by(AlertRow.at, AlertRow.id)
        with session(self.engine) as opened:
            return tuple(_alert(row) for row in opened.scalars(query))

    def raised(self, lesson_id: int, rule: Rule, at: datetime) -> Alert | None:
        """None when this was kept before, by this server or another: a rule has one open alert in a lesson."""
        row = AlertRow(
            lesson_id=lesson_id,
            rule_id=rule.id,
            measure=rule.measure,
            below=rule.below,
            limit=rule.limit,
            seconds=rule.seconds,
            at=at,
        )
        same_rule = (AlertRow.lesson_id == lesson_id) & (AlertRow.rule_id == rule.id)
        try:
            with session(self.engine) as opened:
                if opened.scalar(select(exists().where(same_rule, AlertRow.at >= at))):
                    return None
                opened.add(row)
        except IntegrityError:
            return None
        return _alert(row)

    def over(self, lesson_id: int, rule_id: int, at: datetime) -> None:
        """The open alert of this rule, if there is one, ended then, or when it was raised if that is later."""
        open_still = (AlertRow.lesson_id == lesson_id, AlertRow.rule_id == rule_id, AlertRow.over_at.is_(None))
        with session(self.engine) as opened:
            for row in opened.scalars(select(AlertRow).where(*open_still)):
                row.over_at = max(at, row.at)

    def dismiss(self, alert_id: int, at: datetime) -> None:
        """Once is enough: the first moment counts."""
        wanted = (AlertRow.id == alert_id, AlertRow.dismissed_at.is_(None))
        with session(self.engine) as opened:
            opened.execute(update(AlertRow).where(*wanted).values(dismissed_at=at))


def _copy(rule: Rule, row: RuleRow) -> None:
    row.measure, row.below, row.limit = rule.measure, rule.below, rule.limit
    row.seconds, row.on = rule.seconds, rule.on


def _rule(rule_id: int, row: RuleRow | AlertRow, on: bool = True) -> Rule:
    return Rule(rule_id, Measure(row.measure), row.below, row.limit, row.seconds, on)


def _alert(row: AlertRow) -> Alert:
    return Alert(row.id, row.lesson_id, _rule(row.rule_id, row), row.at, row.over_at, row.dismissed_at)
