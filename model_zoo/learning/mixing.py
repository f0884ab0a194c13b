"""Two pictures of a batch made into one, and their labels with them.

mixup (Zhang et al. 2018, arXiv:1710.09412) lays one over the other; CutMix (Yun et al. 2019, arXiv:1905.04899) sets a
rectangle of one into the other. Each picture's partner is another of its batch, by a permutation, and one weight is
drawn for a batch, as the authors' programs do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model_zoo.learning.augmentation import Augmentation

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]


def mix(
    batch: NDArray[np.float32], targets: NDArray[np.float32], how: Augmentation, random: np.random.Generator
) -> Pair:
    """(n, side, side, 1) and (n, 7) → the same shapes, mixed in one of the ways of `how` or as they came."""
    if not how.mixup and not how.cutmix:
        return batch, targets
    way = random.random()
    if way < how.mixup:
        return mixup(batch, targets, how.mixup_alpha, random)
    if way < how.mixup + how.cutmix:
        return cutmix(batch, targets, how.cutmix_alpha, random)
    return batch, targets


def mixup(batch: NDArray[np.float32], targets: NDArray[np.float32], alpha: float, random: np.random.Generator) -> Pair:
    """λ of each picture and of its label, 1 − λ of its partner and of that one's, λ from Beta(alpha, alpha)."""
    weight, partners = random.beta(alpha, alpha), random.permutation(len(batch))
    return _blend(batch, batch[partners], weight), _blend(targets, targets[partners], weight)


def cutmix(batch: NDArray[np.float32], targets: NDArray[np.float32], alpha: float, random: np.random.Generator) -> Pair:
    """A rectangle, 1 − λ of the area before it is cut off at the edge, comes from the partner; labels weigh what is
    seen of each picture."""
    height, width = batch.shape[1:3]
    side, partners = np.sqrt(1 - random.beta(alpha, alpha)), random.permutation(len(batch))
    top, bottom = _span(height, side, random)
    left, right = _span(width, side, random)
    mixed = batch.copy()
    mixed[:, top:bottom, left:right] = batch[partners, top:bottom, left:right]
    weight = 1 - (bottom - top) * (right - left) / (height * width)
    return mixed, _blend(targets, targets[partners], weight)


def _span(length: int, part: float, random: np.random.Generator) -> tuple[int, int]:
    """First and last + 1 of about `part` of `length` pixels around a random one, cut off at the ends."""
    middle, half = int(random.integers(length)), round(length * part) / 2
    return max(0, int(middle - half)), min(length, int(middle + half))


def _blend(own: NDArray[np.float32], other: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    return np.asarray(weight * own + (1 - weight) * other, dtype=np.float32)
