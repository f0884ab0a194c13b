"""What trust costs a lesson in processor time: accounts, consents, the audit log, levels, forgetting for good.

`python -m tests.benchmarks.overhead --seconds 90`. One lesson is played several times in lock-step, second by second,
on the same thread and from the same frames of a recorded video: `bare`, as it was before there was any of that, and
once for each level of how much is shown. Who begins a second takes turns. `bare_again` is `bare` once more: what it
differs by is noise. What pages cost besides, which would make the shares smaller, is left out.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.domain import Image, Shown
from monitor.live import classroom as classroom_module
from monitor.live.video import Video
from tests.benchmarks.played import BareLesson, Clock, PlayedLesson, TrustedLesson
from tests.benchmarks.stage import say
from tests.faces import HEIGHT, WIDTH, noisy, picture

WARM_UP = 5  # seconds that do not count
BLOCK = 10  # seconds that are drawn together for the interval
DRAWS = 2000
BARE = "bare"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=90)
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--fps", type=int, default=5)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    images = _images(wanted.fps)
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    clock = Clock(began)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        opened.enter_context(mock.patch.object(classroom_module, "datetime", clock))
        lessons = _lessons(Path(folder), clock, images, wanted.students, wanted.fps)
        for lesson in lessons.values():
            opened.callback(lesson.close)
        spent = play(list(lessons.values()), wanted.seconds)
    _tell(dict(zip(lessons, spent, strict=True)), wanted.students, wanted.fps)


def _lessons(
    folder: Path, clock: Clock, images: Sequence[Image], students: int, fps: int
) -> dict[str, BareLesson | TrustedLesson]:
    made: dict[str, BareLesson | TrustedLesson] = {}
    for name in (BARE, "bare_again"):
        made[name] = BareLesson(folder / f"{name}.db", clock, images, students, fps)
    for shown in Shown:
        made[shown.value] = TrustedLesson(folder / f"{shown.value}.db", clock, images, students, fps, shown)
    return made


def play(lessons: Sequence[PlayedLesson], seconds: int) -> NDArray[np.float64]:
    """Processor seconds of each lesson in each of its seconds, (lessons, seconds + 1); the last is its end."""
    spent = np.zeros((len(lessons), seconds + 1))
    for number in range(-WARM_UP, seconds + 1):
        for turn in range(len(lessons)):
            place = (number + turn) % len(lessons)
            before = time.process_time()
            if number < seconds:
                lessons[place].second(WARM_UP + number)
            else:
                lessons[place].end()
            if number >= 0:
                spent[place, number] = time.process_time() - before
    return spent


def _tell(spent: dict[str, NDArray[np.float64]], students: int, fps: int) -> None:
    bare = spent.pop(BARE)
    say(
        benchmark="overhead",
        students=students,
        fps=fps,
        seconds=len(bare) - 1,
        bare_ms_per_second=round(1000 * float(bare.sum()) / (len(bare) - 1), 1),
        **{f"overhead_{name}": _overhead(bare, other) for name, other in spent.items()},
    )


def _overhead(bare: NDArray[np.float64], other: NDArray[np.float64]) -> dict[str, float]:
    """The share by which the second takes more, and its 95 % interval over blocks of seconds."""
    cut = range(BLOCK, len(bare), BLOCK)
    blocks = np.array([(a.sum(), b.sum()) for a, b in zip(np.split(bare, cut), np.split(other, cut), strict=True)])
    drawn = blocks[np.random.default_rng(5).integers(len(blocks), size=(DRAWS, len(blocks)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 1] / drawn[:, 0], (2.5, 97.5)) - 1
    share = blocks[:, 1].sum() / blocks[:, 0].sum() - 1
    return {"share": round(float(share), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def _images(fps: int) -> list[Image]:
    """Of the recorded face of FACE_MEDIA as small as a student's camera sends them, else of the astronaut."""
    media = os.environ.get("FACE_MEDIA")
    if media is None:
        return [noisy(picture((40, 10, 220)), seed) for seed in range(20)]
    with Video(Path(media) / "single_face.mp4", fps, 3600) as video:
        whole = [one.image for one in video.frames()]
    return [cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8) for image in whole]


if __name__ == "__main__":
    main()
