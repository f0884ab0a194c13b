"""A server without pages, to be killed: a class of five before their cameras, from the first frame to the database.

It tells by a pipe what it has acknowledged: the samples of each transaction, after that was committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from monitor.domain import Frame, Sample
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.samples import Samples
from monitor.store.store import Store, open_store
from monitor.vision.classification import open_classifier
from tests.lesson import seat, start
from tests.live.chalk import ChalkDetector, chalk_picture

NAMES = ("Ada", "Ben", "Cem", "Dana", "Eve")
FPS = 5
Row = tuple[int, int, int, int]
"""Student, second since 1970, faces, frames."""


@dataclass(frozen=True)
class Telling(Samples):
    """Tells when it begins to write, and once more, with the rows, after that was committed."""

    tell: Callable[[tuple[Row, ...]], None]

    def add(self, samples: Sequence[Sample]) -> None:
        self.tell(())
        super().add(samples)
        self.tell(tuple((one.student_id, int(one.at.timestamp()), one.faces, one.frames) for one in samples))


@dataclass(frozen=True)
class TellingStore(Store):
    tell: Callable[[tuple[Row, ...]], None]

    @property
    def samples(self) -> Samples:
        return Telling(self.engine, self.tell)


def begin(url: str) -> tuple[int, ...]:
    """A lesson with its students, who stay over all kills: their numbers."""
    store = open_store(url)
    lesson = start(store, at=datetime.now(UTC))
    students = tuple(seat(store, lesson, name) for name in NAMES)
    store.close()
    return students


def serve(url: str, network: str, students: Sequence[int], say: Connection) -> None:
    """Measures the students for ever."""
    store = TellingStore(open_store(url).engine, say.send)
    room = Classroom(Pipeline(ChalkDetector(), open_classifier(network), 0.3), Recorder(store, 1000), Naming(store))
    room.start()
    streams = {f"stream {student}": student for student in students}
    for stream, student in streams.items():
        room.seat(stream, student)
    for _ in _each(1 / FPS):
        for stream in streams:
            room.submit(Frame(stream, chalk_picture(), datetime.now(UTC)))


@dataclass
class Served:
    """The process, what it acknowledged, and the end of the pipe at which it says so."""

    process: BaseProcess
    heard: Connection
    acknowledged: list[Row]

    def listen(self, seconds: float, until_it_writes: bool = False) -> None:
        """Takes what is acknowledged in this time; returns when a transaction begins, if that is waited for."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.heard.poll(left):
                rows = self.heard.recv()
                self.acknowledged += rows
                if until_it_writes and not rows:
                    return

    def kill(self) -> None:
        """As `kill -9` does it; what it had said before is heard."""
        self.process.kill()
        self.process.join()
        try:
            while True:
                self.acknowledged += self.heard.recv()
        except EOFError:
            self.heard.close()


def served(url: str, network: str, students: Sequence[int]) -> Served:
    """Begins one, in a tenth of the time that imports take: it is forked from a process that has done them."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.serving"])
    heard, say = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(url, network, students, say), daemon=True)
    process.start()
    say.close()
    return Served(process, heard, [])


def _each(seconds: float) -> Iterator[int]:
    begun = time.monotonic()
    for number in count():
        time.sleep(max(0.0, begun + number * seconds - time.monotonic()))
        yield number
