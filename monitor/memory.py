"""What the process keeps of memory that it no longer uses."""

from __future__ import annotations

from model_zoo.malloc import M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, set_options

LARGE = 64 * 1024
"""Bytes: a camera's picture is larger, what describes a connection is smaller."""
ARENAS = 2


def give_back_what_is_free() -> None:
    """From now on a picture's memory returns to the system when the picture is gone. Call it before threads start.

    Else glibc learns from the first picture to keep such pieces for later, in a pool for each of the cameras' threads,
    where small things that live on hold the gaps between them: two megabytes a student.
    """
    set_options({M_MMAP_THRESHOLD: LARGE, M_TRIM_THRESHOLD: 2 * LARGE, M_ARENA_MAX: ARENAS})
