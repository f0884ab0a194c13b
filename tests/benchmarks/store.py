"""How many samples a second a database takes, and how long a report waits for it: SQLite, and PostgreSQL if it is here.

`python -m tests.benchmarks.store`. Samples are added as a class brings them: one of each student a second, in one
transaction. PostgreSQL is a server of its own with its usual care for the disk, reached by a socket.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.domain import Sample
from monitor.insight.report import report
from monitor.insight.timeline import Follower, read_timeline
from monitor.store.store import Store, open_store
from tests import postgres
from tests.benchmarks.reports import made_up_lessons
from tests.benchmarks.stage import say, spread
from tests.lesson import HAPPY, start

STUDENTS, WRITERS = 30, 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="of a lesson, added as fast as it goes")
    parser.add_argument("--tries", type=int, default=3)
    wanted = parser.parse_args()
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["sqlite"] = _measured(f"sqlite:///{Path(folder) / 'class.db'}", wanted.seconds, wanted.tries)
    with _postgres() as url:
        found["postgresql"] = _measured(url, wanted.seconds, wanted.tries) if url else None
    say(benchmark="store", students=STUDENTS, seconds=wanted.seconds, **found, cores=os.cpu_count(), load=_load())


@contextmanager
def _postgres() -> Iterator[str | None]:
    where = postgres.programs()
    if where is None:
        yield None
        return
    postgres.QUICK = "-c max_connections=60"  # what is thrown away is to cost what is kept
    with postgres.running(where) as server:
        yield server.url()


def _measured(url: str, seconds: int, tries: int) -> dict[str, object]:
    store = open_store(url)
    alone, times = _add(store, seconds)
    together = _add_together(store, max(1, seconds // WRITERS))
    (lesson,) = made_up_lessons(store, 1)
    follower = Follower(store, _running(store, 600), keep=timedelta(minutes=11))
    follower.refresh()
    found = {
        "samples_per_second": round(alone),
        "ms_for_a_second_of_a_class": spread((1000 * one for one in times), 2),
        f"samples_per_second_of_{WRITERS}_writers": round(together),
        "report_samples": 35 * 5400,
        "report_read_s": _best(tries, lambda: read_timeline(store, lesson.id)),
        "report_s": _best(tries, lambda: report(read_timeline(store, lesson.id), datetime.now(UTC))),
        "live_refresh_ms": round(1000 * _best(tries, follower.refresh), 2),
    }
    store.close()
    return found


def _add(store: Store, seconds: int) -> tuple[float, list[float]]:
    """Samples a second, and how long each second of the class took."""
    ids, begun = _class(store), datetime.now(UTC).replace(microsecond=0)
    times = []
    for second in range(seconds):
        batch = _second(ids, begun + timedelta(seconds=second))
        before = time.perf_counter()
        store.samples.add(batch)
        times.append(time.perf_counter() - before)
    return len(ids) * seconds / sum(times), times


def _add_together(store: Store, seconds: int) -> float:
    """Of several classes, each with a thread of its own, as several servers with one database have it."""
    threads = [threading.Thread(target=_add, args=(store, seconds)) for _ in range(WRITERS)]
    before = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return WRITERS * STUDENTS * seconds / (time.perf_counter() - before)


def _running(store: Store, seconds: int) -> int:
    """A lesson that has been running so long."""
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=seconds)
    lesson = start(store, at=begun)
    ids = [student.id for student in store.people.invite(lesson.id, _names(), begun)]
    for second in range(seconds):
        store.samples.add(_second(ids, begun + timedelta(seconds=second)))
    return lesson.id


def _class(store: Store) -> list[int]:
    now = datetime.now(UTC)
    return [student.id for student in store.people.invite(start(store, at=now).id, _names(), now)]


def _names() -> list[str]:
    return [f"Student {number}" for number in range(STUDENTS)]


def _second(ids: Sequence[int], at: datetime) -> list[Sample]:
    return [Sample(student, at, HAPPY, 5, 5) for student in ids]


def _best(tries: int, work: object) -> float:
    assert callable(work)
    times = []
    for _ in range(tries):
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    return round(min(times), 5)


def _load() -> float:
    return round(os.getloadavg()[0], 2)


if __name__ == "__main__":
    main()
