"""Finds faces in a picture, and the square of each that FER2013 would have kept.

YuNet (`monitor.vision.yunet`) where its file is present, else OpenCV's Haar cascade (Viola and Jones 2001), which every
install has.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

import cv2
import numpy as np

from monitor.domain import Box, Face, Image, Square
from monitor.errors import DetectorError
from monitor.vision.onnx_runtime import ORT_ERRORS
from monitor.vision.yunet import open_yunet

# Pixels of the longer side. One near face is found as well in a small picture, for a quarter of the time;
# only where that shows none is the picture read at its full size. YuNet fills up to multiples of 32, so that
# 160 x 120 costs two thirds of 176 x 132.
COARSE, FULL = 160, 640
# In a room the faces are many and small: at 960 pixels a face of 3 % of the picture's width is still found, and
# 1280 would cost twice the time.
CROWD = 960
# Pixels of the shorter side under which there is no face to be seen. OpenCV fills up to multiples of 32 with what
# lies in memory, and in a strip of one row YuNet found faces there.
NARROWEST = 16
SMALLEST = 20  # pixels, for the Haar cascade


class Detector(Protocol):
    """Stateless between calls; not thread-safe: one thread owns it."""

    name: str

    def detect(self, image: Image, crowd: bool = False) -> list[Face]:
        """The faces of a picture, the largest first. `crowd`: look for many small ones, which takes longer."""

    def glance(self, image: Image) -> list[Face]:
        """Those that are large enough to be found for a fifth of the time."""


class YuNet:
    name = "YuNet"

    def __init__(self, file: Path, confidence: float = 0.6) -> None:
        """Raises DetectorError when the file is missing or is no YuNet."""
        if not file.is_file():
            raise DetectorError(f"YuNet's file is missing: {file}. `python -m monitor fetch-detector` fetches it.")
        try:
            self._find = open_yunet(file, confidence)
            self._find(np.zeros((COARSE, COARSE, 3), np.uint8))
        except (ValueError, cv2.error, *ORT_ERRORS) as error:
            raise DetectorError(
                f"{file} cannot be read as YuNet's ONNX file ({error}). Delete it, and "
                "`python -m monitor fetch-detector` fetches it anew; without it OpenCV's Haar cascade serves."
            ) from error

    def detect(self, image: Image, crowd: bool = False) -> list[Face]:
        if crowd:
            return self._at(image, CROWD)
        return self._at(image, COARSE) or (self._at(image, FULL) if max(image.shape) > COARSE else [])

    def glance(self, image: Image) -> list[Face]:
        return self._at(image, COARSE)

    def _at(self, image: Image, side: int) -> list[Face]:
        small, scale = shrunk(image, side)
        if min(small.shape[:2]) < NARROWEST:
            return []
        rows = [row for row in self._find(small) if row[2] > 0 and row[3] > 0]
        return sorted((_face_of(row, scale) for row in rows), key=lambda face: -face.box.area)


class Haar:
    name = "Haar cascade"

    def __init__(self) -> None:
        """Raises DetectorError where this OpenCV brings no cascade (OpenCV 5 has none)."""
        file = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
        self._cascade = cv2.CascadeClassifier(str(file))
        if self._cascade.empty():
            raise DetectorError(f"OpenCV {cv2.__version__} brings no Haar cascade at {file}")

    def detect(self, image: Image, crowd: bool = False) -> list[Face]:
        small, scale = shrunk(image, CROWD if crowd else FULL)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        least = SMALLEST if crowd else max(24, min(grey.shape) // 8)
        boxes = self._cascade.detectMultiScale(grey, 1.2, 5, minSize=(least, least))
        # Haar's box is 0.94 of FER2013's picture, centred.
        faces = [_face(np.asarray(box, dtype=float) * scale, 1.0, side_per_width=1 / 0.94, raised=0.0) for box in boxes]
        return sorted(faces, key=lambda face: -face.box.area)

    def glance(self, image: Image) -> list[Face]:
        return self.detect(shrunk(image, 2 * COARSE)[0]) and self.detect(image)


def open_detector(choice: Literal["auto", "yunet", "haar"], yunet: Path) -> Detector:
    """Raises DetectorError when what was asked for cannot be had."""
    # In pictures this small a second thread of OpenCV's only spins: 4.4 ms of processor time for the same 2.4 ms.
    cv2.setNumThreads(1)
    if choice == "yunet" or (choice == "auto" and yunet.is_file()):
        return YuNet(yunet)
    return Haar()


def shrunk(image: Image, side: int) -> tuple[Image, float]:
    """The picture with a longer side of at most `side` pixels, and the factor back to the original."""
    longest = max(image.shape[:2])
    if longest <= side:
        return image, 1.0
    height, width = (max(1, round(length * side / longest)) for length in image.shape[:2])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), longest / side


def quarter_turned(image: Image, turns: int) -> Image:
    """Turned clockwise by `turns` quarters, for a phone that is held sideways."""
    return np.ascontiguousarray(np.rot90(image, -turns))


def _face_of(row: np.ndarray, scale: float) -> Face:
    """In FER2013's own pictures YuNet's box is 0.80 of the side wide and its centre lies 0.02 below the picture's."""
    return _face(np.asarray(row[:4]) * scale, float(row[-1]), side_per_width=1.25, raised=0.02)


def _face(box: np.ndarray, confidence: float, side_per_width: float, raised: float) -> Face:
    x, y, width, height = (float(value) for value in box)
    found = Box(x, y, width, height)
    side = width * side_per_width
    return Face(found, min(1.0, confidence), Square((found.centre[0], found.centre[1] - raised * side), side))
