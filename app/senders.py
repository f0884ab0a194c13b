"""The cameras that send without a page: who may, for whom their pictures count, and when they end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool

from app import resources
from app.incoming import Incoming, Sender
from monitor.domain import Lesson, Presence, Shown, name_key
from monitor.errors import GuardianNeeded, InvalidName, LessonError, MonitorError, NameInUse, NoGuests, NoStatement
from monitor.live.classroom import Classroom
from monitor.people import notice
from monitor.people.audit import Action
from monitor.store.people import stream_of
from monitor.store.store import Store

LOOK_S = 2.0
STATUSES: tuple[tuple[type[MonitorError], int], ...] = (
    (NameInUse, 409), (NoGuests, 403), (InvalidName, 400), (GuardianNeeded, 403), (NoStatement, 403),
)  # fmt: skip


class Refused(Exception):  # noqa: N818 - read as "the sender is refused"
    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, dict(headers or {})


def room_stream(lesson_id: int) -> str:
    """One for a lesson: who sends anew goes on where the last one ended."""
    return f"room-{lesson_id}-sender"


class Senders:
    """`admit` and `dismiss` ask the store and may be called from any thread; the rest belongs to the event loop."""

    def __init__(self, store: Callable[[], Store], room: Callable[[], Classroom]) -> None:
        self._store, self._room = store, room
        self._known: dict[str, Incoming] = {}
        self._watch: asyncio.Task[None] | None = None

    def all(self) -> tuple[Incoming, ...]:
        return tuple(self._known.values())

    def before_the_room(self, lesson_id: int) -> Incoming | None:
        return next((one for one in self.all() if one.sender.stream == room_stream(lesson_id)), None)

    def admit(self, lesson: Lesson, name: str | None) -> Sender:
        """A camera before the room, or one of a student of this name. Raises Refused, StoreError."""
        if self._room().load.full:
            raise Refused(503, "The server is full: all who are in are measured on.", {"Retry-After": "10"})
        try:
            resources.may_measure()
            return self._of_a_room(lesson) if name is None else self._of_a_student(lesson, name)
        except (LessonError, NoStatement) as error:
            status = next((status for kind, status in STATUSES if isinstance(error, kind)), 403)
            raise Refused(status, str(error)) from error

    def _of_a_room(self, lesson: Lesson) -> Sender:
        if lesson.shown is not Shown.NAMES:
            raise Refused(403, "In a lesson with pseudonyms, or of the class only, no camera looks at the room.")
        stream = room_stream(lesson.id)
        self._room().open_room(stream, lesson.id)
        return Sender(lesson.id, stream)

    def _of_a_student(self, lesson: Lesson, name: str) -> Sender:
        """For measuring how much a server bears: whoever has the token says for whom it sends."""
        if not resources.settings().whip_students:
            raise Refused(403, "Senders that stand for students are switched off (setting whip_students).")
        now, store = resources.now(), self._store()
        seat = store.people.join(lesson.id, name, now, notice.version(), take_over=not self._sends(lesson, name))
        student = seat.student
        store.audit.note(f"student:{student.id}", Action.CONSENT, "student", student.id, "sender")
        stream = stream_of(student.id, seat.secret)
        self._room().seat(stream, student.id)
        return Sender(lesson.id, stream, student.id)

    def _sends(self, lesson: Lesson, name: str) -> bool:
        """Else the name is free, also if one holds it who went with the server's death and never said so."""
        measured = set(self._room().seats.values())
        key = name_key(name)
        return any(name_key(one.name) == key and one.id in measured for one in self._store().people.students(lesson.id))

    def forget(self, sender: Sender) -> None:
        """One that was admitted and never came. Raises StoreError."""
        if all(one.sender.stream != sender.stream for one in self.all()):
            self.dismiss(sender)

    def dismiss(self, sender: Sender) -> None:
        """Nothing comes from this sender any more. Raises StoreError."""
        if sender.student_id is None:
            self._room().close_room(sender.stream)
            return
        self._room().unseat(sender.stream)
        with contextlib.suppress(LessonError):  # the student was deleted
            self._store().people.choose(sender.student_id, Presence.LEFT, resources.now())

    async def take(self, incoming: Incoming) -> None:
        """A new one before the room takes the place of the one before."""
        before = [one for one in self.all() if one.sender.stream == incoming.sender.stream]
        self._known[incoming.id] = incoming
        for one in before:
            del self._known[one.id]
            await one.stop()
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look_after())

    def find(self, session: str, lesson_id: int) -> Incoming:
        """Raises Refused."""
        found = self._known.get(session)
        if found is None or found.sender.lesson_id != lesson_id:
            raise Refused(404, "There is no such session; it may have ended.")
        return found

    async def end(self, incoming: Incoming) -> None:
        """May be called twice. Raises StoreError, when it is over all the same."""
        if self._known.pop(incoming.id, None) is not None:
            await incoming.stop()
            await run_in_threadpool(self.dismiss, incoming.sender)

    async def _look_after(self) -> None:
        """Ends those whose lesson, seat or connection is over, until there are none."""
        while self._known:
            await asyncio.sleep(LOOK_S)
            for one in self.all():
                if one.over or not await run_in_threadpool(self._wanted, one.sender):
                    with contextlib.suppress(MonitorError):
                        await self.end(one)

    def _wanted(self, sender: Sender) -> bool:
        return sender.stream in self._room().streams and resources.runs(sender.lesson_id)
