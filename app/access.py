"""Slows down who guesses join codes."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field

from monitor.errors import TooManyTries
from monitor.words import _

FREE_TRIES = 4
LONGEST_WAIT_S = 60.0  # a whole class may share one address
FORGET_AFTER_S = 900.0


@dataclass
class CodeTries:
    """Wrong codes per address. After `FREE_TRIES` each wrong one doubles the wait, from two seconds on.

    Times are seconds of any steady clock, handed in by the caller. Safe from any thread.
    """

    _wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, address: str, now: float) -> None:
        """Raises TooManyTries while this address has to wait."""
        with self._lock:
            count, last = self._wrong.get(address, (0, now))
        wait = last + _pause(count) - now
        if wait > 0:
            raise TooManyTries(
                _("Too many wrong codes. Please wait {seconds} s and try again.").format(seconds=math.ceil(wait)), wait
            )

    def wrong(self, address: str, now: float) -> None:
        with self._lock:
            old = [key for key, (_, last) in self._wrong.items() if now - last > FORGET_AFTER_S]
            for key in old:
                del self._wrong[key]
            count, _last = self._wrong.get(address, (0, now))
            self._wrong[address] = (count + 1, now)


def _pause(count: int) -> float:
    return 0.0 if count < FREE_TRIES else min(LONGEST_WAIT_S, 2.0 ** (count - FREE_TRIES + 1))
