from __future__ import annotations

import numpy as np
import pytest

from monitor.domain import Picture
from monitor.vision.picture import FROZEN_AFTER_S, PictureCheck
from tests.faces import noisy, picture
from tests.lesson import second

FACE = picture((40, 0, 240))


def test_a_picture_of_a_camera_is_fine() -> None:
    check = PictureCheck()
    for number in range(60):
        assert check.look(noisy(FACE, number), second(number)) is Picture.FINE


@pytest.mark.parametrize("grey", [0, 5, 14])
def test_a_covered_camera_is_black(grey: int) -> None:
    assert PictureCheck().look(np.full((240, 320, 3), grey, np.uint8), second(0)) is Picture.BLACK


def test_a_dim_room_with_a_face_is_not_black() -> None:
    assert PictureCheck().look((FACE // 8), second(0)) is Picture.FINE


def test_a_picture_that_stands_still_is_frozen_until_it_moves() -> None:
    check = PictureCheck()
    looks = [check.look(FACE, second(at)) for at in (0, FROZEN_AFTER_S - 0.1, FROZEN_AFTER_S, 60)]
    assert looks == [Picture.FINE, Picture.FINE, Picture.FROZEN, Picture.FROZEN]
    assert check.look(noisy(FACE, 1), second(61)) is Picture.FINE


def test_another_size_is_another_picture() -> None:
    check = PictureCheck()
    check.look(FACE, second(0))
    assert check.look(picture((40, 0, 200), width=640, height=480), second(30)) is Picture.FINE


def test_a_one_pixel_picture_breaks_nothing() -> None:
    assert PictureCheck().look(np.zeros((1, 1, 3), np.uint8), second(0)) is Picture.BLACK
