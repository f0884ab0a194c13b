"""The students of a class over all of its lessons: renamed, gone and back, found to be one; and the class's guests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from monitor.domain import Presence, Shown, Student, name_key, student_name
from monitor.errors import InvalidName, LessonError
from monitor.store.classes import member
from monitor.store.engine import session
from monitor.store.forgetting import become_one
from monitor.store.merging import become
from monitor.store.people import student
from monitor.store.tables import ConsentRow, LessonRow, MemberRow, StudentRow
from monitor.teaching import Member
from monitor.words import _


@dataclass(frozen=True)
class MemberFigures:
    """`lessons`: in how many of the kept lessons the student took part, by a device or by a face that got the name."""

    member: Member
    lessons: int
    last_lesson_at: datetime | None


@dataclass(frozen=True)
class Guest:
    """A name under which somebody who is not on the roster joined lessons of the class."""

    name: str
    lessons: int


@dataclass(frozen=True)
class Members:
    engine: Engine

    def figures(self, class_id: int) -> tuple[MemberFigures, ...]:
        """Of all on the roster by name, who left included. Lessons that show no names count for nobody."""
        taken_part = (StudentRow.member_id == MemberRow.id) & (StudentRow.presence != Presence.INVITED)
        query = (
            select(MemberRow, func.count(LessonRow.id), func.max(LessonRow.started_at))
            .outerjoin(StudentRow, taken_part)
            .outerjoin(LessonRow, (LessonRow.id == StudentRow.lesson_id) & (LessonRow.shown == Shown.NAMES))
            .where(MemberRow.class_id == class_id)
            .group_by(MemberRow.id)
            .order_by(MemberRow.name_key)
        )
        with session(self.engine) as opened:
            return tuple(MemberFigures(member(row), lessons, at) for row, lessons, at in opened.execute(query))

    def get(self, member_id: int) -> Member:
        """Raises LessonError when nobody with this number is on a roster."""
        with session(self.engine) as opened:
            return member(_get(opened, member_id))

    def places(self, member_id: int) -> tuple[Student, ...]:
        """In all kept lessons, the earliest first."""
        query = select(StudentRow).where(StudentRow.member_id == member_id).order_by(StudentRow.lesson_id)
        with session(self.engine) as opened:
            return tuple(student(row) for row in opened.scalars(query))

    def rename(self, member_id: int, name: str) -> Member:
        """On the roster and in the lessons, but for one where somebody else bears that name.

        Raises InvalidName when another of the class has it.
        """
        clean = student_name(name)
        try:
            with session(self.engine) as opened:
                row = _get(opened, member_id)
                row.name, row.name_key = clean, name_key(clean)
                opened.flush()
                _rename_places(opened, row)
        except IntegrityError as error:
            raise InvalidName(
                _("“{name}” is on this roster already. If the two are one, merge them.").format(name=clean)
            ) from error
        return member(row)

    def leave(self, member_ids: Collection[int], at: datetime) -> None:
        """They are invited to no lesson any more; what was kept of them stays."""
        self._archive(member_ids, at)

    def come_back(self, member_ids: Collection[int]) -> None:
        self._archive(member_ids, None)

    def _archive(self, member_ids: Collection[int], at: datetime | None) -> None:
        with session(self.engine) as opened:
            opened.execute(update(MemberRow).where(MemberRow.id.in_(member_ids)).values(archived_at=at))

    def merge(self, kept_id: int, gone_id: int) -> Member:
        """Two of a class are one: all lessons are `kept_id`'s, under that name. Raises LessonError."""
        with session(self.engine) as opened:
            kept, gone = _get(opened, kept_id), _get(opened, gone_id)
            if kept_id == gone_id or kept.class_id != gone.class_id:
                raise LessonError(_("Two different students of one class can be merged, no others."))
            become(opened, kept, StudentRow.member_id == gone_id)
            become_one(opened, [(kept.uid, gone.uid)], "member")
            guardian = update(ConsentRow).where(ConsentRow.member_id == gone_id).values(member_id=kept_id)
            opened.execute(guardian)
            kept.account_id = kept.account_id or gone.account_id
            opened.delete(gone)
        return member(kept)

    def guests(self, class_id: int) -> tuple[Guest, ...]:
        """By name; who has one name in several lessons is listed once."""
        query = (
            select(func.min(StudentRow.name), func.count())
            .join(LessonRow, LessonRow.id == StudentRow.lesson_id)
            .where(LessonRow.class_id == class_id, StudentRow.member_id.is_(None), StudentRow.named)
            .where(LessonRow.shown == Shown.NAMES)
            .group_by(StudentRow.name_key)
            .order_by(StudentRow.name_key)
        )
        with session(self.engine) as opened:
            return tuple(Guest(name, lessons) for name, lessons in opened.execute(query))

    def recognise(self, member_id: int, guest: str) -> Member:
        """Who joined lessons of the class as this guest is this student; all those lessons follow.

        Raises LessonError when the student was deleted.
        """
        with session(self.engine) as opened:
            row = _get(opened, member_id)
            lessons = select(LessonRow.id).where(LessonRow.class_id == row.class_id)
            a_guest = StudentRow.member_id.is_(None) & StudentRow.named & (StudentRow.name_key == name_key(guest))
            become(opened, row, a_guest & StudentRow.lesson_id.in_(lessons))
        return member(row)

    def delete(self, member_id: int) -> None:
        """The student with all that was measured in any lesson."""
        with session(self.engine) as opened:
            opened.execute(delete(StudentRow).where(StudentRow.member_id == member_id))
            opened.execute(delete(MemberRow).where(MemberRow.id == member_id))


def _get(opened: Session, member_id: int) -> MemberRow:
    row = opened.get(MemberRow, member_id)
    if row is None:
        raise LessonError(_("This student was deleted from the roster."))
    return row


def _rename_places(opened: Session, row: MemberRow) -> None:
    other = aliased(StudentRow)
    namesake = select(other.id).where(
        other.lesson_id == StudentRow.lesson_id, other.name_key == row.name_key, other.id != StudentRow.id
    )
    own = (StudentRow.member_id == row.id) & ~namesake.exists()
    opened.execute(
        update(StudentRow).where(own).values(name=row.name, name_key=row.name_key),
        execution_options={"synchronize_session": False},
    )
