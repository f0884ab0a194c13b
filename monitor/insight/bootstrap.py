"""How sure a mean over a lesson is: the moving-block bootstrap."""

from __future__ import annotations

import numpy as np

from monitor.insight.windows import Floats, Windows, class_mean, running

BLOCK_S = 30
RESAMPLES = 400
SEED = 1989
LEAST_BLOCKS = 4


def resampled_class_means(windows: Windows, resamples: int = RESAMPLES) -> Floats | None:
    """(resamples, 7): class means of lessons put together from blocks of 30 s of this one.

    Neighbouring seconds are alike, so blocks are drawn, not seconds; all students keep the same blocks, so
    that what moves them together stays. None for a lesson under 2 minutes, which is too short to draw from.
    Seeded: the same lesson gives the same intervals. H. R. Künsch, Annals of Statistics 17 (1989) 1217–1241.
    """
    count = windows.seen.shape[1]
    block = max(1, BLOCK_S // windows.width)
    if count < LEAST_BLOCKS * block:
        return None
    starts = count - block + 1
    drawn = -(-count // block)
    picks = np.random.default_rng(SEED).integers(0, starts, (resamples, drawn))
    times = np.stack([np.bincount(row, minlength=starts) for row in picks]).astype(np.float64)
    scores = np.einsum("rb,sbe->sre", times, running(windows.scores, block), optimize=True)
    seen = np.einsum("rb,sb->sr", times, running(windows.seen, block), optimize=True)
    return class_mean(scores, seen)


def interval(values: Floats) -> tuple[float, float] | None:
    """The middle 95 % of resampled values, without those in which nobody was seen; None without any."""
    kept = values[~np.isnan(values)]
    if not len(kept):
        return None
    low, high = np.percentile(kept, (2.5, 97.5))
    return float(low), float(high)
