"""What cameras leave in the server's memory when their pictures are gone."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CAMERAS = """
import threading
import numpy as np
from pathlib import Path

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

small_things = []

def camera():
    for _ in range(20):
        pictures = []
        for _ in range(20):
            pictures.append(np.ones(320 * 240 * 3, np.uint8))
            small_things.append(bytes(600))

before = resident_mb()
cameras = [threading.Thread(target=camera) for _ in range(16)]
for one in cameras:
    one.start()
for one in cameras:
    one.join()
print(resident_mb() - before)
"""
GIVING_BACK = "from monitor.memory import give_back_what_is_free\ngive_back_what_is_free()\n"


def left_mb(program: str) -> float:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps no such pools")
def test_pictures_that_are_gone_take_no_memory() -> None:
    assert left_mb(CAMERAS) > 20, "nothing is kept without it: it is not needed any more"
    assert left_mb(GIVING_BACK + CAMERAS) < 10
