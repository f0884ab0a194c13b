from __future__ import annotations

import math

import pytest

from data.fer2013 import LABELS
from model_zoo.emotions import EMOTIONS, Emotion, EmotionScores

SURE_HAPPY = EmotionScores((0, 0, 0, 1, 0, 0, 0))
SURE_SAD = EmotionScores((0, 0, 0, 0, 1, 0, 0))


def test_the_order_is_that_of_the_labels() -> None:
    assert EMOTIONS == LABELS


def test_each_emotion_has_its_probability() -> None:
    scores = EmotionScores((0.1, 0.0, 0.2, 0.3, 0.15, 0.05, 0.2))
    assert scores[Emotion.HAPPY] == 0.3
    assert scores.top(2) == ((Emotion.HAPPY, 0.3), (Emotion.FEAR, 0.2))


def test_mood_is_happy_less_the_strongest_negative() -> None:
    assert EmotionScores((0.1, 0.0, 0.2, 0.3, 0.15, 0.05, 0.2)).mood == pytest.approx(0.1)
    assert SURE_HAPPY.mood == 1
    assert SURE_SAD.mood == -1


def test_a_mean_mixes_its_parts_evenly() -> None:
    mixed = EmotionScores.mean([SURE_HAPPY, SURE_SAD])
    assert mixed[Emotion.HAPPY] == mixed[Emotion.SAD] == 0.5
    with pytest.raises(ValueError, match="mean of no scores"):
        EmotionScores.mean([])


def test_any_row_with_a_positive_sum_becomes_scores() -> None:
    assert EmotionScores.of([2, 0, 0, 2, 0, 0, 0])[Emotion.ANGRY] == 0.5
    with pytest.raises(ValueError, match="positive sum"):
        EmotionScores.of([0] * 7)
    with pytest.raises(ValueError, match="positive sum"):
        EmotionScores.of([math.nan, 1, 0, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((1.0,), "takes 7 probabilities, got 1"),
        ((1.5, -0.5, 0, 0, 0, 0, 0), "between 0 and 1"),
        ((math.nan, 1, 0, 0, 0, 0, 0), "between 0 and 1"),
        ((0.5, 0, 0, 0, 0, 0, 0), "add up to 1, these to 0.5"),
    ],
)
def test_what_is_no_distribution_is_refused(values: tuple[float, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        EmotionScores(values)
