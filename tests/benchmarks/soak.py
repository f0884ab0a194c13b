"""Whether a server stays as it was: joins, leaves, reloads and laptops that fall asleep, over and over.

`python -m tests.benchmarks.soak --minutes 60`. A turn: students join, are measured, and most leave; one falls asleep
without a word. A teacher's and a student's page are opened, reloaded, and closed. After each turn memory, threads,
sockets and files of the server are counted. The start is after the first two turns, the end after the last, each when
it has been quiet for long enough that pages closed before are forgotten.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import psutil

from tests.benchmarks.classroom import figures
from tests.benchmarks.crowd import crowd, lesson_token, own_key, written_mb
from tests.benchmarks.stage import Stage, say, stage
from tests.browser.server import ROOT

WARM_UP = 2
MEASURED_S = 8.0
ASLEEP_S = 45.0
"""After this time ICE has noticed that a sender is gone, and the server has let go of it."""
QUIET_S = 180.0
"""Streamlit keeps the session of a closed page for two minutes, and the server gives free memory back each minute:
counted earlier, the same server differs from turn to turn by what of both happened to be over."""


@dataclass(frozen=True)
class Held:
    """By the server, when nobody is there."""

    memory_mb: float
    threads: int
    sockets: int
    files: int
    streams: float

    @staticmethod
    def by(on: Stage) -> Held:
        server = psutil.Process(on.server.pid)
        memory, threads = round(written_mb(server), 1), server.num_threads()
        sockets = len(server.net_connections())
        return Held(memory, threads, sockets, server.num_fds() - sockets, figures(on.server)["classroom_streams"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--students", type=int, default=10)
    wanted = parser.parse_args()
    key = own_key()
    with stage(camera_fps="5", whip_students="true", pseudonym_key=key) as on:
        turns: list[Held] = []
        end = time.monotonic() + 60 * wanted.minutes - QUIET_S
        first = None
        while time.monotonic() < end or first is None:
            _turn(on, wanted.students)
            turns.append(_told(Held.by(on)))
            if len(turns) == WARM_UP:
                time.sleep(QUIET_S)
                first = _told(Held.by(on))
        time.sleep(QUIET_S)
        last = _told(Held.by(on))
    grown = {name: value - getattr(first, name) for name, value in asdict(last).items()}
    say(
        benchmark="soak",
        minutes=wanted.minutes,
        students=wanted.students,
        turns=len(turns),
        start=asdict(first),
        end=asdict(last),
        memory_growth=round(grown["memory_mb"] / first.memory_mb, 4),
        highest_mb=max(turn.memory_mb for turn in turns),
        grown={name: value for name, value in grown.items() if name != "memory_mb"},
        load=round(os.getloadavg()[0], 2),
    )


def _told(held: Held) -> Held:
    print(asdict(held), file=sys.stderr, flush=True)
    return held


def _turn(on: Stage, students: int) -> None:
    with on.browser() as desk:
        teacher = on.teacher(desk)
        sleeper = _sleeper(on)
        try:
            with crowd(on.server, on.code, students - 1, 5):
                time.sleep(MEASURED_S)
                teacher.page.reload()
                teacher.page.get_by_text("joined").first.wait_for()
                page = desk.new_context().new_page()
                page.goto(f"{on.server.address}/?join={on.code}")
                page.get_by_role("button", name="I have read this and take part").wait_for()
                page.reload()
                page.get_by_role("button", name="I have read this and take part").wait_for()
            sleeper.send_signal(signal.SIGSTOP)  # the lid is closed
            time.sleep(ASLEEP_S)
        finally:
            sleeper.kill()
            sleeper.wait()
    time.sleep(MEASURED_S)


def _sleeper(on: Stage) -> subprocess.Popen[bytes]:
    """A student whose sender will not say goodbye; a new name each time, as the last one's seat is still taken."""
    command = [sys.executable, "-m", "tests.benchmarks.senders", "--called", f"Sleeper {time.time_ns()}", "--"]
    command += [on.server.address, on.code, lesson_token(on.server, on.code), "0", "1", "5"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
