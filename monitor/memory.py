"""What the process keeps of memory that it no longer uses."""

from __future__ import annotations

import ctypes
import sys

M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX = -3, -1, -8
LARGE = 64 * 1024
"""Bytes: a camera's picture is larger, what describes a connection is smaller."""
ARENAS = 2


def give_back_what_is_free() -> None:
    """From now on a picture's memory returns to the system when the picture is gone. Call it before threads start.

    Else glibc learns from the first picture to keep such pieces for later, in a pool for each of the cameras' threads,
    where small things that live on hold the gaps between them: two megabytes a student. Other C libraries have no such
    pools, or no `mallopt`; they are left alone.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for what, value in ((M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, 2 * LARGE), (M_ARENA_MAX, ARENAS)):
            mallopt(what, value)
