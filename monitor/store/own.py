"""What is a student's own: by the account of the student, whom a teacher has linked with somebody on a roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from monitor.domain import Lesson, Student
from monitor.errors import InvalidAccount, LessonOver
from monitor.people.accounts import Account, Role
from monitor.store.engine import session
from monitor.store.lessons import lesson
from monitor.store.people import People, Seat, student
from monitor.store.sign_ins import account
from monitor.store.tables import LessonRow, MemberRow, StudentRow
from monitor.store.trust_tables import AccountRow
from monitor.words import _


@dataclass(frozen=True)
class OwnPlace:
    lesson: Lesson
    student: Student


@dataclass(frozen=True)
class Own:
    """Each method but the last two is asked by a student, whose account its first argument names."""

    engine: Engine

    def places(self, account_id: int) -> tuple[OwnPlace, ...]:
        """In all kept lessons in which the student has a place, the newest first."""
        query = (
            select(LessonRow, StudentRow)
            .join(StudentRow, StudentRow.lesson_id == LessonRow.id)
            .join(MemberRow, MemberRow.id == StudentRow.member_id)
            .where(MemberRow.account_id == account_id)
            .order_by(LessonRow.started_at.desc(), LessonRow.id.desc())
        )
        with session(self.engine) as opened:
            return tuple(OwnPlace(lesson(one), student(row)) for one, row in opened.execute(query))

    def running(self, account_id: int) -> tuple[Lesson, ...]:
        """Lessons that run now of the classes in which the student is."""
        query = select(LessonRow).join(MemberRow, MemberRow.class_id == LessonRow.class_id)
        own = (MemberRow.account_id == account_id, MemberRow.archived_at.is_(None), LessonRow.ended_at.is_(None))
        with session(self.engine) as opened:
            return tuple(lesson(row) for row in opened.scalars(query.where(*own).order_by(LessonRow.started_at)))

    def join(self, account_id: int, lesson_id: int, at: datetime, notice_version: str) -> Seat:
        """As this student, whatever device was so before. Raises LessonOver, also where the student is not in the
        class, and as `People.join`."""
        if lesson_id not in (one.id for one in self.running(account_id)):
            raise LessonOver(_("This lesson is over, or you are not in its class."))
        with session(self.engine) as opened:
            of_class = select(LessonRow.class_id).where(LessonRow.id == lesson_id).scalar_subquery()
            mine = select(MemberRow.name).where(MemberRow.account_id == account_id, MemberRow.class_id == of_class)
            name = opened.scalars(mine).one()
        return People(self.engine).join(lesson_id, name, at, notice_version, take_over=True)

    def delete(self, account_id: int, student_id: int) -> None:
        """What was measured of the student in one lesson; nothing where that is somebody else."""
        own = select(MemberRow.id).where(MemberRow.account_id == account_id)
        gone = (StudentRow.id == student_id, StudentRow.member_id.in_(own))
        with session(self.engine) as opened:
            opened.execute(delete(StudentRow).where(*gone))

    def link(self, member_id: int, account_id: int | None) -> None:
        """Whose account it is; with None nobody's. One account is one student of a class.

        Raises InvalidAccount for an account that is no student's.
        """
        with session(self.engine) as opened:
            if account_id is not None:
                _refuse_others(opened, account_id)
                of_class = select(MemberRow.class_id).where(MemberRow.id == member_id).scalar_subquery()
                before = (MemberRow.account_id == account_id, MemberRow.class_id == of_class)
                # Found by the database alone, whose rows are then changed.
                opened.execute(update(MemberRow).where(*before).values(account_id=None), execution_options=PLAIN)
            opened.execute(update(MemberRow).where(MemberRow.id == member_id).values(account_id=account_id))

    def linked(self, class_id: int) -> dict[int, Account]:
        """By the number on the roster."""
        query = select(MemberRow.id, AccountRow).join(AccountRow, AccountRow.id == MemberRow.account_id)
        with session(self.engine) as opened:
            rows = opened.execute(query.where(MemberRow.class_id == class_id)).all()
        return {member_id: account(row) for member_id, row in rows}


PLAIN = {"synchronize_session": False}


def _refuse_others(opened: Session, account_id: int) -> None:
    row = opened.get(AccountRow, account_id)
    if row is None or row.role != Role.STUDENT:
        raise InvalidAccount(_("Only an account with the role of a student is linked with somebody on a roster."))
