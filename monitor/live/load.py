"""What became of the frames, and whether the class is as large as one thread can read."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import astuple, dataclass

SPAN_S = 3.0
FULL_ROUND_S = 0.5
"""A round of this length leaves each camera two pictures a second, so that one that lasts twice as long still leaves no
second without one."""
CROWDED = 17
"""A frame costs the more the more cameras there are, whose receiving wants the same processors and Python's lock: so
many add as much as the frame costs alone (measured: 7 ms of thirty, 11 to 12 of sixty)."""
CAREFUL, CAREFUL_SPANS = 0.8, 3
"""From this part of a full round on so many spans of seconds count."""
LEAST_FRAMES, FEWEST = 10, 5
"""From so few frames nobody tells what one costs; and from fewer cameras not what those of a class would."""


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
        self._rounds: deque[_Round] = deque(maxlen=200)
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
        lately = self._between(0, SPAN_S)
        return sum(one.seconds for one in lately) / len(lately) if lately else 0.0

    @property
    def full(self) -> bool:
        """Whether rounds with one camera more, and with those that came just now, would be too long.

        Close to that it goes by the slowest of the last seconds, and takes a few cameras at a time: of many that ask
        again and again some would always meet a moment in which all goes quickly.
        """
        if self._expected(0, self._came(SPAN_S / 2)) < CAREFUL * FULL_ROUND_S:
            return False
        came = self._came(CAREFUL_SPANS * SPAN_S)
        return max(self._expected(span, came) for span in range(CAREFUL_SPANS)) > FULL_ROUND_S

    def _expected(self, span: int, came: int) -> float:
        """Seconds of a round with `came` cameras more and another one, by the rounds of so many spans ago."""
        rounds = self._between(span * SPAN_S, (span + 1) * SPAN_S)
        frames, there = sum(one.frames for one in rounds), max((one.frames for one in rounds), default=0)
        if frames < LEAST_FRAMES or there < FEWEST:
            return 0.0
        before, after = frames / len(rounds), there + came + 1
        dearer = (CROWDED + after) / (CROWDED + before)
        return sum(one.seconds for one in rounds) / len(rounds) * after / before * dearer

    def _came(self, seconds: float) -> int:
        since = time.monotonic() - seconds
        return sum(at > since for at in tuple(self._joined))

    def _between(self, newest: float, oldest: float) -> list[_Round]:
        """Of the rounds that ended so many seconds ago. One that took longer than a span counts all the same when it
        has just ended."""
        now = time.monotonic()
        return [one for one in tuple(self._rounds) if newest <= now - one.at < oldest]
