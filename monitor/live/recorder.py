"""Makes one sample per student and second out of readings, and brings the samples to the store.

What waits is bounded: when the database stays away so long that the buffer is full, the oldest samples go
first, and how many went is counted and shown.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from model_zoo.emotions import EmotionScores
from monitor.domain import Reading, Sample
from monitor.errors import StoreError
from monitor.live.spent import Spent, Stage
from monitor.store.store import Store

log = logging.getLogger(__name__)
RETRY_S = 0.5
LATE_S = 5  # seconds by which a reading may come late; more says that the clock was set back


@dataclass(frozen=True)
class Keeping:
    """How the recorder is doing: samples stored, waiting, and lost because the buffer was full."""

    stored: int
    waiting: int
    lost: int
    problem: str | None


class Seconds:
    """Gathers the readings of each student's current second. Owned by one thread."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, list[Reading]]] = {}

    def gather(self, student_id: int, reading: Reading) -> Sample | None:
        """Takes a reading; gives the sample of the second before, when this reading begins a new one.

        A reading that comes late counts for the second that is open, or for the next one: a second that
        was handed over is never made twice. One that is older by more than `LATE_S` says that the clock
        was set back, and is followed.
        """
        second = int(reading.at.timestamp())
        at, readings = self._open.get(student_id, (second, []))
        if at - LATE_S <= second <= at:
            self._open[student_id] = (at, [*readings, reading])
            return None
        self._open[student_id] = (second, [reading])
        return _sample(student_id, at, readings) if readings else None

    def finish(self, student_ids: Collection[int]) -> list[Sample]:
        """The open seconds of these students, as far as they came."""
        taken = [(student, self._open.pop(student)) for student in student_ids if student in self._open]
        return [_sample(student, at, readings) for student, (at, readings) in taken if readings]

    def close(self, before: datetime) -> list[Sample]:
        """The samples of all open seconds that ended by `before`."""
        now = before.timestamp()
        over = {
            student: (at, readings)
            for student, (at, readings) in self._open.items()
            if at + 1 <= now or at > now + LATE_S
        }
        for student, (at, readings) in over.items():
            if readings:
                self._open[student] = (at + 1, [])
            elif not at <= now <= at + LATE_S:
                del self._open[student]
        return [_sample(student, at, readings) for student, (at, readings) in over.items() if readings]


def _sample(student_id: int, second: int, readings: list[Reading]) -> Sample:
    scores = [reading.scores for reading in readings if reading.scores is not None]
    mean = EmotionScores.mean(scores) if scores else None
    return Sample(student_id, datetime.fromtimestamp(second, UTC), mean, len(scores), len(readings))


class Recorder:
    """Writes samples on a thread of its own, so that a slow disk never holds up a frame."""

    def __init__(self, store: Store, capacity: int) -> None:
        self._store = store
        self._waiting: deque[Sample] = deque()
        self.capacity = capacity
        self.spent = Spent()
        self._stored = self._lost = 0
        self._problem: str | None = None
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Brings what waits to the store, as far as it takes it, and ends the thread. May be called twice."""
        thread, self._thread = self._thread, None
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if thread is not None:
            thread.join(patience)

    def keep(self, samples: Iterable[Sample]) -> None:
        """Returns at once."""
        with self._wake:
            self._waiting.extend(samples)
            while len(self._waiting) > self.capacity:
                self._waiting.popleft()
                self._lost += 1
            self._wake.notify_all()

    def drain(self, patience: float) -> bool:
        """Waits until all that was given to `keep` is stored, `patience` seconds at most. Says whether it is."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._waiting, patience)

    @property
    def keeping(self) -> Keeping:
        with self._wake:
            return Keeping(self._stored, len(self._waiting), self._lost, self._problem)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._stopping)
                last, batch = self._stopping, tuple(self._waiting)
            stored = self._try(batch)
            with self._wake:
                if stored:
                    self._take_off(batch)
                    self._wake.notify_all()
                if last and not (stored and self._waiting):
                    return
                if not stored:
                    self._wake.wait_for(lambda: self._stopping, timeout=RETRY_S)

    def _try(self, batch: tuple[Sample, ...]) -> bool:
        try:
            with self.spent.on(Stage.KEEPS):
                self._store.samples.add(batch)
        except StoreError as error:
            if self._problem is None:
                log.warning("samples wait: %s", error)
            self._problem = str(error)
            return False
        except Exception as error:
            # Whatever it was, this thread goes on: its end would lose the rest of the lesson.
            log.exception("samples wait")
            self._problem = f"{type(error).__name__}: {error}"
            return False
        if self._problem is not None:
            log.warning("the database answers again; %d samples had waited", len(batch))
        self._problem = None
        return True

    def _take_off(self, batch: tuple[Sample, ...]) -> None:
        # The oldest may have been pushed out while the batch was written: stored, so not lost after all.
        written = {id(sample) for sample in batch}
        taken = 0
        while self._waiting and id(self._waiting[0]) in written:
            self._waiting.popleft()
            taken += 1
        self._lost -= len(batch) - taken
        self._stored += len(batch)
