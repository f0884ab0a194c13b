"""A whole server under a class of real WebRTC senders: what arrives, what is kept, what it costs.

`python -m tests.benchmarks.classroom --students 30 --fps 5 --seconds 60`. Senders repeat a film that was encoded once
(WHIP); each stands for a student. Processor time is the server's alone. `--browsers` has pages in Chromium instead.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.benchmarks import classroom_pages
from tests.benchmarks.crowd import Crowd, Watcher, busy_s, crowd, kept, own_key, resident_mb, written_mb
from tests.benchmarks.senders import shows_nobody
from tests.benchmarks.stage import say, spread
from tests.browser import database
from tests.browser.server import Server

SETTLE_S, STORED_AFTER_S = 5.0, 3.0
PATIENCE_S = 45.0
"""In which who is told that the server is full asks again: while a class comes, a frame costs more than later."""
EMPTY_EVERY = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--fps", type=int, default=5, help="frames a second of each camera")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--apart", type=float, default=0.2, help="seconds from one join to the next")
    parser.add_argument("--browsers", action="store_true", help="pages in Chromium in place of senders")
    wanted = parser.parse_args()
    if wanted.browsers:
        classroom_pages.play(wanted.students, wanted.fps, wanted.seconds)
    else:
        say(**play(wanted.students, wanted.fps, wanted.seconds, wanted.apart))


def play(students: int, fps: int, seconds: int, apart_s: float = 0.2, patience_s: float = PATIENCE_S) -> dict[str, Any]:
    settings = {"camera_fps": str(fps), "whip_students": "true", "pseudonym_key": own_key()}
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), new=False, **settings) as server:
        code = database.start_lesson(server, "Benchmark")
        figures(server)  # opens the class
        time.sleep(1)
        process = psutil.Process(server.pid)
        idle = resident_mb(process), written_mb(process)
        processes = -(-students // 25)
        with crowd(server, code, students, fps, EMPTY_EVERY, apart_s * processes, patience_s) as senders:
            time.sleep(SETTLE_S)
            return _measure(server, senders, fps, seconds, idle)


def _measure(server: Server, senders: Crowd, fps: int, seconds: int, idle: tuple[float, float]) -> dict[str, Any]:
    process = psutil.Process(server.pid)
    first = int(time.time()) + 1
    time.sleep(first - time.time())
    before, busy, sending = figures(server), busy_s(process), senders.busy_s
    with Watcher(server) as watcher:
        time.sleep(max(0.0, first + seconds - time.time()))
        after, lasted = figures(server), time.time() - first
        busy, sending = busy_s(process) - busy, senders.busy_s - sending
        memory = written_mb(process)
        time.sleep(STORED_AFTER_S)
    rows = kept(server, first, first + seconds)
    frames: dict[str, int] = defaultdict(int)
    for row in rows:
        frames[row["student"]] += row["frames"]
    each = sorted(count / seconds for count in frames.values()) or [0.0]
    return {
        "benchmark": "classroom",
        "students": senders.wanted,
        "accepted": senders.accepted,
        "refused_as_full": senders.refused,
        "fps": fps,
        "seconds": seconds,
        "sample_share": round(len(rows) / max(1, senders.accepted * seconds), 4),
        "wrong": wrong(rows, fps),
        "frame_to_stored_s": spread(watcher.seconds_to_store(first, first + seconds)),
        "server_cores": round(busy / lasted, 3),
        "senders_cores": round(sending / lasted, 3),
        "memory_idle_mb": round(idle[0], 1),
        "memory_per_student_mb": round((memory - idle[1]) / max(1, senders.accepted), 2),
        "frames_read_per_stream_and_second": {
            "min": round(each[0], 2), "median": round(float(np.median(each)), 2), "max": round(each[-1], 2)
        },
        "dropped_share": _share(before, after, "frames_dropped", "frames_received"),
        "ms_per_frame": _milliseconds(before, after),
        "says_full": bool(after["classroom_full"]),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }  # fmt: skip


def wrong(rows: Sequence[Mapping[str, Any]], fps: int) -> int:
    """Seconds that say what was not sent: a face of who shows an empty room, none of who shows a face throughout, more
    frames than were sent, or a second second of the same name."""
    count, known = 0, set()
    for row in rows:
        empty = shows_nobody(int(row["student"].split()[-1]), EMPTY_EVERY)
        told = row["faces"] > 0 if empty else row["faces"] == 0
        key = row["student"], row["second"]
        count += told or row["frames"] > 2 * fps + 1 or key in known
        known.add(key)
    return count


def figures(server: Server) -> dict[str, float]:
    """What /metrics says."""
    with urllib.request.urlopen(f"{server.address}/metrics".replace("localhost", "127.0.0.1"), timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, value in (one.rsplit(" ", 1) for one in lines if not one.startswith("#"))}


def _share(before: Mapping[str, float], after: Mapping[str, float], part: str, whole: str) -> float:
    one, other = (after[f"classroom_{name}_total"] - before[f"classroom_{name}_total"] for name in (part, whole))
    return round(one / other, 4) if other else 0.0


def _milliseconds(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """By stage, for a frame that was read; wall time, so it grows where others want the processor."""
    read = after["classroom_frames_read_total"] - before["classroom_frames_read_total"]
    names = [name for name in after if name.startswith("classroom_stage_seconds_total")]
    return {name.split('"')[1]: round(1000 * (after[name] - before[name]) / max(1.0, read), 2) for name in names}


if __name__ == "__main__":
    main()
