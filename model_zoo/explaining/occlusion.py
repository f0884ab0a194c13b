"""Where a network looked, without its gradients: what it loses when a part of the face is hidden.

Occlusion sensitivity (Zeiler and Fergus 2014, arXiv:1311.2901). It needs scores only, so that it works with ONNX
Runtime; `explanation.py` has the ways that need Keras.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Score = Callable[[list[NDArray[np.uint8]]], NDArray[np.float64]]
"""Grey cuts (n, side, side) → the probability of one emotion for each, (n,)."""


def occlusion(score: Score, cut: NDArray[np.uint8], patch: int = 12, step: int = 4) -> NDArray[np.float64]:
    """(side, side) of 0 … 1: the mean loss of probability over the patches that hid a pixel, over the largest.

    A patch is a square of `patch` pixels of the cut's mean grey, moved by `step` pixels; all of them are scored in
    one call. Where hiding raised the probability there is 0; all 0 when hiding never lowered it.
    """
    if cut.ndim != 2 or not 0 < patch <= min(cut.shape) or step < 1:
        raise ValueError(f"a grey cut and a patch that fits in it are needed, got {cut.shape!r}, {patch!r}, {step!r}")
    places = [(y, x) for y in _starts(cut.shape[0], patch, step) for x in _starts(cut.shape[1], patch, step)]
    hidden = []
    for y, x in places:
        one = cut.copy()
        one[y : y + patch, x : x + patch] = round(float(cut.mean()))
        hidden.append(one)
    whole, *parts = score([cut, *hidden])
    lost, covered = np.zeros(cut.shape), np.zeros(cut.shape)
    for (y, x), part in zip(places, parts, strict=True):
        lost[y : y + patch, x : x + patch] += whole - part
        covered[y : y + patch, x : x + patch] += 1
    mean = np.maximum(lost / covered, 0.0)
    highest = float(mean.max())
    return mean / highest if highest > 0 else mean


def _starts(side: int, patch: int, step: int) -> list[int]:
    """The last patch ends with the picture, so that every pixel is hidden at least once."""
    return sorted({*range(0, side - patch + 1, step), side - patch})
