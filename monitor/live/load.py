"""What became of the frames, and whether the class is as large as one thread can read."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import astuple, dataclass

SPAN_S = 3.0
FULL_ROUND_S = 0.55
"""A round of this length leaves each camera almost two pictures a second, so that one that lasts longer than others
still leaves no second without one."""
CROWDED = 17
"""A frame costs the more the more cameras there are, whose receiving wants the same processors and Python's lock: so
many add as much as the frame costs alone (measured: 7 ms of thirty, 11 to 12 of sixty)."""
LEAST_FRAMES = 10
"""From so few frames nobody tells what one costs."""


@dataclass(frozen=True)
class Counts:
    """Since the start of the process. `busy_s`: seconds of work on `read` frames; `failed` raised an error."""

    received: int
    read: int
    dropped: int
    failed: int
    busy_s: float

    def since(self, before: Counts) -> Counts:
        """What came in between."""
        return Counts(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))


@dataclass(frozen=True)
class _Round:
    at: float
    seconds: float
    frames: int


class Load:
    """Of the rounds of the last seconds, each over the newest frame of every camera. May be used from any thread."""

    def __init__(self) -> None:
        self._rounds: deque[_Round] = deque(maxlen=100)
        self._joined: deque[float] = deque(maxlen=1000)

    def add(self, seconds: float, frames: int) -> None:
        """A round took so long."""
        self._rounds.append(_Round(time.monotonic(), seconds, frames))

    def join(self) -> None:
        """A camera was let in, whose frames are still to come."""
        self._joined.append(time.monotonic())

    @property
    def round_s(self) -> float:
        """The mean of the last seconds; 0 where nothing comes."""
        lately = self._lately()
        return sum(one.seconds for one in lately) / len(lately) if lately else 0.0

    @property
    def full(self) -> bool:
        """Whether rounds with one camera more, and with those that came just now, would be too long."""
        lately = self._lately()
        frames = sum(one.frames for one in lately)
        if frames < LEAST_FRAMES:
            return False
        since = time.monotonic() - SPAN_S / 2
        coming = 1 + sum(at > since for at in tuple(self._joined))
        now, then = frames / len(lately), max(one.frames for one in lately) + coming
        dearer = (CROWDED + then) / (CROWDED + now)
        return self.round_s * then / now * dearer > FULL_ROUND_S

    def _lately(self) -> list[_Round]:
        """A round that took longer than the span counts all the same when it has just ended."""
        since = time.monotonic() - SPAN_S
        return [one for one in tuple(self._rounds) if one.at > since]
