"""A thousand students who join within a minute, while those who are there already are measured.

Each join is what the join page asks of the store and of the class: the lesson by its code, the list of names, the seat
with its consent, the look at whose seat it is, the stream's place. The page itself is not drawn.
"""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.domain import Presence
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.store.store import Store, open_store
from monitor.vision.classification import Classifier
from tests.faults.feeding import Feed, feed
from tests.live.chalk import ChalkDetector

THREADS = 10


@dataclass(frozen=True)
class Joined:
    """`slowest_s`: of one join; `lost` and `double` of the samples that were kept meanwhile."""

    joined: int
    seats: int
    took_s: float
    slowest_s: float
    lost: int
    double: int


def join_many(url: str, classifier: Classifier, count: int, seconds: float) -> Joined:
    """`count` joins, spread over so many seconds."""
    store = open_store(url)
    feeding = feed(store)
    room = Classroom(Pipeline(ChalkDetector(), classifier, 0.3), feeding.recorder, Naming(store))
    room.start()
    over = threading.Event()
    keeping = threading.Thread(target=_keep, args=(feeding, over))
    keeping.start()
    code, begun = store.lessons.running()[0].code, time.monotonic()
    with ThreadPoolExecutor(THREADS) as doors:
        due = (begun + number * seconds / count for number in range(count))
        times = list(doors.map(_join, itertools.repeat((store, room, code)), range(count), due))
    took = time.monotonic() - begun
    over.set()
    keeping.join()
    feeding.settle()
    room.stop()
    lesson = store.lessons.running()[0]
    here = [one for one in store.people.students(lesson.id) if one.presence is Presence.HERE]
    kept, given, seats = feeding.kept, feeding.given, len(room.streams)
    store.close()
    lost, double = len(set(given) - set(kept)), len(kept) - len(set(kept))
    return Joined(len(here) - len(feeding.students), seats, round(took, 1), round(max(times), 2), lost, double)


def _join(at: tuple[Store, Classroom, str], number: int, due: float) -> float:
    """Seconds that it took."""
    store, room, code = at
    time.sleep(max(0.0, due - time.monotonic()))
    begun = time.monotonic()
    lesson = store.lessons.by_code(code)
    store.people.students(lesson.id)
    seat = store.people.join(lesson.id, f"Student {number}", datetime.now(UTC), "2026-3 en")
    seated = store.people.seated(seat.secret)
    assert seated == seat.student
    room.seat(f"{seat.student.id}-stream", seat.student.id)
    return time.monotonic() - begun


def _keep(feeding: Feed, over: threading.Event) -> None:
    while not over.is_set():
        feeding.go_on(0.1)
