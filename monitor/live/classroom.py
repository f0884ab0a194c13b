"""The live class: newest frame of each stream in, samples out.

`submit` is called from the threads on which frames arrive and returns at once. One thread of the
classroom's own does the rest; what it hands out (`Reading`, `Counts`) is frozen.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from monitor.clock import Clock
from monitor.domain import Frame, Reading, Sample, Student
from monitor.live.load import Counts, Load
from monitor.live.naming import Naming, RoomFace
from monitor.live.one_by_one import read_all
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Keeping, Recorder, Seconds
from monitor.live.rounds import GATHER_S, pause
from monitor.live.spent import Stage
from monitor.vision.classification import Scoring

log = logging.getLogger(__name__)

QUIET_AFTER_S = 3.0
# A round over a hundred streams takes about a second.
HANGS_AFTER_S = 15.0


class Classroom:
    def __init__(self, pipeline: Pipeline, recorder: Recorder, naming: Naming, clock: Clock | None = None) -> None:
        self._pipeline, self._recorder, self._naming, self._clock = pipeline, recorder, naming, clock or Clock()
        self._seats: dict[str, int] = {}
        self._rooms: set[str] = set()
        self._newest: dict[str, Frame] = {}
        self._latest: dict[str, Reading] = {}
        self._left: set[str] = set()
        self._flushed: list[tuple[frozenset[int], threading.Event]] = []
        self._seconds = Seconds()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._received = self._read = self._dropped = self._failed = 0
        self._busy_s, self.load = 0.0, Load()
        self._received_at, self._round_at = -QUIET_AFTER_S, time.monotonic()

    def start(self) -> None:
        if self._thread is None:
            self._recorder.start()
            self._stop.clear()
            self._round_at = time.monotonic()
            self._thread = threading.Thread(target=self._run, name="classroom", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends the threads after what waits has been kept. May be called twice."""
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread is not None:
            thread.join(5)
            self._recorder.keep(self._seconds.close(datetime.max.replace(tzinfo=UTC)))
        self._recorder.stop()
        self._naming.stop()

    def seat(self, stream: str, student_id: int) -> None:
        """From now on the frames of `stream` count for this student, and those of no other stream do."""
        with self._lock:
            for other in [key for key, seated in self._seats.items() if seated == student_id and key != stream]:
                self._unseat(other)
            if stream not in self._seats:
                self.load.join()
            self._seats[stream] = student_id
            self._left.discard(stream)

    def unseat(self, stream: str) -> None:
        """Frames of `stream` are no longer looked at: paused, left, or taken over. May be called twice."""
        with self._lock:
            self._unseat(stream)

    def dismiss(self, student_ids: Collection[int], patience: float = 2.0) -> bool:
        """Unseats all devices of these students, whose lesson is over, and keeps their last second.

        Waits for the store, `patience` seconds at most, so that a report made next is of the whole lesson.
        Says whether all is stored; what is not goes on waiting in the recorder.
        """
        with self._lock:
            for stream in [key for key, seated in self._seats.items() if seated in student_ids]:
                self._unseat(stream)
        return self.flush(student_ids, patience)

    def flush(self, student_ids: Collection[int], patience: float = 2.0) -> bool:
        """Keeps the last second of these students at once, as far as it came, and waits for the store as `dismiss`."""
        kept = threading.Event()
        with self._lock:
            self._flushed.append((frozenset(student_ids), kept))
        give_up = time.monotonic() + patience
        return kept.wait(patience) and self._recorder.drain(give_up - time.monotonic())

    def open_room(self, stream: str, lesson_id: int) -> None:
        """From now on `stream` shows the room of a lesson: its faces count as they are named. May be called again."""
        self._naming.open(stream, lesson_id)
        with self._lock:
            self._rooms.add(stream)
            self._left.discard(stream)

    def close_room(self, stream: str) -> None:
        """Frames of the room's camera are no longer looked at. May be called twice."""
        self._naming.close(stream)
        with self._lock:
            self._rooms.discard(stream)
            self._forget(stream)

    def close_rooms(self, lesson_id: int) -> None:
        """All cameras that look at the room of this lesson."""
        for stream in self._naming.streams(lesson_id):
            self.close_room(stream)

    def faces(self, stream: str) -> tuple[RoomFace, ...]:
        """In front of a room's camera, in the order of their numbers."""
        return self._naming.faces(stream)

    def name(self, stream: str, number: int, name: str) -> Student:
        """Gives a face of a room's camera a student's name; see `Naming.name`. Waits for the store."""
        return self._naming.name(stream, number, name, self._clock.now(), self.flush)

    def unname(self, stream: str, number: int) -> Student:
        """Undoes `name`; see `Naming.unname`. Waits for the store."""
        return self._naming.unname(stream, number, self.flush)

    def leave_out(self, stream: str, number: int) -> None:
        """Of a face that the room's camera sees; see `Naming.leave_out`. Waits for the store."""
        self._naming.leave_out(stream, number, self.flush)

    def look_away(self, student_id: int) -> None:
        """No camera of the room measures this student, who has just paused or left."""
        self._naming.look_away(student_id)

    def _unseat(self, stream: str) -> None:
        self._seats.pop(stream, None)
        self._forget(stream)

    def _forget(self, stream: str) -> None:
        self._latest.pop(stream, None)
        if self._newest.pop(stream, None) is not None:
            self._dropped += 1
        self._left.add(stream)

    @property
    def seats(self) -> dict[str, int]:
        """Streams, each with the student for whom it counts."""
        with self._lock:
            return dict(self._seats)

    @property
    def rooms_of(self) -> frozenset[int]:
        """Lessons at whose room a camera looks."""
        return self._naming.lessons

    def seated(self, stream: str) -> bool:
        with self._lock:
            return stream in self._seats

    @property
    def running(self) -> bool:
        return self._thread is not None

    @property
    def alive(self) -> bool:
        """Whether the thread that scores goes round: one that hangs, or has ended, does not."""
        thread = self._thread
        return thread is not None and thread.is_alive() and time.monotonic() - self._round_at < HANGS_AFTER_S

    @property
    def busy(self) -> bool:
        """Whether a frame that counts came in the last few seconds."""
        return time.monotonic() - self._received_at < QUIET_AFTER_S

    @property
    def streams(self) -> frozenset[str]:
        """Those that have a seat or show a room."""
        with self._lock:
            return frozenset(self._seats) | self._rooms

    def submit(self, frame: Frame) -> None:
        """Keeps the newest frame of each stream; one that was overtaken is counted, never queued.

        Its `at` is of the machine's clock; where that was set back, what is kept is of the class's own.
        """
        ahead = self._clock.ahead
        frame = replace(frame, at=frame.at + ahead) if ahead else frame
        with self._lock:
            if frame.stream not in self._seats and frame.stream not in self._rooms:
                return
            self._received += 1
            self._received_at = time.monotonic()
            if frame.stream in self._newest:
                self._dropped += 1
            self._newest[frame.stream] = frame

    def pass_over(self, stream: str) -> None:
        """Counts a frame that nobody looked at, as its camera sends far too many."""
        with self._lock:
            if stream in self._seats or stream in self._rooms:
                self._received += 1
                self._dropped += 1

    def spoil(self, stream: str) -> None:
        """Counts a frame of which no picture could be made."""
        with self._lock:
            if stream in self._seats or stream in self._rooms:
                self._received += 1
                self._failed += 1

    def latest(self, stream: str) -> Reading | None:
        with self._lock:
            return self._latest.get(stream)

    @property
    def detector_name(self) -> str:
        return self._pipeline.detector.name

    @property
    def network_name(self) -> str:
        return self._pipeline.network_name

    @property
    def scoring(self) -> Scoring:
        return self._pipeline.scoring

    @property
    def keeping(self) -> Keeping:
        return self._recorder.keeping

    @property
    def capacity(self) -> int:
        """Samples that may wait for the store."""
        return self._recorder.capacity

    @property
    def spent(self) -> dict[Stage, float]:
        """Seconds of each stage since the start of the process."""
        kept = self._recorder.spent.seconds
        return {stage: kept[stage] + seconds for stage, seconds in self._pipeline.spent.seconds.items()}

    @property
    def counts(self) -> Counts:
        with self._lock:
            return Counts(self._received, self._read, self._dropped, self._failed, self._busy_s)

    def _run(self) -> None:
        wait = GATHER_S
        while not self._stop.wait(wait):
            begun = self._clock.now().timestamp()
            try:
                self._round()
            except Exception:
                log.exception("a round of the classroom failed")
            self._round_at = time.monotonic()
            wait = pause(begun, self._clock.now().timestamp(), len(self.streams), bool(self.rooms_of))

    def _round(self) -> None:
        with self._lock:
            flushed, self._flushed = self._flushed, []
        self._recorder.keep(self._read_newest())
        for student_ids, kept in flushed:
            self._recorder.keep(self._seconds.finish(student_ids))
            kept.set()

    def _read_newest(self) -> list[Sample]:
        with self._lock:
            frames, self._newest = list(self._newest.values()), {}
            seats = dict(self._seats)
            left, self._left = self._left, set()
        for stream in left:
            self._pipeline.forget(stream)
        begun = time.perf_counter()
        readings, failed = read_all(self._pipeline, frames)
        with self._lock:
            self._failed += failed
            self._read += len({one.stream for one in readings})
            self._busy_s += time.perf_counter() - begun
            if frames:
                self.load.add(time.perf_counter() - begun, len(frames))
            self._latest.update((one.stream, one) for one in readings if one.stream in self._seats)
        gathered = [self._seconds.gather(student, one) for student, one in self._attribute(readings, seats)]
        return [sample for sample in gathered if sample] + self._seconds.close(self._clock.now())

    def _attribute(self, readings: Sequence[Reading], seats: dict[str, int]) -> Iterator[tuple[int, Reading]]:
        """Whom each reading counts for. A student's own camera goes before the room's."""
        own = set(seats.values())
        for stream, read in itertools.groupby(readings, key=lambda one: one.stream):
            if stream in seats:
                yield from ((seats[stream], one) for one in read)
            else:
                yield from (pair for pair in self._naming.attribute(read) if pair[0] not in own)
