"""Faces of a room's camera: each is a student without a name until the teacher gives it one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError

from monitor.domain import Presence, Student, student_name
from monitor.errors import InvalidName, LessonError, StoreError, UnknownFace
from monitor.store.classes import name_key
from monitor.store.consents import refuse_without_guardian
from monitor.store.engine import session
from monitor.store.minutes import forget_minutes
from monitor.store.people import People
from monitor.store.tables import SampleRow, StudentRow
from monitor.words import _

TRIES = 5


@dataclass(frozen=True)
class Faces:
    engine: Engine

    def add(self, lesson_id: int, at: datetime) -> Student:
        """A new face, as “Face 3”, which counts for the class only. Raises StoreError, as for a deleted lesson."""
        for _try in range(TRIES):
            name = self._free_name(lesson_id)
            row = StudentRow(lesson_id=lesson_id, name=name, name_key=name_key(name), named=False)
            row.presence, row.presence_at = Presence.HERE, at
            try:
                with session(self.engine) as opened:
                    opened.add(row)
            except IntegrityError:
                continue  # the lesson was deleted, or the name taken a moment ago
            return Student(row.id, lesson_id, name, Presence.HERE, at, named=False)
        raise StoreError(f"No place was found for a new face in lesson {lesson_id!r}; it may have been deleted.")

    def _free_name(self, lesson_id: int) -> str:
        taken = {name_key(one.name) for one in People(self.engine).students(lesson_id)}
        names = (f"Face {number}" for number in itertools.count(1))
        return next(name for name in names if name_key(name) not in taken)

    def name(self, lesson_id: int, name: str, at: datetime, face_id: int | None = None) -> Student:
        """The student of this name, who is here from now on; what was measured of the unnamed face is that student's.

        A name that is not on the lesson's list comes onto it. Raises InvalidName, UnknownCode, GuardianNeeded, and
        UnknownFace for an id that is no face without a name.
        """
        people, clean = People(self.engine), student_name(name)
        people.invite(lesson_id, [clean], at)
        students = people.students(lesson_id)
        student = next(one for one in students if name_key(one.name) == name_key(clean))
        if not student.named:
            raise InvalidName(_("“{name}” is the number of a face. Please give a student's name.").format(name=clean))
        with session(self.engine) as opened:
            refuse_without_guardian(opened, lesson_id, student.member_id)
        if face_id is not None:
            if not any(one.id == face_id and not one.named for one in students):
                raise UnknownFace(_("This face has a name already. Please look at the list again."))
            people.merge(student.id, face_id)
        return student if student.presence is Presence.HERE else people.choose(student.id, Presence.HERE, at)

    def part(self, student_id: int, since: datetime, until: datetime) -> Student:
        """Undoes `name`: what was measured of a student in this time becomes a face without a name.

        A student of whom nothing is left is one who has not joined yet, unless there is a device. Of a second in
        which two faces counted for the student, only the one that was kept can be moved. Raises LessonError.
        """
        with session(self.engine) as opened:
            row = opened.get(StudentRow, student_id)
        if row is None:
            raise LessonError(_("This student was deleted."))
        face = self.add(row.lesson_id, since)
        own = SampleRow.student_id == student_id
        span = SampleRow.second.between(int(since.timestamp()), int(until.timestamp()))
        with session(self.engine) as opened:
            forget_minutes(opened, [student_id])
            opened.execute(update(SampleRow).where(own, span).values(student_id=face.id))
            left = opened.scalar(select(func.count()).select_from(SampleRow).where(own))
            if not left:
                nobody_here = (StudentRow.id == student_id) & StudentRow.device.is_(None)
                opened.execute(update(StudentRow).where(nobody_here).values(presence=Presence.INVITED))
        return face
