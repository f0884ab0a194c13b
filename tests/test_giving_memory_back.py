"""What cameras leave in the server's memory when their pictures are gone."""

from __future__ import annotations

from tests.fresh_process import needs_glibc, number_printed_by

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


@needs_glibc
def test_pictures_that_are_gone_take_no_memory() -> None:
    assert number_printed_by(CAMERAS) > 20, "nothing is kept without it: it is not needed any more"
    assert number_printed_by(GIVING_BACK + CAMERAS) < 10


BETWEEN = """
from pathlib import Path

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

small_things = [bytes(30_000) for _ in range(4000)]
kept = small_things[::200] + small_things[-1:]
del small_things
before = resident_mb()
{then}
print(before - resident_mb())
"""


@needs_glibc
def test_free_pages_between_pieces_in_use_are_given_back() -> None:
    assert number_printed_by(BETWEEN.format(then="")) < 5
    trim = "from model_zoo.malloc import give_back_free_pages\ngive_back_free_pages()"
    assert number_printed_by(BETWEEN.format(then=trim)) > 50
