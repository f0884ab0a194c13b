"""Pictures with a real face: Eileen Collins, an astronaut, by NASA and in the public domain."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import skimage.data

from monitor.domain import Frame, Image
from tests.lesson import second

WIDTH, HEIGHT = 320, 240


@cache
def head() -> Image:
    """BGR, 240 x 240; the face fills about half of the height."""
    astronaut = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(astronaut[20:260, 105:345, ::-1])


def picture(*heads: tuple[int, int, int], width: int = WIDTH, height: int = HEIGHT) -> Image:
    """A grey room with heads in it, each as (x, y, side) of its square."""
    room = np.full((height, width, 3), 110, np.uint8)
    for x, y, side in heads:
        room[y : y + side, x : x + side] = cv2.resize(head(), (side, side), interpolation=cv2.INTER_AREA)
    return room


def frame(image: Image, at: float = 0, stream: str = "ada") -> Frame:
    """`at`: seconds after nine."""
    return Frame(stream, image, second(at))


def noisy(image: Image, seed: int) -> Image:
    """As a camera gives the same picture again: with other noise."""
    noise = np.random.default_rng(seed).normal(0, 3, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)
