"""`kill -9` of the server at random moments, half of them while a transaction is being written.

A sample is acknowledged when the transaction that holds it was committed: from then on the recorder counts it as
stored, and every page and every other process sees it. What was not yet acknowledged may be lost: the second that is
being measured and the one that is being written, so two seconds of each student.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

from monitor.store.store import Store, open_store
from tests.faults.serving import FPS, Row, begin, served

READY_S = 60.0
MOST_MISSING_S = 2


@dataclass(frozen=True)
class Killed:
    """What was found after all kills. `missing_s`: the longest time before a kill of which nothing is kept."""

    kills: int
    acknowledged: int
    lost: int
    double: int
    invented: int
    resumed: int
    missing_s: float
    restart_s: float


def kill_at_random(url: str, network: str, times: int, seed: int) -> Killed:
    chance = random.Random(seed)
    students = begin(url)
    acknowledged: list[Row] = []
    missing, restarts, resumed = [], [], 0
    store = open_store(url)
    for number in range(times):
        begun = time.monotonic()
        server = served(url, network, students)
        server.listen(READY_S, until_it_writes=True)
        restarts.append(time.monotonic() - begun)
        server.listen(chance.uniform(0.1, 2.0))
        if number % 2:
            server.listen(READY_S, until_it_writes=True)
            time.sleep(chance.uniform(0, 0.006))
        server.kill()
        missing.append(time.time() - (_newest(store) + 1))
        resumed += bool(server.acknowledged)
        acknowledged += server.acknowledged
    found = _found(store, acknowledged)
    store.close()
    return Killed(times, len(acknowledged), *found, resumed, round(max(missing), 2), round(max(restarts), 2))


def _newest(store: Store) -> int:
    (lesson,) = store.lessons.running()
    last = store.lessons.last_sample_at(lesson.id)
    return int(last.timestamp()) if last else int(lesson.started_at.timestamp())


def _found(store: Store, acknowledged: list[Row]) -> tuple[int, int, int]:
    """Of the acknowledged: how many are lost or other than they were; seconds that are there twice; and frames that
    nobody sent."""
    (lesson,) = store.lessons.running()
    table = store.samples.read(lesson.id)[["student_id", "second", "faces", "frames"]]
    kept: list[Row] = [tuple(row) for row in table.itertuples(index=False)]
    seconds = Counter((student, second) for student, second, _, _ in kept)
    # Two servers may have lived in one second: only the first one's sample is kept.
    first = {row[:2]: row for row in reversed(acknowledged)}
    lost = len(set(first.values()) - set(kept))
    return lost, sum(seconds.values()) - len(seconds), sum(max(0, row[3] - FPS - 1) for row in kept)
