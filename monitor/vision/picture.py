"""Tells a picture that can show a face from a black or a frozen one."""

from __future__ import annotations

from datetime import datetime

import cv2
import numpy as np

from monitor.domain import Image, Picture

DARK = 16.0  # mean grey value below which nothing can be seen
CONTRAST = 6.0  # standard deviation below which a dark picture shows nothing
STILL = 0.02  # mean change of grey values; a camera's own noise changes more than this
FROZEN_AFTER_S = 10.0


class PictureCheck:
    """Remembers a coarse grid of grey values and since when it has not changed; one per stream."""

    def __init__(self) -> None:
        self._grid: np.ndarray | None = None
        self._since: datetime | None = None

    def look(self, image: Image, at: datetime) -> Picture:
        step = max(1, max(image.shape[:2]) // 64)
        grid = np.ascontiguousarray(image[::step, ::step, 1])
        if self._grid is None or self._grid.shape != grid.shape or _changed(self._grid, grid):
            self._grid, self._since = grid, at
        mean, deviation = cv2.meanStdDev(grid)
        if mean.item() < DARK and deviation.item() < CONTRAST:
            return Picture.BLACK
        still = (at - (self._since or at)).total_seconds()
        return Picture.FROZEN if still >= FROZEN_AFTER_S else Picture.FINE


def _changed(before: np.ndarray, grid: np.ndarray) -> bool:
    return bool(cv2.norm(grid, before, cv2.NORM_L1) > STILL * grid.size)
