"""Who the faces in front of a room's camera are: what the teacher says of each track, and a number for the others.

Identity comes from the person who names a track and from nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from model_zoo.emotions import EmotionScores
from monitor.domain import Box, Presence, Reading, Student
from monitor.errors import GuardianNeeded, NotAgreed, StoreError, UnknownFace
from monitor.store.store import Store
from monitor.vision.crowd import GAP_S
from monitor.words import _

log = logging.getLogger(__name__)

NEW_FACE_S = 3.0
"""A face has to be followed for so long before it counts."""
ASK_AGAIN = timedelta(seconds=5)
"""How often the store is asked for what became of the students, and again for a number it could not give."""

Flush = Callable[[Collection[int]], object]
"""Brings all that was measured of these students to the store."""


@dataclass(frozen=True, slots=True)
class RoomFace:
    """A face that a room's camera sees, or saw a moment ago; `visible` in the newest frame.

    `number` is that of its track, `student` the one it counts for: None for the first seconds, not `named` until the
    teacher has said who that is. `left_out`: it counts for nobody, as whoever that is does not want it.
    """

    number: int
    box: Box
    scores: EmotionScores
    visible: bool
    student: Student | None
    left_out: bool = False

    @property
    def name(self) -> str | None:
        return self.student.name if self.student is not None and self.student.named else None


@dataclass
class _Track:
    """`held` while it changes hands: then it counts for nobody, as one that is `left_out` until it gets a name."""

    since: datetime
    newest: Reading
    student: Student | None = None
    asked_at: datetime | None = None
    held: bool = False
    left_out: bool = False

    def hidden_s(self, at: datetime) -> float:
        return (at - self.newest.at).total_seconds()

    def counts_for(self) -> int | None:
        return None if self.student is None or self.held or self.left_out else self.student.id


@dataclass
class _Room:
    lesson_id: int
    tracks: dict[int, _Track]
    at: datetime | None = None
    looked_at: datetime | None = None


class Naming:
    """May be used from any thread. The store is asked on a thread of its own, never on the one that reads frames."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rooms: dict[str, _Room] = {}
        self._away: dict[int, bool] = {}
        self._lock = threading.Lock()
        self._clerk: ThreadPoolExecutor | None = None

    def open(self, stream: str, lesson_id: int) -> None:
        """From now on the faces of this stream count in this lesson. May be called again."""
        with self._lock:
            known = self._rooms.get(stream)
            if known is None or known.lesson_id != lesson_id:
                self._rooms[stream] = _Room(lesson_id, {})

    def close(self, stream: str) -> None:
        with self._lock:
            self._rooms.pop(stream, None)

    def streams(self, lesson_id: int) -> tuple[str, ...]:
        with self._lock:
            return tuple(stream for stream, room in self._rooms.items() if room.lesson_id == lesson_id)

    @property
    def lessons(self) -> frozenset[int]:
        with self._lock:
            return frozenset(room.lesson_id for room in self._rooms.values())

    def stop(self) -> None:
        """Ends the thread. May be called twice."""
        clerk, self._clerk = self._clerk, None
        if clerk is not None:
            clerk.shutdown(wait=True, cancel_futures=True)

    def faces(self, stream: str) -> tuple[RoomFace, ...]:
        """Those seen in the last seconds, in the order of their numbers."""
        with self._lock:
            room = self._rooms.get(stream)
            if room is None or room.at is None:
                return ()
            tracks = sorted(room.tracks.items())
            return tuple(_face(*one, room.at) for one in tracks if one[1].hidden_s(room.at) <= GAP_S)

    def attribute(self, readings: Iterable[Reading]) -> list[tuple[int, Reading]]:
        """The readings of one frame with the students for whom they count; called by the thread that reads.

        A student with a name whose face is not seen gets a reading without a face; nobody else's absence is known.
        """
        frame = list(readings)
        with self._lock:
            room = self._rooms.get(frame[0].stream)
            if room is None:
                return []
            self._take(room, frame)
            seen = [
                (number, room.tracks[number].counts_for(), one) for one in frame if (number := one.track) is not None
            ]
            counted = [(student, one) for _number, student, one in seen if student is not None]
            missing = self._named(room) - {student for student, _one in counted}
        nobody = Reading(frame[0].stream, frame[0].at, None, frame[0].faces, frame[0].picture)
        found = counted + [(student, nobody) for student in sorted(missing)]
        return [(student, one) for student, one in found if not self._away.get(student)]

    def name(self, stream: str, number: int, name: str, at: datetime, flush: Flush) -> Student:
        """This face is the student of this name, from its first moment on.

        A name that another face of the stream bears goes over to this one. The face of somebody who may not be measured
        is left out. Raises NotAgreed and GuardianNeeded for such a one, UnknownFace, InvalidName, StoreError.
        """
        with self._lock:
            lesson_id, track = self._find(stream, number)
            before = track.student
        if before is not None and before.named:
            if before.name == name:
                return before
            before = self.unname(stream, number, flush)
        try:
            self._refuse_absent(lesson_id, name)
            student = self._hand_over(track, flush, lambda: self._store.faces.name(lesson_id, name, at, _id(before)))
        except (NotAgreed, GuardianNeeded):
            self.leave_out(stream, number, flush)
            raise
        with self._lock:
            track.left_out = False
            self._leave_to(stream, number, student)
        return student

    def unname(self, stream: str, number: int, flush: Flush) -> Student:
        """The name was wrong: what was measured of this face while it was followed has no name again."""
        with self._lock:
            _lesson, track = self._find(stream, number)
            student = track.student
        if student is None or not student.named:
            raise UnknownFace(_("Face {number} has no name that could be taken back.").format(number=number))
        ended = track.newest.at
        return self._hand_over(track, flush, lambda: self._store.faces.part(student.id, track.since, ended))

    def leave_out(self, stream: str, number: int, flush: Flush) -> None:
        """Whoever this is, is measured no more, as long as the face is followed; what was measured of it is deleted."""
        with self._lock:
            _lesson, track = self._find(stream, number)
            track.left_out = True
        if track.student is not None and track.student.named:
            self.unname(stream, number, flush)
        face, track.student = track.student, None
        if face is not None:
            flush([face.id])
            self._store.people.delete(face.id)

    def look_away(self, student_id: int) -> None:
        """Who has just paused or left is measured no more, at once. Who comes back is seen to with the next look."""
        self._away[student_id] = True

    def _hand_over(self, track: _Track, flush: Flush, change: Callable[[], Student]) -> Student:
        track.held = True
        try:
            if track.student is not None:
                flush([track.student.id])
            track.student = change()
            return track.student
        finally:
            track.held = False

    def _refuse_absent(self, lesson_id: int, name: str) -> None:
        for one in self._store.people.students(lesson_id):
            if one.name.casefold() == name.casefold() and one.presence in (Presence.PAUSED, Presence.LEFT):
                raise NotAgreed(_("{name} does not want to be measured just now.").format(name=one.name))

    def _find(self, stream: str, number: int) -> tuple[int, _Track]:
        room = self._rooms.get(stream)
        if room is None or number not in room.tracks:
            raise UnknownFace(_("Face {number} is no longer followed.").format(number=number))
        return room.lesson_id, room.tracks[number]

    def _leave_to(self, stream: str, number: int, student: Student) -> None:
        """No other face of the stream bears this name any more."""
        for other, track in list(self._rooms[stream].tracks.items()):
            if other != number and _id(track.student) == student.id:
                track.student, track.since, track.asked_at = None, track.newest.at, None

    def _take(self, room: _Room, frame: list[Reading]) -> None:
        room.at = frame[0].at
        for one in frame:
            if one.track is not None:
                room.tracks.setdefault(one.track, _Track(one.at, one)).newest = one
        for number, track in list(room.tracks.items()):
            named = track.student is not None and track.student.named
            if not named and track.hidden_s(room.at) > GAP_S:
                del room.tracks[number]
            elif track.student is None and (track.newest.at - track.since).total_seconds() >= NEW_FACE_S:
                self._ask_number(room, track)
        if room.looked_at is None or abs(room.at - room.looked_at) >= ASK_AGAIN:
            room.looked_at = room.at
            self._ask(lambda: self._look_who_is_away(room))

    def _named(self, room: _Room) -> set[int]:
        return {one.student.id for one in room.tracks.values() if one.student and one.student.named and not one.held}

    def _ask_number(self, room: _Room, track: _Track) -> None:
        if (
            not track.held
            and not track.left_out
            and (track.asked_at is None or abs(track.newest.at - track.asked_at) >= ASK_AGAIN)
        ):
            track.asked_at = track.newest.at
            self._ask(lambda: self._give_number(room, track))

    def _give_number(self, room: _Room, track: _Track) -> None:
        if track.student is not None or track.held or track.left_out or room not in self._rooms.values():
            return
        if self._store.consents.needed_in(room.lesson_id):
            return  # of a face without a name nobody knows whether a guardian agreed
        face = self._store.faces.add(room.lesson_id, track.since)
        if track.student is None and not track.left_out:
            track.student = face
        else:
            self._store.people.delete(face.id)

    def _look_who_is_away(self, room: _Room) -> None:
        """Who paused or left on a page of their own, was deleted, or whose guardian does not agree any more, is not
        measured by the room's camera either."""
        lacking = self._store.consents.lacking(room.lesson_id)
        here = {one.id: one.presence for one in self._store.people.students(room.lesson_id)}
        with self._lock:
            bearing = self._named(room)
        for student in bearing:
            absent = here.get(student) in (None, Presence.PAUSED, Presence.LEFT)
            self._away[student] = absent or student in lacking

    def _ask(self, question: Callable[[], None]) -> None:
        if self._clerk is None:
            self._clerk = ThreadPoolExecutor(1, thread_name_prefix="naming")
        self._clerk.submit(_quietly, question)


def _quietly(question: Callable[[], None]) -> None:
    try:
        question()
    except StoreError as error:
        log.warning("faces of the room's camera have to wait: %s", error)
    except Exception:
        log.exception("faces of the room's camera have to wait")


def _id(student: Student | None) -> int | None:
    return None if student is None else student.id


def _face(number: int, track: _Track, at: datetime) -> RoomFace:
    newest = track.newest
    assert newest.box is not None
    assert newest.scores is not None
    return RoomFace(number, newest.box, newest.scores, newest.at == at, track.student, track.left_out)
