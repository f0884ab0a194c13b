"""The one fake of the detector: it finds white squares, can be held up, and fails on red pictures."""

from __future__ import annotations

import threading

import numpy as np

from monitor.domain import Box, Face, Image, Square


class ChalkDetector:
    name = "chalk"

    def __init__(self) -> None:
        self.looks = 0
        self.looking = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def hold(self) -> None:
        """From now on each look waits for `go_on`."""
        self.looking.clear()
        self.go_on.clear()

    def detect(self, image: Image, crowd: bool = False) -> list[Face]:
        self.looks += 1
        self.looking.set()
        self.go_on.wait(20)
        if image[0, 0, 2] == 255:
            raise RuntimeError("a red picture")
        rows, columns = np.nonzero(image[:, :, 0] == 250)
        if not len(rows):
            return []
        x, y = int(columns.min()), int(rows.min())
        side = int(columns.max()) - x + 1
        return [Face(Box(x, y, side, side), 1.0, Square((x + side / 2, y + side / 2), side))]

    def glance(self, image: Image) -> list[Face]:
        return self.detect(image)


def chalk_picture(grey: int = 100, face: bool = True) -> Image:
    """A picture of 64 x 48 with a white square; `grey` tells pictures apart."""
    image = np.full((48, 64, 3), grey, np.uint8)
    if face:
        image[10:30, 20:40] = 250
    return image


def red_picture() -> Image:
    image = chalk_picture()
    image[0, 0] = (0, 0, 255)
    return image
