"""Classes and the students on their rosters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from monitor.domain import student_name
from monitor.errors import InvalidName, UnknownClass
from monitor.store.engine import session
from monitor.store.tables import ClassRow, MemberRow
from monitor.teaching import Member, SchoolClass


@dataclass(frozen=True)
class Classes:
    engine: Engine

    def create(self, name: str, at: datetime, guests: bool = True) -> SchoolClass:
        """Raises InvalidName for a bad name and for one that another class has."""
        clean = student_name(name)
        row = ClassRow(name=clean, name_key=name_key(clean), guests=guests, created_at=at)
        try:
            with session(self.engine) as opened:
                opened.add(row)
        except IntegrityError as error:
            raise InvalidName(f"There is a class {clean!r} already.") from error
        return _class(row)

    def get(self, class_id: int) -> SchoolClass:
        """Raises UnknownClass."""
        with session(self.engine) as opened:
            row = opened.get(ClassRow, class_id)
        if row is None:
            raise UnknownClass(f"There is no class {class_id!r}; it may have been deleted.")
        return _class(row)

    def all(self, archived: bool = False) -> tuple[SchoolClass, ...]:
        """By name; the archived ones only on request."""
        query = select(ClassRow).order_by(ClassRow.name_key)
        if not archived:
            query = query.where(ClassRow.archived_at.is_(None))
        with session(self.engine) as opened:
            return tuple(_class(row) for row in opened.scalars(query))

    def members(self, class_id: int, archived: bool = False) -> tuple[Member, ...]:
        """By name; those who left the class only on request."""
        query = select(MemberRow).where(MemberRow.class_id == class_id).order_by(MemberRow.name_key)
        if not archived:
            query = query.where(MemberRow.archived_at.is_(None))
        with session(self.engine) as opened:
            return tuple(_member(row) for row in opened.scalars(query))

    def add_members(self, class_id: int, names: Iterable[str]) -> tuple[Member, ...]:
        """The new ones of these names; one that is on the roster already stays as it is.

        Raises InvalidName, and UnknownClass.
        """
        self.get(class_id)
        wanted: dict[str, str] = {}
        for name in map(student_name, names):
            wanted.setdefault(name_key(name), name)
        with session(self.engine) as opened:
            known = set(opened.scalars(select(MemberRow.name_key).where(MemberRow.class_id == class_id)))
            rows = [
                MemberRow(class_id=class_id, name=name, name_key=key)
                for key, name in wanted.items()
                if key not in known
            ]
            opened.add_all(rows)
        return tuple(_member(row) for row in rows)


def name_key(name: str) -> str:
    """Ada and ADA are one student."""
    return name.casefold()[:120]


def _class(row: ClassRow) -> SchoolClass:
    return SchoolClass(row.id, row.name, row.guests, row.created_at, row.archived_at)


def _member(row: MemberRow) -> Member:
    return Member(row.id, row.class_id, row.name, row.archived_at)
