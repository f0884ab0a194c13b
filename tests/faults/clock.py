"""A clock that is set back while a class is measured: that of one process, by libfaketime. `set_back` runs it."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from monitor.clock import Clock
from monitor.domain import Frame
from monitor.insight.students import Seen, students_now
from monitor.insight.timeline import Follower
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import open_store
from monitor.vision.classification import open_classifier
from tests.lesson import seat, start
from tests.live.chalk import ChalkDetector, chalk_picture

LOST_WITHIN_S = 8.0


def library() -> Path | None:
    """libfaketime for programs with threads, where Debian puts it."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@dataclass(frozen=True)
class SetBack:
    """`wall_went_back_s`: what the process saw of its machine's clock; `kept` seconds of the student, of which the
    greatest distance is `gap_s`; `at_last`: what the tile says when no picture has come for seconds."""

    wall_went_back_s: float
    kept: int
    gap_s: int
    stored: int
    at_last: str


def set_back(folder: Path, network: str, hours: float, seconds: float) -> SetBack:
    """Measures for `seconds`, sets the clock back, measures as long again; then the student's pictures end."""
    setting, found = folder / "clock", library()
    setting.write_text("+0")
    own = {
        "LD_PRELOAD": str(found),
        "FAKETIME_TIMESTAMP_FILE": str(setting),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    url = f"sqlite:///{folder / 'class.db'}"
    command = [sys.executable, "-m", "tests.faults.clock", url, network, str(2 * seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **own}) as process:
        assert process.stdout is not None
        said = _lines(process.stdout)
        (before, _seen, _stored), *_ = [next(said) for _ in range(int(10 * seconds))][::-1]
        setting.write_text(f"-{hours}h")
        (after, _seen, _stored), *_ = [next(said) for _ in range(int(10 * seconds))][::-1]
        last = itertools.islice(said, int(10 * LOST_WITHIN_S))
        _wall, at_last, stored = next((one for one in last if one[1] == Seen.LOST), (after, "still there", 0))
        process.kill()
    store = open_store(url)
    kept = store.samples.read(store.lessons.running()[0].id)["second"].tolist()
    store.close()
    gap = max(later - earlier for earlier, later in itertools.pairwise(kept))
    return SetBack(round(before - after), len(kept), gap, stored, at_last)


def _lines(stream: Iterator[str]) -> Iterator[tuple[float, str, int]]:
    for line in stream:
        wall, stored, seen = line.split(maxsplit=2)
        yield float(wall), seen.strip(), int(stored)


def main(url: str, network: str, seconds: str) -> None:
    """Measures a student for so long. Says ten times a second what its machine's clock shows, how much is stored, and
    what the teacher's tile says."""
    store, clock = open_store(url), Clock()
    lesson = start(store, at=clock.now())
    ada = seat(store, lesson)
    recorder = Recorder(store, 1000)
    room = Classroom(Pipeline(ChalkDetector(), open_classifier(network), 0.3), recorder, Naming(store), clock)
    room.start()
    room.seat("ada", ada)
    follower = Follower(store, lesson.id)
    pause = Event()  # libfaketime takes time.sleep for a wait until a moment that is past
    for number in itertools.count():
        if number < 10 * float(seconds):
            room.submit(Frame("ada", chalk_picture(), datetime.now(UTC)))
        (tile,) = students_now(follower.refresh(clock.now()), clock.now())
        print(time.time(), room.keeping.stored, tile.seen, flush=True)
        pause.wait(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
