from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.preprocessing import centre_crop, cut_square, standardise


def gradient(width: int = 200, height: int = 160) -> NDArray[np.uint8]:
    """Brighter to the right, constant downwards."""
    return np.tile(np.linspace(0, 199, width).astype(np.uint8), (height, 1))


def test_a_cut_of_equal_size_is_the_region_itself() -> None:
    image = np.random.default_rng(0).integers(0, 256, (100, 120), dtype=np.uint8)
    # Pixels 30 to 77 have their middle at 53.5.
    cut = cut_square(image, (53.5, 43.5), side=48, size=48)
    assert np.array_equal(cut, image[20:68, 30:78])


def test_a_larger_square_is_averaged_down() -> None:
    image = np.zeros((200, 200), dtype=np.uint8)
    image[::2] = 200
    cut = cut_square(image, (99.5, 99.5), side=96, size=48)
    assert cut.shape == (48, 48)
    assert np.all(np.abs(cut.astype(int) - 100) <= 1)


def test_a_smaller_square_is_stretched() -> None:
    cut = cut_square(gradient(), (100, 80), side=24, size=48)
    assert cut.shape == (48, 48)
    assert cut[0, 0] == pytest.approx(100 - 12, abs=1.5)
    assert cut[0, -1] == pytest.approx(100 + 12, abs=1.5)


def test_beyond_the_edge_its_last_pixels_go_on() -> None:
    cut = cut_square(gradient(), (0, 0), side=48, size=48)
    assert np.all(cut[:, :24] == 0)
    assert cut[0, 47] > 20


def test_a_square_wholly_outside_is_still_a_picture() -> None:
    assert np.all(cut_square(gradient(), (1000, 1000), side=48, size=48) == 199)


def test_a_turned_square_shows_the_picture_turned_back() -> None:
    cut = cut_square(gradient(), (100, 80), side=48, size=48, angle=90)
    assert np.ptp(cut, axis=1).max() <= 1
    rows = cut.mean(axis=1)
    assert np.all(np.diff(rows) < 0) or np.all(np.diff(rows) > 0)


def test_colour_becomes_grey_as_eyes_weigh_it() -> None:
    image = np.zeros((60, 60, 3), dtype=np.uint8)
    image[..., 1] = 200
    cut = cut_square(image, (30, 30), side=48, size=48)
    assert cut.shape == (48, 48)
    assert cut[0, 0] == pytest.approx(0.587 * 200, abs=1)


def test_the_network_sees_the_middle_standardised() -> None:
    images = np.arange(2 * 48 * 48, dtype=np.uint32).reshape(2, 48, 48).astype(np.uint8)
    crops = centre_crop(images, 44)
    assert np.array_equal(crops, images[:, 2:46, 2:46])
    batch = standardise(crops, mean=100, deviation=50)
    assert batch.shape == (2, 44, 44, 1)
    assert batch.dtype == np.float32
    assert batch[0, 0, 0, 0] == pytest.approx((float(images[0, 2, 2]) - 100) / 50)
