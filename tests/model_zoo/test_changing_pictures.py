from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.learning.augmentation import NO_AUGMENTATION, Augmentation, augment
from model_zoo.preprocessing import centre_crop, standardise

MEAN, DEVIATION = 120.0, 60.0


def noise(count: int = 3) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 256, (count, 48, 48), dtype=np.uint8)


def changed(images: NDArray[np.uint8], how: Augmentation, seed: int = 0, side: int = 44) -> NDArray[np.float32]:
    return augment(images, 44, side, MEAN, DEVIATION, how, np.random.default_rng(seed))


@pytest.mark.parametrize("side", [28, 44])
def test_a_batch_keeps_its_count_and_gets_the_side_asked_for(side: int) -> None:
    batch = changed(noise(), Augmentation(), side=side)
    assert batch.shape == (3, side, side, 1)
    assert batch.dtype == np.float32


def test_switched_off_it_is_what_the_live_path_sees() -> None:
    images = noise()
    plain = standardise(centre_crop(images, 44), MEAN, DEVIATION)
    np.testing.assert_allclose(changed(images, NO_AUGMENTATION), plain, atol=1e-6)


def test_a_certain_flip_mirrors_left_and_right() -> None:
    images = noise()
    mirrored = changed(images, Augmentation(0, 0, 0, flip=1, light=0, erase=0))
    np.testing.assert_allclose(mirrored, changed(images, NO_AUGMENTATION)[:, :, ::-1], atol=1e-6)


def test_a_seed_gives_the_same_changes_again() -> None:
    images = noise()
    assert np.array_equal(changed(images, Augmentation(), seed=1), changed(images, Augmentation(), seed=1))
    assert not np.array_equal(changed(images, Augmentation(), seed=1), changed(images, Augmentation(), seed=2))


def test_a_certain_erasing_changes_one_part_and_leaves_the_rest() -> None:
    images = noise()
    erased = changed(images, Augmentation(0, 0, 0, 0, 0, erase=1)) != changed(images, NO_AUGMENTATION)
    for share in erased.mean(axis=(1, 2, 3)):
        assert 0.01 < share < 0.25


def test_a_shear_lets_upright_lines_lean_and_keeps_level_ones_level() -> None:
    lines = np.zeros((48, 48), dtype=np.uint8)
    lines[:, 24] = 255
    level = np.zeros((48, 48), dtype=np.uint8)
    level[24] = 255
    how = replace(NO_AUGMENTATION, shear=30.0)
    leaning, still = changed(np.stack([lines, level]), how, seed=3)[..., 0]
    assert leaning[5].argmax() != leaning[-5].argmax()
    assert np.array_equal(still.argmax(axis=0), np.full(44, 22))


def test_light_is_one_factor_and_one_summand_for_a_picture() -> None:
    images = noise(1)
    before = changed(images, NO_AUGMENTATION).ravel()
    after = changed(images, Augmentation(0, 0, 0, 0, light=0.3, erase=0)).ravel()
    factor, summand = np.polyfit(before, after, 1)
    np.testing.assert_allclose(after, factor * before + summand, atol=1e-4)
    assert 0.7 <= factor <= 1.3
    assert -0.3 <= summand <= 0.3


def test_a_probability_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="flip is a probability between 0 and 1, got 2"):
        Augmentation(flip=2)
