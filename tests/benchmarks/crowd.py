"""Many load senders in a few processes, and what becomes of what they send in the server's database."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil

from app.access import sending_token
from monitor.insight.pseudonyms import pseudonym_key
from tests.browser import database
from tests.browser.server import ROOT, Server

PER_PROCESS = 25
POLL_S = 0.03
NEWEST = "SELECT student_id, second, frames FROM samples WHERE second >= ?"


@dataclass(frozen=True)
class Crowd:
    """Students who were let in, of those who wanted, and the processes that send for them."""

    wanted: int
    accepted: int
    refused: int
    statuses: Counter[str]
    processes: tuple[subprocess.Popen[str], ...]

    @property
    def busy_s(self) -> float:
        return sum(busy_s(psutil.Process(one.pid)) for one in self.processes)


@contextmanager
def crowd(
    server: Server,
    code: str,
    students: int,
    fps: int,
    empty_every: int = 0,
    apart_s: float = 0.05,
    patience_s: float = 0,
) -> Iterator[Crowd]:
    """They come one after the other, in all processes at once, and leave at the end."""
    token = lesson_token(server, code)
    with ExitStack() as running:
        started = [
            running.enter_context(
                _process(
                    server,
                    code,
                    token,
                    first,
                    min(PER_PROCESS, students - first),
                    fps,
                    empty_every,
                    apart_s,
                    patience_s,
                )
            )
            for first in range(0, students, PER_PROCESS)
        ]
        told = [json.loads(_line(one)) for one in started]
        statuses = sum((Counter(one["statuses"]) for one in told), Counter[str]())
        accepted, refused = (sum(one[what] for one in told) for what in ("sending", "refused"))
        yield Crowd(students, accepted, refused, statuses, tuple(started))


def own_key() -> str:
    """With which tokens are made here, for the server to have as well: the one that this process has read already, if
    it has."""
    os.environ.setdefault("CLASSROOM_PSEUDONYM_KEY", "of a benchmark")
    return pseudonym_key().decode()


def lesson_token(server: Server, code: str) -> str:
    store = server.store()
    try:
        return sending_token(next(one for one in store.lessons.running() if one.code == code))
    finally:
        store.close()


@contextmanager
def _process(server: Server, code: str, token: str, *numbers: float) -> Iterator[subprocess.Popen[str]]:
    first, count, fps, empty_every, apart_s, patience_s = numbers
    command = [sys.executable, "-m", "tests.benchmarks.senders", "--apart", str(apart_s), "--patience", str(patience_s)]
    # A token may begin with a dash.
    command += ["--empty-every", str(empty_every), "--", server.address, code, token, str(first), str(count), str(fps)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
        process.communicate("\n", timeout=60)
    finally:
        process.kill()
        process.wait()


def _line(process: subprocess.Popen[str]) -> str:
    """Raises RuntimeError when the process ended without one."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a process of senders ended before it sent")
    return line


@dataclass
class Watcher:
    """Sees each sample when it can be read by another process: the moment from which a page can show it."""

    server: Server
    seen: dict[tuple[int, int], float] = field(default_factory=dict)
    frames: dict[tuple[int, int], int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watcher:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def seconds_to_store(self, begin: int, end: int) -> list[float]:
        """Of each frame that was read between two moments: those of a second lie evenly in it."""
        return [
            at - (second + (place + 0.5) / count)
            for (student, second), at in self.seen.items()
            if begin <= second < end
            for count in [self.frames[student, second]]
            for place in range(count)
        ]

    def _watch(self) -> None:
        """Asks for the rows only when another process has written."""
        with closing(sqlite3.connect(self.server.database_url.removeprefix("sqlite:///"))) as opened:
            version = None
            while not self._over.wait(POLL_S):
                if (now := opened.execute("PRAGMA data_version").fetchone()) == version:
                    continue
                version, at = now, time.time()
                for student, second, frames in opened.execute(NEWEST, (int(at) - 10,)):
                    self.seen.setdefault((student, second), at)
                    self.frames[student, second] = frames


def kept(server: Server, begin: int, end: int) -> list[Any]:
    return [row for row in database.samples(server) if begin <= row["second"] < end]


def busy_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def resident_mb(process: psutil.Process) -> float:
    """All that is in memory for this process, libraries too."""
    return float(process.memory_info().rss) / 2**20


def written_mb(process: psutil.Process) -> float:
    """What the process itself has written to memory: what grows.

    Not the pages of libraries, which count as its own (USS) only while no other process has the same ones loaded: when
    senders come, a server would seem to shrink, and when a benchmark beside it ends, to grow by 46 MB.
    """
    return float(sum(one.anonymous + one.swap for one in process.memory_maps())) / 2**20
