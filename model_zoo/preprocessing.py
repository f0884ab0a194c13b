"""From a face to what a network sees. Training and the live path share these lines, so they cannot differ."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# FER2013's pictures are 48 pixels wide; a network may see less of that (a centre crop).
FER_SIDE = 48


def centre_crop(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """(n, 48, 48) → (n, side, side), the middle."""
    start = (images.shape[1] - side) // 2
    return images[:, start : start + side, start : start + side]


def standardise(images: NDArray[np.generic], mean: float, deviation: float) -> NDArray[np.float32]:
    """Grey values (n, side, side) → network input (n, side, side, 1), zero mean and unit deviation."""
    return ((images.astype(np.float32) - mean) / deviation)[..., np.newaxis]


def warp(image: NDArray[np.uint8], matrix: NDArray[np.float64], side: int) -> NDArray[np.uint8]:
    """`image` seen through a 2x3 affine `matrix` (source from target) in a square of `side` pixels."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(image, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def cut_square(
    image: NDArray[np.uint8], centre: tuple[float, float], side: float, size: int, angle: float = 0.0
) -> NDArray[np.uint8]:
    """The square of `side` pixels around `centre` (x, y) of a BGR `image`, grey, as (size, size).

    Beyond the picture's edge its last pixels are repeated. `angle` in degrees turns the square.
    Shrinking averages the pixels it covers, as FER2013's pictures were made, where a plain
    bilinear look would alias.
    """
    raw = int(max(size, round(side)))
    scale = side / raw
    cos, sin = scale * np.cos(np.radians(angle)), scale * np.sin(np.radians(angle))
    half = (raw - 1) / 2
    matrix = np.array(
        [
            [cos, -sin, centre[0] - cos * half + sin * half],
            [sin, cos, centre[1] - sin * half - cos * half],
        ]
    )
    square = warp(image, matrix, raw)
    if square.ndim == 3:
        square = np.asarray(cv2.cvtColor(square, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if raw > size:
        square = np.asarray(cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return square
