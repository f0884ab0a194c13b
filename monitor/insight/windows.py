"""Time cut into windows of equal length, and the means that are taken in them.

The seconds of a window are summed per student first, so that any window can be joined with its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.insight.timeline import Timeline

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Seconds. Lengths in which people count, so that the edges of windows are times worth reading.
WIDTHS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True, eq=False)
class Windows:
    """Sums per student (in the timeline's order) and window.

    `starts` (windows,) since 1970; `width` in seconds; (students, windows): `seconds` that were measured,
    `seen` those of them with a face, `faces` and `frames` in them; `scores` (students, windows, 7):
    probabilities summed over `seen`.
    """

    starts: Ints
    width: int
    seconds: Floats
    seen: Floats
    faces: Floats
    frames: Floats
    scores: Floats

    @property
    def student_means(self) -> Floats:
        """(students, windows, 7): the mean probability over a student's seconds with a face, else NaN."""
        return ratio(self.scores, self.seen[..., None])

    @property
    def class_means(self) -> Floats:
        """(windows, 7), see `class_mean`."""
        return class_mean(self.scores, self.seen)

    def of_students(self, chosen: NDArray[np.bool_]) -> Windows:
        """`chosen` (students,)."""
        return self._only(self.starts, lambda sums: sums[chosen])

    def at(self, chosen: NDArray[np.bool_]) -> Windows:
        """The windows `chosen` (windows,), which may leave gaps."""
        return self._only(self.starts[chosen], lambda sums: sums[:, chosen])

    def _only(self, starts: Ints, part: Callable[[Floats], Floats]) -> Windows:
        sums = (self.seconds, self.seen, self.faces, self.frames, self.scores)
        return Windows(starts, self.width, *map(part, sums))


def cut(timeline: Timeline, start: int, width: int, count: int) -> Windows:
    """`count` windows of `width` seconds, the first one starting at `start` (seconds since 1970)."""
    arrays = timeline.arrays
    low, high = np.searchsorted(arrays.second, (start, start + width * count))
    place = arrays.student[low:high] * count + (arrays.second[low:high] - start) // width
    shape = (len(timeline.students), count)
    faces = arrays.faces[low:high]

    def summed(values: NDArray[Any] | None, rows: NDArray[Any] | slice = slice(None)) -> Floats:
        weights = None if values is None else values[rows]
        sums = np.bincount(place[rows], weights, minlength=shape[0] * count)
        return np.asarray(sums, np.float64).reshape(shape)

    seen = np.flatnonzero(faces > 0)
    return Windows(
        starts=start + width * np.arange(count, dtype=np.int64),
        width=width,
        seconds=summed(None),
        seen=summed(None, seen),
        faces=summed(faces),
        frames=summed(arrays.frames[low:high]),
        scores=np.stack([summed(column, seen) for column in arrays.probabilities[low:high].T], axis=-1),
    )


def class_mean(scores: Floats, seen: Floats) -> Floats:
    """Mean over students of each student's own mean: Σₛ (Σₜ pₛₜ / nₛ) / S, over the S students with nₛ > 0.

    A student with many seconds counts as much as one with few. `scores` (students, …, 7) and `seen`
    (students, …) are the sums Σₜ pₛₜ and nₛ; returns (…, 7), NaN where nobody was seen.
    """
    means = np.where(seen[..., None] > 0, ratio(scores, seen[..., None]), 0.0)
    return ratio(means.sum(axis=0), (seen > 0).sum(axis=0)[..., None])


def running(values: Floats, length: int) -> Floats:
    """(students, windows − length + 1, …): the sum over `length` windows from each window on."""
    total = np.cumsum(np.concatenate([np.zeros_like(values[:, :1]), values], axis=1), axis=1)
    return np.asarray(total[:, length:] - total[:, :-length], np.float64)


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """`above` / `below`, NaN where `below` is 0."""
    shape = np.broadcast_shapes(above.shape, below.shape)
    quotient: Floats = np.full(shape, np.nan)
    np.divide(above, below, out=quotient, where=np.broadcast_to(below, shape) > 0)
    return quotient


def nice_width(span: float, count: int) -> int:
    """The shortest width in seconds of which at most `count` cover `span` seconds."""
    fitting = (width for width in WIDTHS if width * count >= span)
    return next(fitting, int(-(-span // count)))
