"""How far a network's belief is to be trusted, and one number that mends it. Numbers in, numbers out.

Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599: bins of the winner's probability
(section 2), and temperature scaling (section 4.2), which changes no winner and so no accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_zoo.errors import ModelZooError

BINS = 15
COLDEST, HOTTEST = 0.05, 20.0
"""The temperatures that are looked through: where every picture is named rightly, the best would be 0."""

LEAST = 1e-12  # stands for a probability of 0, whose logarithm is none
GOLDEN = (math.sqrt(5) - 1) / 2
STEPS = 40  # of the golden section: the temperature is then known to 7 digits


class CalibrationError(ModelZooError):
    """Probabilities and right answers that do not belong together; the message says what came."""


@dataclass(frozen=True)
class Bin:
    """The pictures whose winner's probability lies in `lower` to `upper`: how many, how sure on average
    (`confidence`), and which part of them was `right`, a count."""

    lower: float
    upper: float
    count: int
    confidence: float
    right: int

    @property
    def accuracy(self) -> float:
        return self.right / self.count

    @property
    def gap(self) -> float:
        """Above 0 where the network is less right than it is sure."""
        return self.confidence - self.accuracy


@dataclass(frozen=True)
class Calibration:
    """What temperature scaling does to pictures, each scored with a temperature that was not fitted on it.

    `temperature` is fitted on all of them: the one to use elsewhere. `halves` are those of two halves (every
    picture lies in one of them, by a seed). `ece_after_temperature` is the mean over the halves of the expected
    calibration error of each under the temperature of the other, `ece_before_temperature` that of the same halves
    as they are. The two belong together: half as many pictures fill the bins worse, so both lie above the error of all
    pictures, `Evaluation.ece`.
    """

    temperature: float
    halves: tuple[float, float]
    ece_before_temperature: float
    ece_after_temperature: float


def reliability(probabilities: NDArray[np.floating], truth: NDArray[np.integer], bins: int = BINS) -> tuple[Bin, ...]:
    """Those of `bins` of equal width that have pictures. `truth` (n,) are indices of `probabilities` (n, classes)."""
    winners, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    places = np.clip((winners * bins).astype(int), 0, bins - 1)
    found = []
    for place in np.unique(places):
        inside = places == place
        confidence, count = float(winners[inside].mean()), int(inside.sum())
        found.append(Bin(int(place) / bins, (int(place) + 1) / bins, count, confidence, int(right[inside].sum())))
    return tuple(found)


def expected_error(bins: Sequence[Bin]) -> float:
    """Σ bin size / n · |accuracy of the bin − mean probability in it|; 0 without pictures."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.gap) for each in bins) / max(1, total)


def tempered(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """softmax(log p / T): above 1 less sure, below 1 surer. Raises CalibrationError for T that is not positive."""
    if not (math.isfinite(temperature) and temperature > 0):
        raise CalibrationError(f"a temperature is above 0, got {temperature!r}")
    scaled = _logarithms(probabilities) / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def fit_temperature(probabilities: NDArray[np.floating], truth: NDArray[np.integer]) -> float:
    """The temperature between COLDEST and HOTTEST with the least −Σ log p(truth); 1 without pictures.

    That sum is convex in 1/T, so it has one valley, which the golden section (Kiefer 1953) walks into.
    """
    if not len(truth):
        return 1.0
    low, high = math.log(COLDEST), math.log(HOTTEST)
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = (_surprise(probabilities, truth, math.exp(place)) for place in (left, right))
    for _ in range(STEPS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = _surprise(probabilities, truth, math.exp(left))
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = _surprise(probabilities, truth, math.exp(right))
    return math.exp((low + high) / 2)


def cross_fitted(
    probabilities: NDArray[np.floating], truth: NDArray[np.integer], seed: int = 0
) -> tuple[Calibration, NDArray[np.float64]]:
    """What a temperature does, and the tempered probabilities (n, classes), each by the other half's temperature."""
    if len(probabilities) != len(truth):
        raise CalibrationError(f"each picture has one right answer, got {len(probabilities)} and {len(truth)}")
    order = np.random.default_rng(seed).permutation(len(truth))
    halves = order[::2], order[1::2]
    one, other = (fit_temperature(probabilities[rows], truth[rows]) for rows in halves)
    after = np.empty(probabilities.shape, dtype=np.float64)
    for rows, temperature in zip(halves, (other, one), strict=True):
        after[rows] = tempered(probabilities[rows], temperature)
    errors = [_mean_error(each, truth, halves) for each in (probabilities, after)]
    return Calibration(fit_temperature(probabilities, truth), (one, other), *errors), after


def _mean_error(
    probabilities: NDArray[np.floating], truth: NDArray[np.integer], halves: Sequence[NDArray[np.integer]]
) -> float:
    """Of the halves, each weighing as many pictures as it has."""
    total = sum(len(rows) * expected_error(reliability(probabilities[rows], truth[rows])) for rows in halves)
    return total / max(1, len(truth))


def _surprise(probabilities: NDArray[np.floating], truth: NDArray[np.integer], temperature: float) -> float:
    """The mean of −log p(truth) under a temperature."""
    scaled = _logarithms(probabilities) / temperature
    highest = scaled.max(axis=1)
    total = highest + np.log(np.exp(scaled - highest[:, np.newaxis]).sum(axis=1))
    return float((total - scaled[np.arange(len(truth)), truth]).mean())


def _logarithms(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.log(np.clip(probabilities.astype(np.float64), LEAST, None))
