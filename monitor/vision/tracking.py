"""Follows the faces of a stream: a student's own camera shows one that counts, a room's camera many."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from typing import Protocol

from monitor.domain import Box, Face, Image, Track


class Tracker(Protocol):
    """One per stream; owned by one thread."""

    def follow(self, faces: list[Face], at: datetime, image: Image | None = None) -> list[Track]:
        """The faces of the next frame that count, each with the number of its track. No number is used again.

        `image`: in which they were found; nothing of it is kept."""

    def resize(self, factor: float) -> None:
        """From the next frame on the pictures are so many times as wide: a browser that finds its line busy sends
        smaller ones."""


class OnlyFace:
    """The one face that counts in a student's own stream: the one that was there, else the largest.

    Somebody who looks over a shoulder is counted as another face and does not take over at once.
    """

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self._number = 0
        self._last: Box | None = None

    def follow(self, faces: list[Face], at: datetime, image: Image | None = None) -> list[Track]:
        """No or one track. A face that does not overlap the last one begins a new track."""
        if not faces:
            self._last = None
            return []
        chosen = max(faces, key=self._claim)
        if self._last is None or overlap(self._last, chosen.box) == 0:
            self._number += 1
        self._last = chosen.box
        return [Track(self.stream, self._number, chosen, len(faces) - 1)]

    def resize(self, factor: float) -> None:
        if self._last is not None:
            self._last = Box(*(factor * side for side in astuple(self._last)))

    def _claim(self, face: Face) -> tuple[float, float]:
        kept = 0.0 if self._last is None else overlap(self._last, face.box)
        return (1.0 if kept > 0.3 else 0.0, face.box.area)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0…1."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (one.area + other.area - width * height)
