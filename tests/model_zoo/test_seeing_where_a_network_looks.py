"""Hiding parts of a face tells where a network looked."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.explaining.occlusion import occlusion

Cut = NDArray[np.uint8]


def brightness_of_a_corner(cuts: list[Cut]) -> NDArray[np.float64]:
    """A "network" that looks at the upper left quarter alone."""
    return np.array([cut[:22, :22].mean() / 255 for cut in cuts])


def face() -> Cut:
    cut = np.zeros((44, 44), np.uint8)
    cut[:22, :22] = 255
    return cut


def test_it_is_high_where_the_network_looks_and_zero_elsewhere() -> None:
    looked = occlusion(brightness_of_a_corner, face())
    assert looked.shape == (44, 44)
    assert looked.max() == 1
    assert looked[:22, :22].mean() > 0.5
    assert looked[36:, 36:].max() == 0


def test_a_network_that_sees_nothing_looks_nowhere() -> None:
    assert not occlusion(lambda cuts: np.full(len(cuts), 1 / 7), face()).any()


def test_every_pixel_is_hidden_at_least_once() -> None:
    cuts: list[Cut] = []

    def remember(given: list[Cut]) -> NDArray[np.float64]:
        cuts.extend(given)
        return np.zeros(len(given))

    occlusion(remember, np.arange(45 * 45, dtype=np.uint32).reshape(45, 45).astype(np.uint8), patch=10, step=7)
    assert np.any([cut != cuts[0] for cut in cuts[1:]], axis=0).mean() > 0.99


@pytest.mark.parametrize(("patch", "step"), [(0, 4), (45, 4), (12, 0)])
def test_a_patch_that_does_not_fit_is_refused(patch: int, step: int) -> None:
    with pytest.raises(ValueError, match="a patch that fits"):
        occlusion(brightness_of_a_corner, face(), patch, step)
