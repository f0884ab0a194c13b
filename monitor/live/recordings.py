"""A queue of recorded videos that are made lessons, one after another, on a thread of its own.

A video's bytes are held in memory until it is its turn, and let go of when it is done; a lesson that is live goes
first. What is handed out (`Entry`) is frozen.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from enum import StrEnum

from monitor.errors import MonitorError, VideoError
from monitor.live.analysis import Analysed, Cancelled, Progress, Recording, Seen, analyse
from monitor.live.naming import NEW_FACE_S
from monitor.live.pipeline import Pipeline
from monitor.store.store import Store
from monitor.words import _

log = logging.getLogger(__name__)
MOST_BYTES = 1_500_000_000
MOST_LISTED = 50
LOOK_AGAIN_S = 0.5  # while a lesson is live


class Turn(StrEnum):
    """How far a video is."""

    WAITING = "waiting"
    AT_WORK = "at work"
    HELD = "held up by a live lesson"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self in (Turn.DONE, Turn.FAILED, Turn.CANCELLED)


@dataclass(frozen=True)
class Entry:
    """A video of the queue. `student` is None where all who can be seen are followed; `people` are those, when it is
    done. `told`: why it failed, or what is to be known of its lesson."""

    id: int
    title: str
    student: str | None
    turn: Turn = Turn.WAITING
    progress: Progress | None = None
    lesson_id: int | None = None
    told: str = ""
    people: tuple[Seen, ...] = ()
    owner_id: int | None = None


@dataclass
class _Job:
    entry: Entry
    recording: Recording | None
    context: Context
    """In which the words are those of whoever added the video."""
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def size(self) -> int:
        source = self.recording.source if self.recording else b""
        return len(source) if isinstance(source, bytes) else 0


class Recordings:
    """May be used from any thread. `live` says whether a lesson needs the processor just now."""

    def __init__(
        self,
        store: Store,
        open_pipeline: Callable[[], Pipeline],
        live: Callable[[], bool],
        longest_s: float,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.longest_s = longest_s
        self._store, self._open_pipeline, self._live, self._most_bytes = store, open_pipeline, live, most_bytes
        self._pipeline: Pipeline | None = None
        self._jobs: dict[int, _Job] = {}
        self._number = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def add(self, recording: Recording) -> int:
        """Puts a video at the end of the queue. Raises VideoError when too much waits already."""
        with self._changed:
            self._number += 1
            entry = Entry(self._number, recording.title, recording.student, owner_id=recording.owner_id)
            job = _Job(entry, recording, copy_context())
            held = sum(one.size for one in self._jobs.values())
            if held and held + job.size > self._most_bytes:
                raise VideoError(_("So many videos wait already that no more fit into memory. Add this one later."))
            self._jobs[entry.id] = job
            self._forget_oldest()
            self._start()
            self._changed.notify_all()
            return entry.id

    def entries(self) -> tuple[Entry, ...]:
        """In the order in which they came."""
        with self._changed:
            return tuple(job.entry for job in self._jobs.values())

    def cancel(self, number: int) -> None:
        """Nothing of this video is kept. One that is over, or that nobody knows, stays as it is."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None or job.entry.turn.over:
                return
            job.cancelled.set()
            self._over(job, Turn.CANCELLED)

    def remove(self, number: int) -> None:
        """Takes a video from the list, cancelled if need be. A lesson made of it stays."""
        self.cancel(number)
        with self._changed:
            self._jobs.pop(number, None)

    def wait(self, patience: float) -> bool:
        """Until no video waits or is at work; says whether it is so."""
        with self._changed:
            return self._changed.wait_for(lambda: all(job.entry.turn.over for job in self._jobs.values()), patience)

    def stop(self) -> None:
        """Cancels all and ends the thread. May be called twice."""
        with self._changed:
            self._stopping, thread, self._thread = True, self._thread, None
            for job in self._jobs.values():
                job.cancelled.set()
            self._changed.notify_all()
        if thread is not None:
            thread.join(10)

    def _start(self) -> None:
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        _be_modest()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._next() is not None)
                job = self._next()
                if self._stopping or job is None:
                    return
                recording, job.entry = job.recording, replace(job.entry, turn=Turn.AT_WORK)
            assert recording is not None
            job.context.run(self._work, job, recording)
            del recording, job

    def _next(self) -> _Job | None:
        return next((job for job in self._jobs.values() if job.entry.turn is Turn.WAITING), None)

    def _work(self, job: _Job, recording: Recording) -> None:
        def watch(progress: Progress) -> None:
            self._watch(job, progress)

        try:
            self._pipeline = self._pipeline or self._open_pipeline()
            done = analyse(self._store, self._pipeline, recording, self.longest_s, watch, quietly=True)
            people = done.people if recording.student is None else ()
            self._over(job, Turn.DONE, lesson_id=done.lesson.id, told=remark(done), people=people)
        except Cancelled:
            self._over(job, Turn.CANCELLED)
        except MonitorError as error:
            self._over(job, Turn.FAILED, told=str(error))
        except Exception:
            # Whatever it was, the videos after this one have their turn.
            log.exception("a video could not be analysed")
            self._over(job, Turn.FAILED, told=_("Something went wrong with this video. The server's log says more."))

    def _watch(self, job: _Job, progress: Progress) -> None:
        """Raises Cancelled."""
        self._show(job, turn=Turn.AT_WORK, progress=progress)
        while self._live():
            self._show(job, turn=Turn.HELD)
            job.cancelled.wait(LOOK_AGAIN_S)
        self._show(job, turn=Turn.AT_WORK)

    def _show(self, job: _Job, **changes: object) -> None:
        """Raises Cancelled when somebody has cancelled it."""
        with self._changed:
            if job.cancelled.is_set():
                raise Cancelled
            job.entry = replace(job.entry, **changes)  # type: ignore[arg-type]
            self._changed.notify_all()

    def _over(self, job: _Job, turn: Turn, **changes: object) -> None:
        """Lets go of the video's bytes."""
        with self._changed:
            job.recording = None
            job.entry = replace(job.entry, turn=turn, progress=None, **changes)  # type: ignore[arg-type]
            self._changed.notify_all()

    def _forget_oldest(self) -> None:
        over = [number for number, job in self._jobs.items() if job.entry.turn.over]
        for number in over[: max(0, len(self._jobs) - MOST_LISTED)]:
            del self._jobs[number]


def remark(done: Analysed) -> str:
    """What is to be known of a lesson that was made of a video; mostly nothing."""
    said = []
    if done.broken_off_at is not None:
        minutes, seconds = divmod(round(done.broken_off_at), 60)
        said.append(
            _("The video breaks off after {time}; the lesson goes that far.").format(time=f"{minutes}:{seconds:02d}")
        )
    if not done.faces:
        said.append(_("No face was found in it."))
    elif not done.people:
        said.append(_("Nobody could be followed for {seconds} seconds.").format(seconds=f"{NEW_FACE_S:.0f}"))
    return " ".join(said)


def _be_modest() -> None:
    """Lowers the priority of this thread, where the system can: a live class and the pages go first."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
