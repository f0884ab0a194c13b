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
HELD_UP = """
from pathlib import Path
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame
from app.decoders import NarrowVp8
from tests.benchmarks.sending import encoded
from tests.browser.camera import nobody

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

packets, decoder = encoded(nobody(2), 5).packets, {decoder}()
def waiting(turns):
    frames = [JitterFrame(data=data, timestamp=0) for data in packets]
    return [one for _ in range(turns) for frame in frames for one in decoder.decode(frame)]

waiting(1)
before, pictures = resident_mb(), waiting(40)
assert resident_mb() - before > 40, "nothing waited"
del pictures
print(resident_mb() - before)
"""
GIVING_BACK = "from monitor.memory import give_back_what_is_free\ngive_back_what_is_free()\n"


@needs_glibc
def test_pictures_that_are_gone_take_no_memory() -> None:
    assert number_printed_by(CAMERAS) > 20, "nothing is kept without it: it is not needed any more"
    assert number_printed_by(GIVING_BACK + CAMERAS) < 10


@needs_glibc
def test_pictures_that_had_to_wait_take_no_memory_once_they_are_gone() -> None:
    assert number_printed_by(GIVING_BACK + HELD_UP.format(decoder="Vp8Decoder")) > 20, "the decoder itself gives back"
    assert number_printed_by(GIVING_BACK + HELD_UP.format(decoder="NarrowVp8")) < 10
