"""A lesson that is played second by second: frames through the classroom into the store, and what its pages ask of the
store, once as it was without accounts and consents, and once with them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from unittest import mock

from sqlalchemy import event, text

from monitor import settings
from monitor.domain import Frame, Image, Lesson, Presence, Shown
from monitor.insight.export.csv import to_csv
from monitor.insight.mood import class_now
from monitor.insight.report import report
from monitor.insight.students import students_now
from monitor.insight.timeline import Follower, read_timeline
from monitor.insight.watching import Watcher
from monitor.live.classroom import Classroom
from monitor.live.housekeeping import Housekeeping
from monitor.live.naming import Naming
from monitor.live.pipeline import open_pipeline
from monitor.live.recorder import Recorder
from monitor.people.accounts import Account, Role
from monitor.people.audit import Action
from monitor.people.rights import Guest, Right
from monitor.store.seen import may_see, seen_by
from monitor.store.store import Store, open_store
from monitor.teaching import MarkerKind
from tests.lesson import state

PATIENCE_S = 10.0
ASKED_EVERY_S = 5  # how long the pages keep who somebody is and what is allowed
MINUTE = 60
PAGE_RUNS = 3  # of a student's page until the camera is on
NOTICE = "2026-3 en"


class Clock:
    """Stands where the classroom reads the time."""

    max = datetime.max

    def __init__(self, began: datetime) -> None:
        self.began = self.at = began

    def now(self, zone: tzinfo) -> datetime:
        return self.at.astimezone(zone)


class PlayedLesson:
    """What both ways have in common: frames, samples, the teacher's page each second."""

    def __init__(self, database: Path, clock: Clock, images: Sequence[Image], students: int, fps: int) -> None:
        chosen = settings.load()
        # More threads would wait for each other by spinning, and that is processor time too.
        chosen = chosen.model_copy(update={"yunet": Path(os.environ.get("YUNET", chosen.yunet)), "threads": 1})
        self.clock, self.images, self.fps = clock, images, fps
        self.store: Store = open_store(f"sqlite:///{database}")
        self.recorder = Recorder(self.store, 10_000)
        self.recorder.start()
        self.naming = Naming(self.store)
        self.room = Classroom(open_pipeline(chosen), self.recorder, self.naming)
        self.prepare()
        self.lesson = self.begin()
        self.students = [self.join(f"Student {number}") for number in range(students)]
        for student in self.students:
            self.room.seat(f"camera-{student}", student)
        self.follower = Follower(self.store, self.lesson.id, keep=timedelta(minutes=11))
        self.watcher = Watcher(self.store, self.lesson.id)

    def prepare(self) -> None:
        raise NotImplementedError

    def begin(self) -> Lesson:
        raise NotImplementedError

    def join(self, name: str) -> int:
        raise NotImplementedError

    def ask(self, number: int) -> None:
        """What the pages ask in this second besides."""
        raise NotImplementedError

    def end(self) -> None:
        """One student deletes all of it, then the lesson ends and a file is made of it."""
        raise NotImplementedError

    def second(self, number: int) -> None:
        began = self.clock.began + timedelta(seconds=number)
        for turn in range(self.fps):
            self.clock.at = began + timedelta(seconds=turn / self.fps)
            for place, student in enumerate(self.students):
                image = self.images[(number * self.fps + turn + 3 * place) % len(self.images)]
                self.room.submit(Frame(f"camera-{student}", image, self.clock.at))
            self.room._round()
        self.clock.at = began + timedelta(seconds=1)
        self.room._round()
        assert self.recorder.drain(PATIENCE_S)
        self._look()
        self.ask(number)

    def _look(self) -> None:
        timeline = self.follower.refresh(self.clock.at)
        told = timeline.as_of(self.clock.at)
        class_now(timeline, told)
        students_now(timeline, self.clock.at)
        self.watcher.look(timeline, self.store.markers.of(self.lesson.id), told)

    def _file(self) -> None:
        timeline = read_timeline(self.store, self.lesson.id, now=self.clock.at + timedelta(minutes=1))
        report(timeline, self.clock.at)
        to_csv(timeline)

    def close(self) -> None:
        self.recorder.stop()
        self.naming.stop()
        self.store.close()


class BareLesson(PlayedLesson):
    """No account, no consent, no log; what is deleted is not overwritten, and nobody remembers that it was."""

    def prepare(self) -> None:
        event.listen(self.store.engine, "connect", _overwrite_nothing)
        self.store.engine.dispose()
        with self.store.engine.begin() as connection:
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in found:
                connection.execute(text(f'DROP TRIGGER "{name}"'))

    def begin(self) -> Lesson:
        return self.store.lessons.start("Fractions", self.clock.at, "tiny", "YuNet")

    def join(self, name: str) -> int:
        with ExitStack() as patched:
            for passed_over in ("agreed", "refuse_without_guardian"):
                patched.enter_context(mock.patch(f"monitor.store.people.{passed_over}"))
            seat = self.store.people.join(self.lesson.id, name, self.clock.at, NOTICE)
        for _run in range(PAGE_RUNS):
            self.store.people.seated(seat.secret)
            self.store.lessons.get(self.lesson.id)
        return seat.student.id

    def ask(self, number: int) -> None:
        if number % 2 == 0:
            self.store.lessons.get(self.lesson.id)
        if number % MINUTE == 0:
            self.store.markers.put(self.lesson.id, self.clock.at, MarkerKind.QUESTION)
            self.store.samples.of_student(self.students[0])

    def end(self) -> None:
        gone = self.students.pop()
        self.room.unseat(f"camera-{gone}")
        with mock.patch("monitor.store.people.withdrew"):
            self.store.people.choose(gone, Presence.LEFT, self.clock.at)
        self.store.people.delete(gone)
        self.store.lessons.end(self.lesson.id, self.clock.at)
        self._file()


class TrustedLesson(PlayedLesson):
    """All of it, as the pages do it."""

    def __init__(
        self, database: Path, clock: Clock, images: Sequence[Image], students: int, fps: int, shown: Shown
    ) -> None:
        self.shown = shown
        super().__init__(database, clock, images, students, fps)

    def prepare(self) -> None:
        state(self.store)
        self.teacher: Account = self.store.accounts.create("grace", Role.TEACHER, self.clock.at)
        self.token = self.store.sign_ins.begin(self.teacher.id, self.clock.at)
        self.own = seen_by(self.store, self.teacher)
        self.keeper = Housekeeping(self.store, 30, lambda: True)
        self.keeper.purge(self.clock.at)

    def begin(self) -> Lesson:
        self.store.statements.current()
        return self.own.lessons.start("Fractions", self.clock.at, "tiny", "YuNet", shown=self.shown)

    def join(self, name: str) -> int:
        door = seen_by(self.store, Guest(self.lesson.code))
        seat = door.people.join(self.lesson.id, name, self.clock.at, NOTICE)
        by = f"student:{seat.student.id}"
        door.audit.note(by, Action.CONSENT, "student", seat.student.id, f"notice={NOTICE}")
        door = seen_by(self.store, Guest(self.lesson.code, seat.secret))
        for _run in range(PAGE_RUNS):
            door.people.seated(seat.secret)
            door.lessons.get(self.lesson.id)
            self.store.statements.current()
            self.store.consents.of_student(seat.student.id)
        return seat.student.id

    def ask(self, number: int) -> None:
        if number % 2 == 0:
            self.store.lessons.get(self.lesson.id)
        if number % ASKED_EVERY_S == 0:
            self._who_may()
        if number % MINUTE == 0:
            self.own.markers.put(self.lesson.id, self.clock.at, MarkerKind.QUESTION)
            if self.shown is Shown.NAMES:
                self._view(self.students[0])
            self.keeper.look(self.clock.at)

    def _who_may(self) -> None:
        self.store.sign_ins.whose(self.token, self.clock.at)
        for right in (Right.FIGURES, Right.NAMES, Right.EDIT):
            may_see(self.store, self.teacher, self.lesson.id, right)
        self.store.statements.current()
        self.store.consents.refused(self.lesson.id)

    def _view(self, student: int) -> None:
        self.own.samples.of_student(student)
        actor = f"account:{self.teacher.id}"
        self.own.audit.note(actor, Action.VIEW_STUDENT, "student", student, f"lesson={self.lesson.id}")

    def end(self) -> None:
        gone = self.students.pop()
        self.room.unseat(f"camera-{gone}")
        self.store.people.choose(gone, Presence.LEFT, self.clock.at)
        self.store.audit.note(f"student:{gone}", Action.WITHDRAW, "student", gone)
        self.store.people.delete(gone)
        self.store.audit.note(f"student:{gone}", Action.DELETE, "student", gone)
        self.keeper.look(self.clock.at)
        self.own.lessons.end(self.lesson.id, self.clock.at)
        self.own.audit.note(f"account:{self.teacher.id}", Action.EXPORT, "lesson", self.lesson.id, "csv")
        self._file()


def _overwrite_nothing(connection: sqlite3.Connection, entry: object) -> None:
    connection.execute("PRAGMA secure_delete=OFF")
