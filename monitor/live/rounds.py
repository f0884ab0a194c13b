"""When the thread that reads takes the newest frame of every camera again."""

from __future__ import annotations

import math

GATHER_S = 0.1
"""Frames that arrive within this time are scored together: ten streams of five frames a second make batches of five
instead of fifty single calls."""
ENOUGH = 60
"""Frames a second of a whole class: one of thirty is told as well by two of each student as by five, at half the cost,
and its pages are answered sooner."""
LEAST, LEAST_OF_A_ROOM, MOST = 2, 5, 10
"""Who is who in a room is told by how faces moved since the frame before."""
AFTER_S = 0.02
"""The frames of a second are all there by then."""


def rounds_a_second(streams: int, room: bool = False) -> int:
    """So many frames of each camera are read, where it sends as many and there is time. `room`: one shows a room."""
    return max(LEAST_OF_A_ROOM if room else LEAST, min(MOST, ENOUGH // max(1, streams)))


def pause(begun: float, now: float, streams: int, room: bool = False) -> float:
    """Seconds from `now`, when a round that began at `begun` ends, to the next one.

    Both since 1970: rounds lie evenly in a second and one begins with it, so that the second before, of which nothing
    is missing by then, is stored at once. After a round that took too long for that the next one follows closely.
    """
    period = 1 / rounds_a_second(streams, room)
    due = (math.floor((begun - AFTER_S) / period + 1e-6) + 1) * period + AFTER_S
    return min(period, max(GATHER_S, due - now))
