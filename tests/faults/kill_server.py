"""`kill -9` of the whole dashboard, with real WebRTC senders, at random moments.

Another process reads its database all the time: what that has seen is acknowledged. Senders join anew under their
names after each kill, as students' pages do by themselves.
"""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

from tests.benchmarks.crowd import Watcher, crowd, own_key
from tests.browser import database
from tests.browser.server import Server
from tests.faults.kill import Killed
from tests.faults.serving import FPS
from tests.waiting import wait_until

STUDENTS = 5


def kill_dashboard(folder: Path, times: int, seed: int) -> Killed:
    chance = random.Random(seed)
    server = Server(folder, camera_fps=str(FPS), whip_students="true", pseudonym_key=own_key())
    acknowledged: dict[tuple[int, int], int] = {}
    missing, restarts, resumed, code = [], [], 0, ""
    for _number in range(times):
        begun = time.monotonic()
        server.start()
        restarts.append(time.monotonic() - begun)
        code = code or database.start_lesson(server, "Killed")
        come_back = int(time.time()) + 1
        with crowd(server, code, STUDENTS, FPS, patience_s=20), Watcher(server) as watcher:
            wait_until(partial(_all_back, watcher.seen, come_back))
            resumed += 1
            time.sleep(chance.uniform(0.1, 2.0))
            server.kill()
            killed_at = time.time()
        acknowledged |= watcher.frames
        missing.append(killed_at - (max(second for _student, second in watcher.seen) + 1))
    rows = database.samples(server)
    kept = {(row["student_id"], row["second"]): row["frames"] for row in rows}
    lost = sum(kept.get(key) != frames for key, frames in acknowledged.items())
    invented = sum(max(0, frames - FPS - 1) for frames in kept.values()) + len({key[0] for key in kept}) - STUDENTS
    found = (len(acknowledged), lost, len(rows) - len(kept), invented)
    return Killed(times, *found, resumed, round(max(missing), 2), round(max(restarts), 2))


def _all_back(seen: dict[tuple[int, int], float], since: int) -> bool:
    return len({student for student, second in list(seen) if second >= since}) == STUDENTS
