"""The students of a lesson: invited, joined under a name, paused, left; and the device that measures each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, select, update
from sqlalchemy.orm import Session, aliased

from monitor.domain import Presence, Student, student_name
from monitor.errors import LessonError, NameInUse, UnknownCode
from monitor.store.classes import name_key
from monitor.store.engine import session
from monitor.store.tables import LessonRow, SampleRow, StudentRow


@dataclass(frozen=True)
class Seat:
    """A student's place in a lesson, and the secret by which the student's device proves to hold it."""

    student: Student
    secret: str


@dataclass(frozen=True)
class People:
    engine: Engine

    def invite(self, lesson_id: int, names: Iterable[str], at: datetime) -> tuple[Student, ...]:
        """Puts names on the lesson's list; a name that is there already stays as it is.

        Raises InvalidName, and UnknownCode when the lesson was deleted.
        """
        wanted: dict[str, str] = {}
        for name in map(student_name, names):
            wanted.setdefault(name_key(name), name)
        with session(self.engine) as opened:
            _hold_list(opened, lesson_id)
            known = set(opened.scalars(select(StudentRow.name_key).where(StudentRow.lesson_id == lesson_id)))
            rows = [_row(lesson_id, name, Presence.INVITED, at) for key, name in wanted.items() if key not in known]
            opened.add_all(rows)
        return tuple(_student(row) for row in rows)

    def join(self, lesson_id: int, name: str, at: datetime, notice_version: str, take_over: bool = False) -> Seat:
        """Gives a name to a device. Raises NameInUse when another device holds it, unless `take_over`,
        and UnknownCode when the lesson was deleted."""
        clean, secret = student_name(name), secrets.token_urlsafe(24)
        with session(self.engine) as opened:
            _hold_list(opened, lesson_id)
            row = _find(opened, lesson_id, clean)
            if row is None:
                row = _row(lesson_id, clean, Presence.HERE, at)
                opened.add(row)
            elif row.device and row.presence != Presence.LEFT and not take_over:
                raise NameInUse(f"{row.name} is already in this lesson, on another device.")
            row.device, row.presence, row.presence_at = _hash(secret), Presence.HERE, at
            row.notice_version, row.consented_at = notice_version, at
        return Seat(_student(row), secret)

    def seated(self, secret: str) -> Student | None:
        """Whose seat a device holds; None once the seat was taken over by another device."""
        with session(self.engine) as opened:
            row = opened.scalar(select(StudentRow).where(StudentRow.device == _hash(secret)))
        return None if row is None else _student(row)

    def choose(self, student_id: int, presence: Presence, at: datetime) -> Student:
        """Here, paused or left: what the student wants from now on."""
        with session(self.engine) as opened:
            row = opened.get(StudentRow, student_id)
            if row is None:
                raise LessonError("This seat was deleted.")
            if row.presence != presence:
                row.presence, row.presence_at = presence, at
        return _student(row)

    def students(self, lesson_id: int) -> tuple[Student, ...]:
        """All of a lesson, in the order in which they came onto its list."""
        query = select(StudentRow).where(StudentRow.lesson_id == lesson_id).order_by(StudentRow.id)
        with session(self.engine) as opened:
            return tuple(_student(row) for row in opened.scalars(query))

    def merge(self, kept_id: int, gone_id: int) -> Student:
        """Two students of one lesson are one: all samples are `kept_id`'s from now on, and `gone_id` is no more.

        Of a second that both have, the sample with more faces stays. Raises LessonError.
        """
        with session(self.engine) as opened:
            kept, gone = opened.get(StudentRow, kept_id), opened.get(StudentRow, gone_id)
            if kept is None or gone is None:
                raise LessonError("One of these two students was deleted.")
            if kept_id == gone_id or kept.lesson_id != gone.lesson_id:
                raise LessonError("Two different students of one lesson can be merged, no others.")
            move_samples(opened, kept_id, gone_id)
            opened.delete(gone)
        return _student(kept)

    def delete(self, student_id: int) -> None:
        """The student with all samples."""
        with session(self.engine) as opened:
            row = opened.get(StudentRow, student_id)
            if row is not None:
                opened.delete(row)


def move_samples(opened: Session, kept_id: int, gone_id: int) -> None:
    """What was measured of one student counts as the other's; of a second of both, the one with more faces stays."""
    own, other = aliased(SampleRow), aliased(SampleRow)

    def seconds(better: ColumnElement[bool]) -> list[int]:
        pair = (own.second == other.second) & (own.student_id == kept_id) & (other.student_id == gone_id)
        return list(opened.scalars(select(own.second).join(other, pair).where(better)))

    for student_id, passed_over in (
        (kept_id, seconds(other.faces > own.faces)),
        (gone_id, seconds(other.faces <= own.faces)),
    ):
        opened.execute(delete(SampleRow).where(SampleRow.student_id == student_id, SampleRow.second.in_(passed_over)))
    opened.execute(update(SampleRow).where(SampleRow.student_id == gone_id).values(student_id=kept_id))


def _hold_list(opened: Session, lesson_id: int) -> None:
    """Until the end of the transaction nobody else changes this lesson's list: two devices that take one
    name at the same moment see each other."""
    same = update(LessonRow).where(LessonRow.id == lesson_id).values(made_up=LessonRow.made_up)
    if not opened.connection().execute(same).rowcount:
        raise UnknownCode(f"There is no lesson {lesson_id!r}; it may have been deleted.")


def _find(opened: Session, lesson_id: int, name: str) -> StudentRow | None:
    query = select(StudentRow).where(StudentRow.lesson_id == lesson_id, StudentRow.name_key == name_key(name))
    return opened.scalar(query)


def _row(lesson_id: int, name: str, presence: Presence, at: datetime) -> StudentRow:
    return StudentRow(lesson_id=lesson_id, name=name, name_key=name_key(name), presence=presence, presence_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _student(row: StudentRow) -> Student:
    return Student(row.id, row.lesson_id, row.name, Presence(row.presence), row.presence_at, row.member_id, row.named)
