"""Waits for what another thread or process does, and looks which threads there are."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

NEVER_DONE = (sys.executable, "-c", "import sys, time; sys.stdin.buffer.read(); time.sleep(600)")
"""A program that takes what it is given and gives nothing back; whoever starts it ends it."""


def own_threads() -> list[str]:
    """The names of the threads that a classroom and a recorder run, in order."""
    return sorted(thread.name for thread in threading.enumerate() if thread.name in ("classroom", "recorder"))


def wait_until(happened: Callable[[], object], patience: float = 60.0) -> None:
    """Returns as soon as it happened. `patience`: seconds after which it is a failure."""
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, f"did not happen within {patience} s"
        time.sleep(0.005)
