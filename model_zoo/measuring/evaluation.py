"""How well a network names emotions: every figure with its formula."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS
from model_zoo.errors import ModelZooError
from model_zoo.measuring.calibration import expected_error, reliability

# The normal distribution's 97.5 % point.
Z95 = 1.959963984540054


class EvaluationError(ModelZooError):
    """Probabilities and labels that cannot be compared; the message says what came and what is allowed."""


@dataclass(frozen=True)
class LabelScore:
    """`recall` = right / pictures of the label, `precision` = right / times the label was named,
    `f1` = 2 · recall · precision / (recall + precision); 0 where the divisor is 0."""

    count: int
    recall: float
    precision: float
    f1: float


@dataclass(frozen=True)
class Evaluation:
    """Scores of `n` pictures, each a part of 1.

    - `accuracy`: right / n, with `interval95` after Wilson (1927):
      (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
    - `balanced_accuracy`: mean recall, `macro_f1`: mean f1, over the labels that have pictures.
    - `top2_accuracy`: the label is one of the two likeliest.
    - `ece`, the expected calibration error (Guo et al. 2017): 15 bins of equal width by the winner's
      probability; Σ bin size / n · |accuracy of the bin − mean probability in it|.
    - `confusion[label][named]`: counts, in the order of `Emotion`.
    """

    n: int
    accuracy: float
    interval95: tuple[float, float]
    macro_f1: float
    balanced_accuracy: float
    top2_accuracy: float
    ece: float
    per_label: Mapping[str, LabelScore]
    confusion: tuple[tuple[int, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Evaluation:
        """The inverse of `to_dict`, also after a way through JSON."""
        per_label = {label: LabelScore(**score) for label, score in kept["per_label"].items()}
        low, high = kept["interval95"]
        confusion = tuple(tuple(row) for row in kept["confusion"])
        return cls(**{**kept, "per_label": per_label, "interval95": (low, high), "confusion": confusion})


def evaluate(probabilities: NDArray[np.floating], labels: Sequence[str]) -> Evaluation:
    """Compares (n, 7) probabilities with n labels. Raises EvaluationError when they do not match."""
    truth = indices(labels)
    if probabilities.shape != (len(truth), len(EMOTIONS)) or not len(truth):
        raise EvaluationError(
            f"probabilities are (n, {len(EMOTIONS)}) for n > 0 labels, "
            f"got {probabilities.shape} for {len(truth)} labels"
        )
    if not np.isfinite(probabilities).all():
        raise EvaluationError("a probability lies between 0 and 1, got one that is not a number")
    ranked = np.argsort(-probabilities, axis=1, kind="stable")
    named = ranked[:, 0]
    right = named == truth
    confusion = np.zeros((len(EMOTIONS), len(EMOTIONS)), dtype=np.int64)
    np.add.at(confusion, (truth, named), 1)
    per_label = _per_label(confusion)
    shown = [score for score in per_label.values() if score.count]
    return Evaluation(
        n=len(truth),
        accuracy=float(right.mean()),
        interval95=wilson(int(right.sum()), len(truth)),
        macro_f1=float(np.mean([score.f1 for score in shown])),
        balanced_accuracy=float(np.mean([score.recall for score in shown])),
        top2_accuracy=float((ranked[:, :2] == truth[:, np.newaxis]).any(axis=1).mean()),
        ece=expected_error(reliability(probabilities, truth)),
        per_label=per_label,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of `right` out of `n`; the formula stands at `Evaluation`."""
    share, square = right / n, Z95 * Z95
    middle = share + square / (2 * n)
    reach = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def indices(labels: Sequence[str]) -> NDArray[np.int64]:
    """Places in `EMOTIONS`. Raises EvaluationError for a word that is none of them."""
    unknown = sorted(set(labels) - set(EMOTIONS))
    if unknown:
        raise EvaluationError(f"a label is one of {', '.join(EMOTIONS)}, got {', '.join(map(repr, unknown))}")
    order = {emotion.value: index for index, emotion in enumerate(EMOTIONS)}
    return np.array([order[label] for label in labels], dtype=np.int64)


def label_shares(labels: Sequence[str]) -> NDArray[np.float64]:
    """(7,): how many of `labels` are each emotion, together 1. Raises EvaluationError as `indices`."""
    return np.bincount(indices(labels), minlength=len(EMOTIONS)) / len(labels)


def _per_label(confusion: NDArray[np.int64]) -> dict[str, LabelScore]:
    scores = {}
    for index, emotion in enumerate(EMOTIONS):
        right, count = int(confusion[index, index]), int(confusion[index].sum())
        named = int(confusion[:, index].sum())
        # 2·r·p / (r + p) with r = right/count and p = right/named, cleared of its fractions.
        f1 = 2 * right / (count + named) if count + named else 0.0
        scores[emotion.value] = LabelScore(count, right / count if count else 0.0, right / named if named else 0.0, f1)
    return scores
