from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.measuring.calibration import (
    COLDEST,
    CalibrationError,
    cross_fitted,
    expected_error,
    fit_temperature,
    reliability,
    tempered,
)


def said_and_true(count: int, temperature: float, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Probabilities of which exactly `temperature` makes those that the right answers were drawn from."""
    random = np.random.default_rng(seed)
    honest = random.dirichlet(np.full(7, 0.5), count)
    truth = np.array([random.choice(7, p=row) for row in honest])
    return tempered(honest, 1 / temperature), truth


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_by_which_a_network_is_too_sure_is_found(temperature: float) -> None:
    probabilities, truth = said_and_true(20_000, temperature)
    assert fit_temperature(probabilities, truth) == pytest.approx(temperature, rel=0.03)


def test_no_other_temperature_surprises_less() -> None:
    probabilities, truth = said_and_true(500, 1.7)

    def surprise(temperature: float) -> float:
        return float(-np.log(tempered(probabilities, temperature)[np.arange(500), truth]).mean())

    best = fit_temperature(probabilities, truth)
    assert all(surprise(best) <= surprise(best * factor) for factor in (0.9, 0.99, 1.01, 1.1))


def test_a_temperature_changes_how_sure_but_not_what_is_named() -> None:
    probabilities, _ = said_and_true(100, 1)
    for temperature in (0.3, 1.0, 4.0):
        scaled = tempered(probabilities, temperature)
        np.testing.assert_allclose(scaled.sum(axis=1), 1)
        assert np.array_equal(scaled.argmax(axis=1), probabilities.argmax(axis=1))
    np.testing.assert_allclose(tempered(probabilities, 1), probabilities, atol=1e-9)
    assert tempered(probabilities, 4).max() < probabilities.max() < tempered(probabilities, 0.3).max() + 1e-9


def test_scaling_mends_a_network_that_is_too_sure() -> None:
    probabilities, truth = said_and_true(4000, 3)
    calibration, after = cross_fitted(probabilities, truth)
    assert expected_error(reliability(probabilities, truth)) > 0.15
    assert calibration.ece_after_temperature < 0.04
    assert expected_error(reliability(after, truth)) < 0.04
    assert calibration.temperature == pytest.approx(3, rel=0.1)


def test_each_half_is_scaled_by_the_temperature_of_the_other() -> None:
    probabilities, truth = said_and_true(400, 2)
    calibration, after = cross_fitted(probabilities, truth)
    first, second = (tempered(probabilities, each) for each in calibration.halves)
    by_first = np.isclose(after, first).all(axis=1)
    by_second = np.isclose(after, second).all(axis=1)
    assert by_first.sum() == by_second.sum() == 200
    assert not (by_first & by_second).any()
    # The half that was scaled by the second's temperature is the one that the first was fitted on.
    assert fit_temperature(probabilities[by_second], truth[by_second]) == pytest.approx(calibration.halves[0])
    assert fit_temperature(probabilities[by_first], truth[by_first]) == pytest.approx(calibration.halves[1])
    parts = [expected_error(reliability(after[rows], truth[rows])) for rows in (by_first, by_second)]
    assert calibration.ece_after_temperature == pytest.approx(np.mean(parts))
    parts = [expected_error(reliability(probabilities[rows], truth[rows])) for rows in (by_first, by_second)]
    assert calibration.ece_before_temperature == pytest.approx(np.mean(parts))


def test_the_halves_are_the_same_each_time() -> None:
    probabilities, truth = said_and_true(60, 2)
    assert cross_fitted(probabilities, truth)[0] == cross_fitted(probabilities, truth)[0]
    assert cross_fitted(probabilities, truth)[0] != cross_fitted(probabilities, truth, seed=1)[0]


def test_a_bin_counts_its_pictures_and_those_named_rightly() -> None:
    rows = np.zeros((3, 7))
    rows[:, 0] = (0.52, 0.54, 0.91)
    rows[:, 1] = 1 - rows[:, 0]
    low, high = reliability(rows, np.array([0, 1, 0]), bins=10)
    assert (low.lower, low.upper, low.count, low.right) == (0.5, 0.6, 2, 1)
    assert low.confidence == pytest.approx(0.53)
    assert low.gap == pytest.approx(0.03)
    assert (high.count, high.accuracy) == (1, 1.0)
    assert expected_error((low, high)) == pytest.approx(2 / 3 * 0.03 + 1 / 3 * 0.09)


def test_a_network_that_is_always_right_is_cooled_to_the_end_of_the_range() -> None:
    sure = np.full((7, 7), 0.05) + 0.65 * np.eye(7)
    assert fit_temperature(sure, np.arange(7)) == pytest.approx(COLDEST, rel=0.01)


def test_one_picture_is_left_as_it_is() -> None:
    calibration, after = cross_fitted(np.full((1, 7), 1 / 7), np.array([3]))
    assert calibration.halves[1] == 1
    np.testing.assert_allclose(after, 1 / 7)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_is_none_is_refused(temperature: float) -> None:
    with pytest.raises(CalibrationError, match=f"a temperature is above 0, got {temperature}"):
        tempered(np.full((1, 7), 1 / 7), temperature)


def test_answers_without_pictures_are_refused() -> None:
    with pytest.raises(CalibrationError, match="got 2 and 3"):
        cross_fitted(np.full((2, 7), 1 / 7), np.array([1, 2, 3]))
