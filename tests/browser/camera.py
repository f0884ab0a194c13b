"""Films for Chromium's fake camera, played over and over.

Raw pictures at ten a second: MJPEG is played at thirty, and ten browsers that decode it keep two cores from
the work that is to be tested.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from skimage import data

from tests.class_in_motion import ClassInMotion

Picture = NDArray[np.uint8]
"""RGB, (height, width, 3)."""

WIDTH, HEIGHT, RATE = 320, 240, 10


def film(file: Path, pictures: Iterable[Picture], width: int = WIDTH, height: int = HEIGHT) -> Path:
    """Writes a film, whose name must end in `.y4m`. Pictures of another size are scaled to it."""
    with file.open("wb") as opened:
        opened.write(f"YUV4MPEG2 W{width} H{height} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            opened.write(b"FRAME\n" + frame.reformat(width, height, "yuv420p").to_ndarray().tobytes())
    return file


def face(seconds: float) -> Iterator[Picture]:
    """A real face: of FACE_MEDIA's video where there is one, else of the astronaut in scikit-image."""
    if "FACE_MEDIA" in os.environ:
        return video(Path(os.environ["FACE_MEDIA"]) / "single_face.mp4", seconds)
    return the_astronaut(seconds)


def video(file: Path, seconds: float) -> Iterator[Picture]:
    """The middle of a video in 4:3, at its own speed, forth and back so that it has no jump when it begins anew."""
    with av.open(str(file)) as container:
        rate = float(container.streams.video[0].average_rate or RATE)
        needed = max(2, math.ceil(seconds * rate / 2))
        taken = [
            _middle(np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8))
            for frame in itertools.islice(container.decode(video=0), needed)
        ]
    there_and_back = taken + taken[-2:0:-1]
    for index in range(round(len(there_and_back) * RATE / rate)):
        yield there_and_back[min(len(there_and_back) - 1, int(index * rate / RATE))]


def the_astronaut(seconds: float) -> Iterator[Picture]:
    """Eileen Collins (NASA, public domain), swaying a little, with a camera's noise."""
    picture, count = np.asarray(data.astronaut(), np.uint8), round(seconds * RATE)  # type: ignore[no-untyped-call]
    chance = np.random.default_rng(0)
    for index in range(count):
        phase = 2 * math.pi * index / count
        width = round(300 - 24 * math.sin(phase))
        left, top = round(76 + 12 * math.cos(phase)), 4
        cut = picture[top : top + width * 3 // 4, left : left + width].astype(np.int16)
        cut += chance.integers(-3, 4, cut.shape, np.int16)
        yield np.clip(cut, 0, 255).astype(np.uint8)


def whole_class(seconds: float) -> Iterator[Picture]:
    """Nine faces of FACE_MEDIA that sway, forth and back so that none jumps when it begins anew."""
    scene = ClassInMotion(seconds, Path(os.environ["FACE_MEDIA"]), Path(os.environ["YUNET"]), calm=True)
    count = round(seconds * RATE / 2)
    for index in [*range(count), *range(count, 0, -1)]:
        yield np.ascontiguousarray(scene.picture(index / RATE)[:, :, ::-1])


def nobody(seconds: float) -> Iterator[Picture]:
    """An empty room: bright, with a camera's noise and no face."""
    chance = np.random.default_rng(1)
    for _ in range(round(seconds * RATE)):
        yield chance.integers(196, 228, (HEIGHT, WIDTH, 1), np.uint8).repeat(3, axis=2)


def _middle(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    wanted = min(width, height * WIDTH // HEIGHT)
    left = (width - wanted) // 2
    return picture[:, left : left + wanted]
