"""Whether the class is as large as one thread can read."""

from __future__ import annotations

import time
from collections import deque

SPAN_S = 5.0
FULL_ROUND_S = 0.55
"""A round of this length leaves each camera one and a half pictures a second; with fewer, a second may have none."""
LEAST_ROUNDS = 3


class Load:
    """Of the rounds of the last seconds. Written by the thread that reads; may be read from any."""

    def __init__(self) -> None:
        self._rounds: deque[tuple[float, float]] = deque(maxlen=100)

    def add(self, seconds: float) -> None:
        """A round over the newest frame of each camera took so long."""
        self._rounds.append((time.monotonic(), seconds))

    @property
    def round_s(self) -> float:
        """The mean of the last seconds; 0 while hardly anything came."""
        since = time.monotonic() - SPAN_S
        lately = [seconds for at, seconds in tuple(self._rounds) if at > since]
        return sum(lately) / len(lately) if len(lately) >= LEAST_ROUNDS else 0.0

    @property
    def full(self) -> bool:
        return self.round_s > FULL_ROUND_S
