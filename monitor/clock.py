"""The time of the class: the machine's, but it does not go back while a lesson runs.

Samples are kept by the second, and pages look for what came after the last one they saw. Were the clock set back by an
hour in the middle of a lesson, each new second would be taken for one that is kept already, and the live page would
see nothing new for an hour. So the hour is added until no lesson runs.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

STEP_S = 1.0
"""A smaller step is left to those who take late readings for the next second."""
MOST_AHEAD = timedelta(days=1)
"""A sample that lies further in the future says that the clock was wrong when it was kept."""


def _running_s() -> float:
    """Seconds that nobody sets, those of sleep among them where the system counts them."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Clock:
    """May be asked from any thread. What it is made of is an argument for tests."""

    def __init__(self, wall: Callable[[], float] = time.time, running: Callable[[], float] = _running_s) -> None:
        self._wall, self._running = wall, running
        self._ahead_s = 0.0
        self._seen = wall(), running()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            ahead_s = self._look()
            return datetime.fromtimestamp(self._seen[0] + ahead_s, UTC)

    @property
    def ahead(self) -> timedelta:
        """Of the machine's clock; nothing unless that was set back."""
        with self._lock:
            return timedelta(seconds=self._look())

    def catch_up(self, last: datetime) -> None:
        """Not before `last`, which was kept of a lesson that still runs: the clock may have been set back while this
        process did not run."""
        with self._lock:
            behind_s = last.timestamp() - self._wall() - self._look()
            if 0 < behind_s <= MOST_AHEAD.total_seconds():
                self._ahead_s += behind_s

    def settle(self) -> None:
        """No lesson runs: from now on it is the machine's own time again."""
        with self._lock:
            self._look()
            self._ahead_s = 0.0

    def _look(self) -> float:
        wall, running = self._wall(), self._running()
        step_s = (wall - self._seen[0]) - (running - self._seen[1])
        self._seen = wall, running
        if abs(step_s) >= STEP_S:
            self._ahead_s = max(0.0, self._ahead_s - step_s)
        return self._ahead_s
