from __future__ import annotations

import json
from dataclasses import astuple

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.measuring.evaluation import Evaluation, EvaluationError, evaluate, wilson

ANGRY, DISGUST, FEAR, HAPPY, SAD, SURPRISE, NEUTRAL = range(7)


def sure_of(*named: int, probability: float = 0.7, second: int = NEUTRAL) -> NDArray[np.float64]:
    """A row for each: `probability` on the named, all the rest on `second`."""
    rows = np.zeros((len(named), 7))
    rows[:, second] = 1 - probability
    rows[np.arange(len(named)), named] = probability
    return rows


def test_each_figure_is_what_its_formula_gives_by_hand() -> None:
    # Happy: two of three right; sad: one of one; fear: named sad. No picture of the other four.
    labels = ["happy", "happy", "happy", "sad", "fear"]
    scores = evaluate(sure_of(HAPPY, HAPPY, SAD, SAD, SAD), labels)
    assert scores.n == 5
    assert scores.accuracy == pytest.approx(3 / 5)
    assert scores.balanced_accuracy == pytest.approx((2 / 3 + 1 + 0) / 3)
    happy, sad, fear = (scores.per_label[label] for label in ("happy", "sad", "fear"))
    assert astuple(happy) == pytest.approx((3, 2 / 3, 1, 0.8))
    assert astuple(sad) == pytest.approx((1, 1, 1 / 3, 0.5))
    assert astuple(fear) == (1, 0, 0, 0)
    assert scores.macro_f1 == pytest.approx((0.8 + 0.5 + 0) / 3)
    assert scores.confusion[HAPPY] == (0, 0, 0, 2, 1, 0, 0)
    assert scores.confusion[FEAR] == (0, 0, 0, 0, 1, 0, 0)


def test_top_two_counts_the_second_likeliest() -> None:
    scores = evaluate(sure_of(HAPPY, HAPPY, HAPPY, second=FEAR), ["happy", "fear", "sad"])
    assert scores.accuracy == pytest.approx(1 / 3)
    assert scores.top2_accuracy == pytest.approx(2 / 3)


def test_calibration_error_is_the_gap_between_belief_and_truth() -> None:
    # Four said with 0.7, half of them right; two said with 0.9, both right.
    rows = np.vstack([sure_of(HAPPY, HAPPY, SAD, SAD), sure_of(FEAR, FEAR, probability=0.9)])
    labels = ["happy", "happy", "angry", "angry", "fear", "fear"]
    assert evaluate(rows, labels).ece == pytest.approx(4 / 6 * 0.2 + 2 / 6 * 0.1)


def test_a_sure_and_right_network_is_perfectly_calibrated() -> None:
    scores = evaluate(np.eye(7), ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"])
    assert scores.ece == 0
    assert scores.accuracy == scores.macro_f1 == scores.balanced_accuracy == 1


def test_the_interval_is_wilsons() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 81 of 263 gives 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    low, high = wilson(2584, 3589)
    assert high - low == pytest.approx(0.03, abs=0.001)


def test_an_evaluation_survives_json() -> None:
    scores = evaluate(sure_of(HAPPY, SAD), ["happy", "fear"])
    assert Evaluation.from_dict(json.loads(json.dumps(scores.to_dict()))) == scores


@pytest.mark.parametrize(
    ("rows", "labels", "reason"),
    [
        (np.eye(7), ["happy"], r"got \(7, 7\) for 1 labels"),
        (np.zeros((1, 3)), ["happy"], r"got \(1, 3\) for 1 labels"),
        (np.zeros((0, 7)), [], "n > 0 labels"),
        (np.eye(7)[:1], ["bored"], "got 'bored'"),
        (np.full((1, 7), np.nan), ["happy"], "not a number"),
    ],
)
def test_what_does_not_belong_together_is_refused(rows: NDArray[np.float64], labels: list[str], reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason):
        evaluate(rows, labels)
