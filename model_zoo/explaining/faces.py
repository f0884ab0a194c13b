"""Reads a picture file and finds the faces in it, for commands that look at single pictures.

A dashboard finds faces with `monitor.vision.detection`, which this room does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageOps, UnidentifiedImageError

from data.pictures import UNREADABLE, decode
from model_zoo.errors import ModelZooError
from model_zoo.preprocessing import FER_SIDE, cut_square

CUT_UP_TO = 2 * FER_SIDE
"""Pixels of the longer side up to which a picture is one face that somebody has cut already."""
# Haar's box is 0.94 of the side of FER2013's picture of the same face, centred.
SIDE_PER_BOX = 1 / 0.94
SEARCHED = 640  # pixels of the longer side in which faces are looked for
SMALLEST = 24  # pixels: the cascade's own window
SCALE_STEP, NEIGHBOURS = 1.1, 5


class PictureError(ModelZooError):
    """A picture, or what was asked of its faces, cannot be used; the message says why."""


@dataclass(frozen=True)
class Square:
    """What FER2013 would have kept of a face: `centre` (x, y) and `side` in pixels of the picture.

    Raises ValueError for a side that is not positive.
    """

    centre: tuple[float, float]
    side: float

    def __post_init__(self) -> None:
        if not self.side > 0:
            raise ValueError(f"a square has a positive side, got {self.side!r}")


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(height, width) grey values, turned upright as the camera noted. Raises PictureError."""
    try:
        # `decode` makes it grey; a phone's note of how it was held is followed here.
        return np.asarray(ImageOps.exif_transpose(decode(path.read_bytes())), dtype=np.uint8)
    except UnidentifiedImageError as error:
        raise PictureError(f"{path}: is no picture of a known format") from error
    except UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise PictureError(f"{path}: {reason}") from error


def faces_in(picture: NDArray[np.uint8], already_cut: bool = False) -> list[Square]:
    """The faces of a (height, width) grey picture, the largest first.

    A picture of at most `CUT_UP_TO` pixels, or any with `already_cut`, is one face: its middle square.
    In a larger one OpenCV's Haar cascade looks for them (Viola and Jones 2001). Raises PictureError where OpenCV
    brings no cascade.
    """
    height, width = picture.shape
    if already_cut or max(height, width) <= CUT_UP_TO:
        return [Square(((width - 1) / 2, (height - 1) / 2), min(height, width))]
    scale = max(1.0, max(height, width) / SEARCHED)
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    least = max(SMALLEST, min(size) // 16)
    boxes = _cascade().detectMultiScale(small, SCALE_STEP, NEIGHBOURS, minSize=(least, least))
    squares = [_square(np.asarray(box, dtype=float) * scale) for box in boxes]
    return sorted(squares, key=lambda square: -square.side)


def cut(picture: NDArray[np.uint8], square: Square, side: int) -> NDArray[np.uint8]:
    """The square as (side, side) grey values, as a training picture shows a face."""
    return cut_square(picture, square.centre, square.side, side)


def _square(box: NDArray[np.float64]) -> Square:
    x, y, width, height = (float(value) for value in box)
    return Square((x + (width - 1) / 2, y + (height - 1) / 2), width * SIDE_PER_BOX)


@cache
def _cascade() -> cv2.CascadeClassifier:
    file = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(file))
    if cascade.empty():
        raise PictureError(f"OpenCV {cv2.__version__} brings no Haar cascade at {file}; faces already cut are read")
    return cascade
