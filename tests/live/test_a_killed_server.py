from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from monitor.store.store import open_store

SECONDS = 4.0


def test_after_kill_9_at_most_two_seconds_are_missing(tmp_path: Path, network: str) -> None:
    file = tmp_path / "class.db"
    command = [sys.executable, "-m", "tests.live.recording", str(file), network]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        first = last = 0.0
        acknowledged = 0
        for line in server.stdout:
            now, stored = line.split()
            last, acknowledged = float(now), int(stored)
            first = first or last
            if last - first > SECONDS:
                server.kill()
                break
    store = open_store(f"sqlite:///{file}")
    (lesson,) = store.lessons.running()
    seconds = list(store.samples.read(lesson.id)["second"])
    store.close()
    assert 0 < acknowledged <= len(seconds)
    missing = set(range(int(first), int(last))) - set(seconds)
    assert len(missing) <= 2
