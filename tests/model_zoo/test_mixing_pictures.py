from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.learning.augmentation import NO_AUGMENTATION, Augmentation
from model_zoo.learning.batches import Batches
from model_zoo.learning.mixing import cutmix, mix, mixup
from tests.model_zoo import tiny

COUNT, SIDE = 7, 20
MIXUP, CUTMIX = replace(NO_AUGMENTATION, mixup=1.0), replace(NO_AUGMENTATION, cutmix=1.0)
Pair = tuple[NDArray[np.float32], NDArray[np.float32]]


def batch() -> Pair:
    """A picture of its own number everywhere, and its own label."""
    pictures = np.arange(1, COUNT + 1, dtype=np.float32).reshape(-1, 1, 1, 1)
    return np.tile(pictures, (1, SIDE, SIDE, 1)), np.eye(COUNT, dtype=np.float32)


def mixed(how: Augmentation, seed: int) -> Pair:
    return mix(*batch(), how, np.random.default_rng(seed))


@pytest.mark.parametrize("how", [MIXUP, CUTMIX], ids=["mixup", "cutmix"])
@pytest.mark.parametrize("seed", range(5))
def test_shapes_stay_and_each_label_still_weighs_one(how: Augmentation, seed: int) -> None:
    pictures, targets = mixed(how, seed)
    assert pictures.shape == (COUNT, SIDE, SIDE, 1)
    assert pictures.dtype == targets.dtype == np.float32
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(targets.sum(axis=0), 1, rtol=1e-6)  # each picture is a partner once
    assert targets.min() >= 0


@pytest.mark.parametrize("how", [MIXUP, CUTMIX], ids=["mixup", "cutmix"])
@pytest.mark.parametrize("seed", range(5))
def test_a_label_weighs_what_is_seen_of_its_picture(how: Augmentation, seed: int) -> None:
    pictures, targets = mixed(how, seed)
    said = targets @ np.arange(1, COUNT + 1, dtype=np.float32)
    np.testing.assert_allclose(pictures.mean(axis=(1, 2, 3)), said, rtol=1e-5)


def test_mixup_lays_whole_pictures_over_each_other() -> None:
    pictures, _ = mixup(*batch(), 1.0, np.random.default_rng(0))
    np.testing.assert_allclose(np.ptp(pictures, axis=(1, 2, 3)), 0, atol=1e-6)
    assert len(np.unique(pictures)) > 1


def test_cutmix_sets_one_rectangle_of_a_partner_into_each_picture() -> None:
    before, targets = batch()
    after, _ = cutmix(before, targets, 1.0, np.random.default_rng(1))
    strange = (after != before)[..., 0]
    places = [np.argwhere(each) for each in strange if each.any()]
    assert places
    for each in places:
        height, width = np.ptp(each, axis=0) + 1
        assert height * width == len(each)
    assert np.array_equal(before, batch()[0])


@pytest.mark.parametrize("how", [MIXUP, CUTMIX], ids=["mixup", "cutmix"])
def test_a_seed_mixes_the_same_again(how: Augmentation) -> None:
    for one, other in zip(mixed(how, 3), mixed(how, 3), strict=True):
        assert np.array_equal(one, other)
    assert not np.array_equal(mixed(how, 3)[0], mixed(how, 4)[0])


def test_the_shares_are_those_of_the_batches() -> None:
    how = replace(NO_AUGMENTATION, mixup=0.25, cutmix=0.5, mixup_alpha=1.0)
    ways = {"left": 0, "mixup": 0, "cutmix": 0}
    for seed in range(400):
        pictures, targets = mixed(how, seed)
        if np.array_equal(targets, np.eye(COUNT)):
            ways["left"] += 1
        else:
            ways["mixup" if np.ptp(pictures, axis=(1, 2, 3)).max() < 1e-6 else "cutmix"] += 1
    assert ways["mixup"] / 400 == pytest.approx(0.25, abs=0.07)
    assert ways["cutmix"] / 400 == pytest.approx(0.5, abs=0.08)


def test_switched_off_a_batch_and_the_draws_after_it_stay_as_they_were() -> None:
    random = np.random.default_rng(0)
    pictures, targets = mix(*batch(), NO_AUGMENTATION, random)
    assert np.array_equal(pictures, batch()[0])
    assert np.array_equal(targets, batch()[1])
    assert random.random() == np.random.default_rng(0).random()


def test_an_epoch_is_mixed_alike_whenever_it_is_reached(tmp_path: Path) -> None:
    training, _ = tiny.pictures(tmp_path)
    recipe = replace(tiny.RECIPE, augmentation=Augmentation(mixup=0.5, cutmix=0.5))
    one, other = (Batches(training, recipe, tiny.SIDE, (128.0, 64.0), seed=0) for _ in range(2))
    other.start_epoch(1)
    other.start_epoch(0)
    for mine, yours in zip(one[1], other[1], strict=True):
        assert np.array_equal(mine, yours)
    np.testing.assert_allclose(one[0][1].sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"mixup": 1.5}, "mixup is a probability between 0 and 1, got 1.5"),
        ({"mixup": 0.6, "cutmix": 0.6}, "add up to 1 at most, got 0.6 and 0.6"),
        ({"mixup_alpha": 0.0}, "mixup_alpha is above 0, got 0.0"),
        ({"shear": 90.0}, "shear is 0 to under 90 degrees, got 90.0"),
    ],
)
def test_a_way_to_mix_that_cannot_be_is_refused(wrong: dict[str, float], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Augmentation(**wrong)
