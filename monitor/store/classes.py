"""Classes, and who comes onto their rosters; `members` is about each of those."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from monitor.domain import name_key as name_key
from monitor.domain import student_name
from monitor.errors import InvalidName, InvalidRetention, UnknownClass
from monitor.store.engine import session
from monitor.store.lessons import LARGEST_ID
from monitor.store.tables import ClassRow, LessonRow, MemberRow
from monitor.teaching import Member, SchoolClass
from monitor.words import _

MOST_DAYS = 3650


@dataclass(frozen=True)
class ClassFigures:
    """A class with how many students are on its roster now and how many lessons are kept of it."""

    school_class: SchoolClass
    students: int
    lessons: int
    last_lesson_at: datetime | None


@dataclass(frozen=True)
class Classes:
    engine: Engine

    def create(self, name: str, at: datetime, guests: bool = True, owner_id: int | None = None) -> SchoolClass:
        """Raises InvalidName for a bad name and for one that another class of the owner has."""
        clean = student_name(name)
        key = class_key(clean, owner_id)
        row = ClassRow(name=clean, name_key=key, guests=guests, created_at=at, owner_id=owner_id)
        try:
            with session(self.engine) as opened:
                opened.add(row)
        except IntegrityError as error:
            raise _taken(clean) from error
        return _class(row)

    def rename(self, class_id: int, name: str) -> SchoolClass:
        """Raises InvalidName for a bad name and for one that another class of the owner has, and UnknownClass."""
        clean = student_name(name)
        try:
            with session(self.engine) as opened:
                owner_id = opened.scalar(select(ClassRow.owner_id).where(ClassRow.id == class_id))
            return self._change(class_id, name=clean, name_key=class_key(clean, owner_id))
        except IntegrityError as error:
            raise _taken(clean) from error

    def let_guests(self, class_id: int, guests: bool) -> SchoolClass:
        """What a new lesson of the class begins with. Raises UnknownClass."""
        return self._change(class_id, guests=guests)

    def keep(self, class_id: int, days: int | None) -> SchoolClass:
        """How many days its lessons are kept, None as the settings say: of those that began before, the shorter time
        holds. Raises InvalidRetention, and UnknownClass."""
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise InvalidRetention(
                _("Lessons are kept for 1 to {most} days, not {days}.").format(most=MOST_DAYS, days=days)
            )
        return self._change(class_id, keep_days=days)

    def archive(self, class_id: int, at: datetime) -> SchoolClass:
        """Out of sight, with all that belongs to it. Raises UnknownClass."""
        return self._change(class_id, archived_at=at)

    def restore(self, class_id: int) -> SchoolClass:
        """Raises UnknownClass."""
        return self._change(class_id, archived_at=None)

    def delete(self, class_id: int) -> None:
        """The class with its roster; its lessons stay, as lessons of no class."""
        with session(self.engine) as opened:
            opened.execute(delete(ClassRow).where(ClassRow.id == class_id))

    def _change(self, class_id: int, **values: object) -> SchoolClass:
        changed = update(ClassRow).where(ClassRow.id == class_id).values(**values)
        with session(self.engine) as opened:
            opened.execute(changed)
        return self.get(class_id)

    def get(self, class_id: int) -> SchoolClass:
        """Raises UnknownClass."""
        with session(self.engine) as opened:
            # An id comes from an address that anybody may type.
            row = opened.get(ClassRow, class_id) if 0 <= class_id <= LARGEST_ID else None
        if row is None:
            raise UnknownClass(_("There is no class {number}; it may have been deleted.").format(number=class_id))
        return _class(row)

    def all(self, archived: bool = False) -> tuple[SchoolClass, ...]:
        """By name; the archived ones only on request."""
        query = select(ClassRow).order_by(ClassRow.name_key)
        if not archived:
            query = query.where(ClassRow.archived_at.is_(None))
        with session(self.engine) as opened:
            return tuple(_class(row) for row in opened.scalars(query))

    def figures(self) -> tuple[ClassFigures, ...]:
        """Of all classes by name, the archived ones too."""
        roster = (
            select(MemberRow.class_id, func.count().label("students"))
            .where(MemberRow.archived_at.is_(None))
            .group_by(MemberRow.class_id)
            .subquery()
        )
        held = (
            select(LessonRow.class_id, func.count().label("lessons"), func.max(LessonRow.started_at).label("last"))
            .group_by(LessonRow.class_id)
            .subquery()
        )
        query = (
            select(ClassRow, roster.c.students, held.c.lessons, held.c.last)
            .outerjoin(roster, roster.c.class_id == ClassRow.id)
            .outerjoin(held, held.c.class_id == ClassRow.id)
            .order_by(ClassRow.name_key)
        )
        with session(self.engine) as opened:
            rows = opened.execute(query).all()
        return tuple(ClassFigures(_class(row), students or 0, lessons or 0, at) for row, students, lessons, at in rows)

    def members(self, class_id: int, archived: bool = False) -> tuple[Member, ...]:
        """By name; those who left the class only on request."""
        query = select(MemberRow).where(MemberRow.class_id == class_id).order_by(MemberRow.name_key)
        if not archived:
            query = query.where(MemberRow.archived_at.is_(None))
        with session(self.engine) as opened:
            return tuple(member(row) for row in opened.scalars(query))

    def add_members(self, class_id: int, names: Iterable[str]) -> tuple[Member, ...]:
        """The new ones of these names, and who had left and is back; one that is on the roster stays as it is.

        Raises InvalidName, and UnknownClass.
        """
        self.get(class_id)
        wanted: dict[str, str] = {}
        for name in map(student_name, names):
            wanted.setdefault(name_key(name), name)
        with session(self.engine) as opened:
            known = {row.name_key: row for row in opened.scalars(_roster(class_id))}
            back = [known[key] for key in wanted if key in known and known[key].archived_at is not None]
            rows = [
                MemberRow(class_id=class_id, name=name, name_key=key)
                for key, name in wanted.items()
                if key not in known
            ]
            for row in back:
                row.archived_at = None
            opened.add_all(rows)
        return tuple(member(row) for row in rows + back)


def _class(row: ClassRow) -> SchoolClass:
    return SchoolClass(row.id, row.name, row.guests, row.created_at, row.archived_at, row.keep_days)


def class_key(name: str, owner_id: int | None) -> str:
    """Sorts by name, and is another for each owner: two teachers may have a 7b each."""
    return name_key(name) if owner_id is None else f"{name_key(name)[:100]}\x1f{owner_id}"


def _taken(name: str) -> InvalidName:
    return InvalidName(
        _("There is a class “{name}” already, here or in the archive; please choose another name.").format(name=name)
    )


def _roster(class_id: int) -> Select[MemberRow]:
    return select(MemberRow).where(MemberRow.class_id == class_id)


def member(row: MemberRow) -> Member:
    return Member(row.id, row.class_id, row.name, row.archived_at)
