"""Steadies the scores of one track."""

from __future__ import annotations

import math
from datetime import datetime

from model_zoo.emotions import EmotionScores


class Smoother:
    """Exponential smoothing by elapsed time: after `time_constant` seconds 63 % of a change is through.

    By time, not by frame: a stream that drops frames is not slower to follow a face.
    """

    def __init__(self, time_constant: float) -> None:
        self.time_constant = time_constant
        self._scores: EmotionScores | None = None
        self._at: datetime | None = None

    def steady(self, scores: EmotionScores, at: datetime) -> EmotionScores:
        """The smoothed scores; each track has a smoother of its own, so a new one starts afresh."""
        if self._scores is None or self._at is None or self.time_constant == 0:
            result = scores
        else:
            elapsed = max(0.0, (at - self._at).total_seconds())
            keep = math.exp(-elapsed / self.time_constant)
            pairs = zip(self._scores.probabilities, scores.probabilities, strict=True)
            result = EmotionScores.of(keep * old + (1 - keep) * new for old, new in pairs)
        self._scores, self._at = result, at
        return result
