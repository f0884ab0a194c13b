"""The seven emotions and what a network says of them.

The order of `Emotion` is the order of every network's outputs (FER2013's labels 0 to 6).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Emotion(StrEnum):
    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)
NEGATIVE: tuple[Emotion, ...] = (Emotion.ANGRY, Emotion.DISGUST, Emotion.FEAR, Emotion.SAD)

EMOJI = {
    Emotion.ANGRY: "😠",
    Emotion.DISGUST: "🤢",
    Emotion.FEAR: "😨",
    Emotion.HAPPY: "😀",
    Emotion.SAD: "😢",
    Emotion.SURPRISE: "😮",
    Emotion.NEUTRAL: "😐",
}
"""The same as in the dashboard, held by a test."""

# Probabilities are kept with 4 decimals, so seven of them may miss 1 by 7 x 0.00005.
SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class EmotionScores:
    """One probability per emotion, in the order of `Emotion`; they add up to 1.

    Raises ValueError for a wrong count, a value outside 0 to 1, or a sum that is not 1.
    """

    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        values = self.probabilities
        if len(values) != len(EMOTIONS):
            raise ValueError(f"EmotionScores takes {len(EMOTIONS)} probabilities, got {len(values)}: {values!r}")
        if not all(math.isfinite(value) and -1e-6 <= value <= 1 + 1e-6 for value in values):
            raise ValueError(f"a probability lies between 0 and 1, got {values!r}")
        if abs(sum(values) - 1) > SUM_TOLERANCE:
            raise ValueError(f"probabilities add up to 1, these to {sum(values):.4f}: {values!r}")

    def __getitem__(self, emotion: Emotion) -> float:
        return self.probabilities[EMOTIONS.index(emotion)]

    def top(self, count: int) -> tuple[tuple[Emotion, float], ...]:
        """The `count` likeliest emotions with their probabilities, the likeliest first."""
        ranked = sorted(zip(EMOTIONS, self.probabilities, strict=True), key=lambda pair: -pair[1])
        return tuple(ranked[:count])

    @property
    def mood(self) -> float:
        """p(happy) − max(p(angry), p(disgust), p(fear), p(sad)), in −1…1."""
        return self[Emotion.HAPPY] - max(self[emotion] for emotion in NEGATIVE)

    @classmethod
    def of(cls, values: Iterable[float]) -> EmotionScores:
        """Scores from any row of seven numbers, scaled to add up to exactly 1."""
        given = [float(value) for value in values]
        row = [max(0.0, value) for value in given]  # which makes a zero of what is no number
        total = sum(row)
        if not all(map(math.isfinite, given)) or total <= 0:
            raise ValueError(f"seven probabilities with a positive sum are needed, got {given!r}")
        return cls(tuple(value / total for value in row))

    @classmethod
    def mean(cls, scores: Sequence[EmotionScores]) -> EmotionScores:
        """The mean of one or more scores. Raises ValueError for none."""
        if not scores:
            raise ValueError("the mean of no scores is not defined")
        columns = zip(*(score.probabilities for score in scores), strict=True)
        return cls.of(sum(column) for column in columns)
