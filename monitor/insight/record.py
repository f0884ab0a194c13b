"""All that is kept of one student, to take along: as JSON with the words that were agreed to, or as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson, Presence, Shown, Student
from monitor.errors import LessonError
from monitor.insight.export.csv import to_csv
from monitor.insight.pseudonyms import renamed
from monitor.insight.timeline import WHOLE, Timeline
from monitor.people import notice
from monitor.people.consent import Consent, Notice
from monitor.store.store import Store
from monitor.words import _


@dataclass(frozen=True, eq=False)
class Place:
    """A student's part in one lesson. `pseudonym`: under which the teacher saw it, where that was so."""

    lesson: Lesson
    student: Student
    pseudonym: str | None
    consents: tuple[Consent, ...]
    timeline: Timeline


@dataclass(frozen=True, eq=False)
class Record:
    """`guardians`: what is noted of them, for somebody on a roster. `words`: the notices that were agreed to."""

    name: str
    places: tuple[Place, ...]
    guardians: tuple[Consent, ...]
    words: tuple[Notice, ...]

    @property
    def seconds(self) -> int:
        return sum(len(place.timeline.samples) for place in self.places)


def student_record(store: Store, student_id: int) -> Record:
    """Of one lesson. Raises LessonError when there is no such student."""
    student = store.people.student(student_id)
    return Record(student.name, (_place(store, student),), (), _words(store, [student]))


def member_record(store: Store, member_id: int) -> Record:
    """Of all lessons that are kept. Raises LessonError when nobody with this number is on a roster."""
    member, students = store.members.get(member_id), store.members.places(member_id)
    places = tuple(_place(store, student) for student in students)
    return Record(member.name, places, store.consents.of_member(member_id), _words(store, students))


def as_csv(record: Record) -> bytes:
    """One row per second, in the form of a lesson's CSV, the lessons one after another under one heading."""
    files = [to_csv(place.timeline) for place in record.places]
    if not files:
        raise LessonError(_("Nothing was measured, so there is no row to write."))
    return files[0] + b"".join(file.split(b"\r\n", 1)[1] for file in files[1:])


def as_json(record: Record, now: datetime) -> bytes:
    found = {
        "name": record.name,
        "written_at": _time(now),
        "guardians": [_consent(one) for one in record.guardians],
        "lessons": [_lesson(place) for place in record.places],
        "notices": {f"school-{one.number}": one.texts for one in record.words},
        "notice_of_the_dashboard": {"version": notice.VERSION, "text": [*notice.short("…", 0), notice.long()]},
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _place(store: Store, student: Student) -> Place:
    lesson = store.lessons.get(student.lesson_id)
    pseudonym = None
    if lesson.shown is Shown.PSEUDONYMS:
        pseudonym = renamed(store, lesson, store.people.students(lesson.id))[student.id].name
    samples = store.samples.of_student(student.id)
    # The student's own, who may see all of it, whatever the lesson shows to others.
    own = Timeline(replace(lesson, shown=Shown.NAMES), (student,), samples)
    return Place(lesson, student, pseudonym, store.consents.of_student(student.id), own)


def _words(store: Store, students: Iterable[Student]) -> tuple[Notice, ...]:
    agreed = {one.notice.split(" ")[0] for student in students for one in store.consents.of_student(student.id)}
    return tuple(one for one in store.consents.notices() if f"school-{one.number}" in agreed)


def _lesson(place: Place) -> dict[str, Any]:
    return {
        "lesson": place.lesson.id,
        "title": place.lesson.title,
        "started_at": _time(place.lesson.started_at),
        "ended_at": _time(place.lesson.ended_at),
        "shown": place.lesson.shown.value,
        "name": place.student.name,
        "pseudonym": place.pseudonym,
        "took_part": place.student.presence is not Presence.INVITED,
        "consents": [_consent(one) for one in place.consents],
        "columns": ["at", "faces", "frames", *(emotion.value for emotion in EMOTIONS)],
        "seconds": [_second(row) for row in place.timeline.samples.itertuples(index=False)],
    }


def _second(row: Sequence[float]) -> list[Any]:
    _student, second, faces, frames, *scores = row
    shares = [None if score != score else round(score / WHOLE, 4) for score in scores]
    return [_time(datetime.fromtimestamp(second, UTC)), int(faces), int(frames), *shares]


def _consent(one: Consent) -> dict[str, str | None]:
    return {
        "by": one.giver.value,
        "notice": one.notice,
        "said": one.said,
        "given_at": _time(one.given_at),
        "withdrawn_at": _time(one.withdrawn_at),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
