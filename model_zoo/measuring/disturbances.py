"""Nine ways in which a camera, the light or a person makes a face harder to read, in five strengths each.

Each function takes (n, side, side) uint8 grey pictures of faces cut as FER2013 cuts them and one amount, and gives
new pictures of the same shape. The same pictures and amount always give the same result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model_zoo.preprocessing import FER_SIDE, warp

Pictures = NDArray[np.uint8]
STRENGTHS = 5
NOISE_SEED = 0

# Where FER2013's own pictures show a face, as parts of their side: the median of 857 of them.
EYES_AT, EYES_APART, MOUTH_AT = 0.39, 0.38, 0.77
# A bar over the eyes reaches as far beyond each pupil as half the way between them; one over the mouth is as wide
# as the eyes lie apart and a third more, which covers a laugh.
EYES_WIDTH, MOUTH_WIDTH = 2 * EYES_APART, 1.33 * EYES_APART


@dataclass(frozen=True)
class Disturbance:
    """`change(pictures, amount)`; `amounts` are its strengths 1 to 5 in `unit`, the mildest first.

    Raises ValueError unless there are five.
    """

    name: str
    unit: str
    amounts: tuple[float, ...]
    change: Callable[[Pictures, float], Pictures]

    def __post_init__(self) -> None:
        if len(self.amounts) != STRENGTHS:
            raise ValueError(f"{self.name} has {STRENGTHS} strengths, got {len(self.amounts)}: {self.amounts!r}")


def light(pictures: Pictures, factor: float) -> Pictures:
    """Grey values times `factor`: below 1 darker, above 1 brighter, where what passes 255 is lost."""
    return _grey(pictures * np.float32(factor))


def rotated(pictures: Pictures, degrees: float) -> Pictures:
    """Turned about the middle, every other picture the other way. Beyond the edge its last pixels go on."""
    side = pictures.shape[1]
    middle = (side - 1) / 2
    turned = []
    for index, picture in enumerate(pictures):
        angle = np.radians(degrees if index % 2 else -degrees)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        offset = middle - turn @ np.full(2, middle)
        turned.append(warp(picture, np.column_stack([turn, offset]), side))
    return np.stack(turned)


def eyes_hidden(pictures: Pictures, height: float) -> Pictures:
    """A bar across both eyes, `height` as a part of the side, in each picture's mean grey value."""
    return _barred(pictures, EYES_AT, EYES_WIDTH, height)


def mouth_hidden(pictures: Pictures, height: float) -> Pictures:
    """A bar across the mouth, `height` as a part of the side, in each picture's mean grey value."""
    return _barred(pictures, MOUTH_AT, MOUTH_WIDTH, height)


def blurred(pictures: Pictures, sigma: float) -> Pictures:
    """Gaussian blur; `sigma` in pixels of FER2013's 48."""
    scale = sigma * pictures.shape[1] / FER_SIDE

    def change(picture: Pictures) -> Pictures:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), scale), dtype=np.uint8)

    return _each(pictures, change)


def coarse(pictures: Pictures, pixels: float) -> Pictures:
    """As from a camera that gave the face `pixels` a side: averaged down to them, then enlarged."""
    side, small = pictures.shape[1], round(pixels)

    def change(picture: Pictures) -> Pictures:
        shrunk = cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(shrunk, (side, side), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)

    return _each(pictures, change)


def noisy(pictures: Pictures, deviation: float) -> Pictures:
    """Normal noise with a standard deviation of `deviation` grey values; always the same noise."""
    random = np.random.default_rng(NOISE_SEED)
    return _grey(pictures + random.normal(0, deviation, pictures.shape))


def compressed(pictures: Pictures, quality: float) -> Pictures:
    """Written as JPEG of `quality` 1 to 100 and read again."""

    def change(picture: Pictures) -> Pictures:
        _, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
        return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)

    return _each(pictures, change)


DISTURBANCES = (
    Disturbance("darker light", "times the light", (0.8, 0.6, 0.4, 0.25, 0.1), light),
    Disturbance("brighter light", "times the light", (1.25, 1.5, 2.0, 3.0, 4.0), light),
    Disturbance("rotation", "degrees", (10, 20, 30, 45, 60), rotated),
    Disturbance("hidden eyes", "height of the bar / side", (0.06, 0.12, 0.18, 0.24, 0.3), eyes_hidden),
    Disturbance("hidden mouth", "height of the bar / side", (0.08, 0.16, 0.24, 0.32, 0.4), mouth_hidden),
    Disturbance("blur", "sigma in pixels of 48", (0.5, 1.0, 1.5, 2.0, 3.0), blurred),
    Disturbance("low resolution", "pixels a side", (32, 24, 16, 12, 8), coarse),
    Disturbance("noise", "deviation in grey values", (5, 10, 20, 30, 50), noisy),
    Disturbance("JPEG", "quality", (50, 30, 20, 10, 5), compressed),
)


def _barred(pictures: Pictures, at: float, width: float, height: float) -> Pictures:
    side = pictures.shape[1]
    top, bottom = (int(np.clip(round((at + half * height) * side), 0, side)) for half in (-0.5, 0.5))
    left, right = (int(np.clip(round((0.5 + half * width) * side), 0, side)) for half in (-0.5, 0.5))
    barred = pictures.copy()
    # The mean hides without adding light or dark of its own.
    barred[:, top:bottom, left:right] = _grey(pictures.mean(axis=(1, 2), keepdims=True))
    return barred


def _each(pictures: Pictures, change: Callable[[Pictures], Pictures]) -> Pictures:
    return np.stack([change(picture) for picture in pictures])


def _grey(values: NDArray[np.floating]) -> Pictures:
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)
