"""A recorder that is given samples all the time, and counts what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from monitor.live.classroom import Classroom
from monitor.live.health import Examiner
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import Store, open_store
from monitor.vision.classification import open_classifier
from tests.lesson import sample, seat, start
from tests.live.chalk import ChalkDetector

EVERY_S = 0.05
CAPACITY = 5000


@dataclass
class Feed:
    """`students` samples at a time, twenty times a second: a class whose seconds are short."""

    store: Store
    recorder: Recorder
    students: tuple[int, ...]
    given: list[tuple[int, int]] = field(default_factory=list)
    _number: int = 0

    def go_on(self, seconds: float, until_trouble: bool = False) -> None:
        """`until_trouble`: for as long as it takes until the recorder tells of a problem, too."""
        end = time.monotonic() + seconds
        while time.monotonic() < end or (until_trouble and self.recorder.keeping.problem is None):
            assert time.monotonic() < end + 60, "the recorder tells of no problem"
            made = [sample(student, self._number) for student in self.students]
            self.recorder.keep(made)
            self.given += [(one.student_id, int(one.at.timestamp())) for one in made]
            self._number += 1
            time.sleep(EVERY_S)

    def settle(self, patience: float = 60.0) -> None:
        """Waits until all is stored."""
        assert self.recorder.drain(patience), self.recorder.keeping

    @property
    def kept(self) -> list[tuple[int, int]]:
        """What the database has, in the order in which it was given."""
        (lesson,) = self.store.lessons.running()
        table = self.store.samples.read(lesson.id)
        return list(zip(table["student_id"].tolist(), table["second"].tolist(), strict=True))


def feed(store: Store) -> Feed:
    """Of three students in a new lesson. `recorder.stop()` ends it."""
    lesson = start(store)
    students = tuple(seat(store, lesson, name) for name in ("Ada", "Ben", "Cem"))
    recorder = Recorder(store, CAPACITY)
    recorder.start()
    return Feed(store, recorder, students)


@dataclass(frozen=True)
class Suffered:
    """`most_waiting` samples; `lost` and `double` are none if all is well; `told_after_s`: from the beginning of the
    fault until the recorder told of it in `words`; `back_s`: from its end until all was stored; `health` during the
    fault and after it, as /health says it."""

    given: int
    most_waiting: int
    lost: int
    double: int
    told_after_s: float
    back_s: float
    words: str
    health: tuple[str, str]


def suffer(url: str, fault: Callable[[], AbstractContextManager[None]], seconds: float) -> Suffered:
    """Feeds a recorder before, through and after a fault of this length; of a longer one, if it tells of it later."""
    store = open_store(url, patience=0.25)
    feeding = feed(store)
    room = Classroom(Pipeline(ChalkDetector(), open_classifier("default"), 0.0), feeding.recorder, Naming(store))
    room.start()
    feeding.go_on(0.5)
    feeding.settle()
    with fault():
        begun = time.monotonic()
        feeding.go_on(0, until_trouble=True)
        told = time.monotonic() - begun
        feeding.go_on(seconds - told)
        during, told_health = feeding.recorder.keeping, _health(store, room)
    ended = time.monotonic()
    feeding.go_on(0.5)
    feeding.settle()
    back = time.monotonic() - ended
    health = told_health, _health(store, room)
    room.stop()
    kept, given, pushed_out = feeding.kept, feeding.given, feeding.recorder.keeping.lost
    store.close()
    return Suffered(
        given=len(given),
        most_waiting=during.waiting,
        lost=len(set(given) - set(kept)) + pushed_out,
        double=len(kept) - len(set(kept)),
        told_after_s=round(told, 2),
        back_s=round(back, 2),
        words=(during.problem or "").splitlines()[0],
        health=health,
    )


def _health(store: Store, room: Classroom) -> str:
    examiner = Examiner(lambda: store, lambda: room)
    try:
        return examiner.look().status
    finally:
        examiner.stop()
