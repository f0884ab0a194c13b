"""The students of a lesson: invited, joined under a name, paused, left; and the device that measures each."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.orm import Session, aliased

from monitor.domain import Presence, Student, name_key, student_name
from monitor.errors import LessonError, NameInUse, NoGuests, UnknownCode
from monitor.store.consents import agreed, refuse_without_guardian, withdrew
from monitor.store.engine import session
from monitor.store.forgetting import become_one
from monitor.store.merging import move_all
from monitor.store.tables import LessonRow, MemberRow, StudentRow
from monitor.words import _

_one_by_one = threading.Lock()


@dataclass(frozen=True)
class Seat:
    """A student's place in a lesson, and the secret by which the student's device proves to hold it."""

    student: Student
    secret: str


@dataclass(frozen=True)
class People:
    engine: Engine

    def invite(self, lesson_id: int, names: Iterable[str], at: datetime) -> tuple[Student, ...]:
        """Puts names on the lesson's list; a name that is there already stays as it is, and one of the roster of the
        lesson's class is that student.

        Raises InvalidName, and UnknownCode when the lesson was deleted.
        """
        wanted: dict[str, str] = {}
        for name in map(student_name, names):
            wanted.setdefault(name_key(name), name)
        with session(self.engine) as opened:
            _hold_list(opened, lesson_id)
            known = set(opened.scalars(select(StudentRow.name_key).where(StudentRow.lesson_id == lesson_id)))
            new = {key: name for key, name in wanted.items() if key not in known}
            rows = [_row(lesson_id, name, Presence.INVITED, at) for name in new.values()]
            _link(opened, lesson_id, rows)
            opened.add_all(rows)
        return tuple(student(row) for row in rows)

    def invite_roster(self, lesson_id: int, at: datetime) -> None:
        """Puts the roster of the lesson's class on the lesson's list. Raises UnknownCode."""
        with session(self.engine) as opened:
            _hold_list(opened, lesson_id)
            known = select(StudentRow.name_key).where(StudentRow.lesson_id == lesson_id)
            roster = _roster(lesson_id).where(MemberRow.name_key.not_in(known)).order_by(MemberRow.name_key)
            rows = [_row(lesson_id, one.name, Presence.INVITED, at, one.id) for one in opened.scalars(roster)]
            opened.add_all(rows)

    def join(self, lesson_id: int, name: str, at: datetime, notice_version: str, take_over: bool = False) -> Seat:
        """Gives a name to a device, and keeps the consent. Raises NameInUse when another device holds it, unless
        `take_over`, NoGuests when it is not on the list and guests may not join, GuardianNeeded, and UnknownCode when
        the lesson was deleted."""
        clean, secret = student_name(name), secrets.token_urlsafe(24)
        with self._door(), session(self.engine) as opened:
            _hold_list(opened, lesson_id)
            row = _find(opened, lesson_id, clean)
            if row is None:
                row = _newcomer(opened, lesson_id, clean, at)
                opened.add(row)
            elif row.device and row.presence != Presence.LEFT and not take_over:
                raise NameInUse(_("{name} is already in this lesson, on another device.").format(name=row.name))
            row.device, row.presence, row.presence_at = _hash(secret), Presence.HERE, at
            row.notice_version, row.consented_at = notice_version, at
            opened.flush()
            refuse_without_guardian(opened, lesson_id, row.member_id)
            agreed(opened, row.id, notice_version, at)
        return Seat(student(row), secret)

    def _door(self) -> AbstractContextManager[object]:
        """Who waits for SQLite has no place in a queue: of a thousand who join in a minute a few were always overtaken,
        until they gave up."""
        return _one_by_one if self.engine.dialect.name == "sqlite" else nullcontext()

    def seated(self, secret: str) -> Student | None:
        """Whose seat a device holds; None once the seat was taken over by another device."""
        with session(self.engine) as opened:
            row = opened.scalar(select(StudentRow).where(StudentRow.device == _hash(secret)))
        return None if row is None else student(row)

    def measured_streams(self, student_ids: Collection[int]) -> frozenset[str]:
        """Those of these students, as `stream_of` names them, whose pictures count now: of the device that holds the
        seat of a student who is here, in a lesson that runs."""
        query = (
            select(StudentRow.id, StudentRow.device)
            .join(LessonRow, LessonRow.id == StudentRow.lesson_id)
            .where(StudentRow.id.in_(student_ids), StudentRow.presence == Presence.HERE, StudentRow.device.is_not(None))
            .where(LessonRow.ended_at.is_(None))
        )
        with session(self.engine) as opened:
            return frozenset(_stream(number, device or "") for number, device in opened.execute(query))

    def choose(self, student_id: int, presence: Presence, at: datetime) -> Student:
        """Here, paused or left: what the student wants from now on. Who leaves takes the consent back."""
        with session(self.engine) as opened:
            row = opened.get(StudentRow, student_id)
            if row is None:
                raise LessonError(_("This seat was deleted."))
            if row.presence != presence:
                row.presence, row.presence_at = presence, at
            if presence is Presence.LEFT:
                withdrew(opened, student_id, at)
        return student(row)

    def student(self, student_id: int) -> Student:
        """Raises LessonError when there is none with this number."""
        with session(self.engine) as opened:
            row = opened.get(StudentRow, student_id)
        if row is None or not row.named:
            raise LessonError(
                _("There is no student {number}; all of it may have been deleted.").format(number=student_id)
            )
        return student(row)

    def students(self, lesson_id: int) -> tuple[Student, ...]:
        """All of a lesson, in the order in which they came onto its list."""
        query = select(StudentRow).where(StudentRow.lesson_id == lesson_id).order_by(StudentRow.id)
        with session(self.engine) as opened:
            return tuple(student(row) for row in opened.scalars(query))

    def listed(self, lesson_id: int) -> tuple[str, ...]:
        """All names under which somebody may join who is no guest: those of the lesson's list, then those that only
        the roster has, be it that a student came to the class or that one deleted all that was kept."""
        own = select(StudentRow).where(StudentRow.lesson_id == lesson_id, StudentRow.named).order_by(StudentRow.id)
        with session(self.engine) as opened:
            names = {row.name_key: row.name for row in opened.scalars(own)}
            for member in opened.scalars(_roster(lesson_id).order_by(MemberRow.name_key)):
                names.setdefault(member.name_key, member.name)
        return tuple(names.values())

    def count_by_lesson(self) -> dict[int, int]:
        """Students of each lesson that has some, faces without a name left out."""
        query = select(StudentRow.lesson_id, func.count()).where(StudentRow.named).group_by(StudentRow.lesson_id)
        with session(self.engine) as opened:
            return dict(opened.execute(query).all())

    def merge(self, kept_id: int, gone_id: int) -> Student:
        """Two students of one lesson are one: all samples are `kept_id`'s from now on, and `gone_id` is no more.

        Of a second that both have, the sample with more faces stays. Raises LessonError.
        """
        with session(self.engine) as opened:
            kept, gone = opened.get(StudentRow, kept_id), opened.get(StudentRow, gone_id)
            if kept is None or gone is None:
                raise LessonError(_("One of these two students was deleted."))
            if kept_id == gone_id or kept.lesson_id != gone.lesson_id:
                raise LessonError(_("Two different students of one lesson can be merged, no others."))
            move_samples(opened, kept_id, gone_id)
            become_one(opened, [(kept.uid, gone.uid)], "student")
            opened.delete(gone)
        return student(kept)

    def delete(self, student_id: int) -> None:
        """The student with all samples."""
        with session(self.engine) as opened:
            row = opened.get(StudentRow, student_id)
            if row is not None:
                opened.delete(row)


def move_samples(opened: Session, kept_id: int, gone_id: int) -> None:
    """What was measured of one student counts as the other's; of a second of both, the one with more faces stays."""
    kept, gone = aliased(StudentRow), aliased(StudentRow)
    pair = select(kept.id.label("kept_id"), gone.id.label("gone_id")).join(gone, gone.lesson_id == kept.lesson_id)
    move_all(opened, pair.where(kept.id == kept_id, gone.id == gone_id))


def _hold_list(opened: Session, lesson_id: int) -> None:
    """Until the end of the transaction nobody else changes this lesson's list: two devices that take one
    name at the same moment see each other."""
    same = update(LessonRow).where(LessonRow.id == lesson_id).values(made_up=LessonRow.made_up)
    if not opened.connection().execute(same).rowcount:
        raise UnknownCode(_("There is no lesson {number}; it may have been deleted.").format(number=lesson_id))


def _find(opened: Session, lesson_id: int, name: str) -> StudentRow | None:
    """By the name in this lesson, else by that on the roster: one may have changed without the other."""
    same_name = StudentRow.name_key == name_key(name)
    member = _roster(lesson_id).where(MemberRow.name_key == name_key(name)).with_only_columns(MemberRow.id)
    query = select(StudentRow).where(StudentRow.lesson_id == lesson_id, same_name | StudentRow.member_id.in_(member))
    return opened.scalar(query.order_by(same_name.desc()).limit(1))


def _roster(lesson_id: int) -> Select[MemberRow]:
    """Who belongs to the class of a lesson now."""
    of_class = select(LessonRow.class_id).where(LessonRow.id == lesson_id).scalar_subquery()
    return select(MemberRow).where(MemberRow.class_id == of_class, MemberRow.archived_at.is_(None))


def _link(opened: Session, lesson_id: int, rows: Iterable[StudentRow]) -> None:
    """Who bears a name of the roster is that student, spelt as there, unless the lesson has another place of theirs."""
    places = select(StudentRow.member_id).where(StudentRow.lesson_id == lesson_id, StudentRow.member_id.is_not(None))
    members = {one.name_key: one for one in opened.scalars(_roster(lesson_id).where(MemberRow.id.not_in(places)))}
    for row in rows:
        if (member := members.get(row.name_key)) is not None:
            row.name, row.member_id = member.name, member.id


def _newcomer(opened: Session, lesson_id: int, name: str, at: datetime) -> StudentRow:
    """Somebody who is not on the lesson's list: of the class's roster, else a guest where those may join."""
    member = opened.scalar(_roster(lesson_id).where(MemberRow.name_key == name_key(name)))
    if member is not None:
        return _row(lesson_id, member.name, Presence.HERE, at, member.id)
    if not opened.scalar(select(LessonRow.guests).where(LessonRow.id == lesson_id)):
        raise NoGuests(
            _("“{name}” is not on the list of this lesson, and guests cannot join it. Please ask your teacher.").format(
                name=name
            )
        )
    return _row(lesson_id, name, Presence.HERE, at)


def _row(lesson_id: int, name: str, presence: Presence, at: datetime, member_id: int | None = None) -> StudentRow:
    return StudentRow(
        lesson_id=lesson_id,
        name=name,
        name_key=name_key(name),
        presence=presence,
        presence_at=at,
        member_id=member_id,
    )


def stream_of(student_id: int, secret: str) -> str:
    """The name of what this device sends: another device of the same student sends another stream."""
    return _stream(student_id, _hash(secret))


def _stream(student_id: int, device: str) -> str:
    return f"{student_id}-{device[:12]}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def student(row: StudentRow) -> Student:
    return Student(row.id, row.lesson_id, row.name, Presence(row.presence), row.presence_at, row.member_id, row.named)
