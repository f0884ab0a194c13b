"""Where a face is looked for in a student's own pictures: thoroughly where that pays, with a glance where nobody is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from monitor.domain import Box, Face, Image, Square
from monitor.vision.detection import YuNet, quarter_turned
from monitor.vision.lookout import GONE_AFTER_S, THOROUGH_EVERY, USUAL_CLASS, Lookout
from monitor.vision.yunet import SIZES, ByOpenCV
from tests.conftest import shared_path
from tests.faces import noisy, picture
from tests.lesson import second
from tests.yunet import yunet_of_one_size

EMPTY = np.full((240, 320, 3), 120, np.uint8)
NEAR, FAR = picture((60, 0, 240)), picture((500, 200, 90), width=640, height=480)
FPS = 5


@dataclass
class Counted:
    """The looks of a detector that finds a face of this confidence in pictures that are bright."""

    confidence: float = 0.9
    looks: list[str] = field(default_factory=list)
    name: str = "counted"

    def detect(self, image: Image, crowd: bool = False) -> list[Face]:
        return self._found("thorough", image)

    def glance(self, image: Image) -> list[Face]:
        return self._found("glance", image)

    def _found(self, how: str, image: Image) -> list[Face]:
        self.looks.append(how)
        there = image.mean() > 200
        return [Face(Box(10, 10, 30, 40), self.confidence, Square((25, 30), 40))] if there else []


@pytest.fixture(scope="module")
def yunet() -> YuNet:
    return YuNet(shared_path("YUNET"))


def looked(
    lookout: Lookout, detector: Counted, image: Image, begin: float, seconds: float, cameras: int = 1
) -> list[str]:
    """What looks were taken at frames of this picture."""
    detector.looks.clear()
    for number in range(round(FPS * seconds)):
        lookout.look(detector, image, second(begin + number / FPS), cameras)
    return list(detector.looks)


def test_a_face_that_is_there_costs_one_look_a_frame_and_three_more_in_ten_seconds() -> None:
    lookout, detector, bright = Lookout(), Counted(), np.full_like(EMPTY, 250)
    looked(lookout, detector, bright, 0, 1)
    assert looked(lookout, detector, bright, 1, 20).count("thorough") == 20 * FPS
    assert detector.looks.count("glance") == 2 * 3


def test_where_nobody_is_a_frame_gets_a_glance_and_a_second_a_thorough_look() -> None:
    lookout, detector = Lookout(), Counted()
    looks = looked(lookout, detector, EMPTY, 0, 10)
    whole_rounds = 10 / THOROUGH_EVERY
    assert looks.count("thorough") == pytest.approx(10 + 3 * whole_rounds, abs=3)
    assert looks.count("glance") == pytest.approx(10 * (FPS - 1) + 3 * (10 - whole_rounds), abs=3)


def test_twice_as_many_cameras_as_a_class_has_are_each_looked_at_half_as_thoroughly() -> None:
    lookout, detector = Lookout(), Counted()
    looks = looked(lookout, detector, EMPTY, 0, 20, cameras=2 * USUAL_CLASS)
    whole_rounds = 10 / THOROUGH_EVERY
    assert looks.count("thorough") == pytest.approx(10 + 3 * whole_rounds, abs=3)
    bright = np.full_like(EMPTY, 250)
    looked(lookout, detector, bright, 20, 1, cameras=2 * USUAL_CLASS)
    looks = looked(lookout, detector, bright, 21, 40, cameras=2 * USUAL_CLASS)
    assert looks.count("glance") == 2 * 3
    assert looks.count("thorough") == 40 * FPS, "who is there is looked at in each frame"


def test_who_looks_down_for_a_moment_is_looked_for_thoroughly_in_each_frame() -> None:
    lookout, detector = Lookout(), Counted()
    looked(lookout, detector, np.full_like(EMPTY, 250), 0, 1)
    looks = looked(lookout, detector, EMPTY, 1, GONE_AFTER_S - 0.4)
    assert looks.count("thorough") >= FPS * (GONE_AFTER_S - 0.4)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_far_face_that_comes_is_found_within_a_second_upright_and_within_six_on_its_side(
    yunet: YuNet, turns: int
) -> None:
    lookout, came = Lookout(), 7.3
    far, room = (np.ascontiguousarray(quarter_turned(one, turns)) for one in (FAR, np.full_like(FAR, 120)))
    for number in range(round(came * FPS)):
        assert lookout.look(yunet, noisy(room, number), second(number / FPS))[1] == []
    first, end = round(came * FPS), round((came + THOROUGH_EVERY + 3) * FPS)
    found = [number for number in range(first, end) if lookout.look(yunet, noisy(far, number), second(number / FPS))[1]]
    assert found[0] - first <= FPS * (1 if turns == 0 else THOROUGH_EVERY + 1)
    assert found == list(range(found[0], end)), "once found, it is found in each frame"


def test_a_near_face_is_found_by_a_glance_as_it_is_by_a_look(yunet: YuNet) -> None:
    assert yunet.glance(NEAR) == yunet.detect(NEAR)
    assert yunet.glance(FAR) == []
    assert len(yunet.detect(FAR)) == 1


def test_pictures_of_many_sizes_in_turn_are_read_as_each_alone(tmp_path: Path) -> None:
    """More than OpenCV keeps ready."""
    file = yunet_of_one_size(tmp_path)
    find = ByOpenCV(file, 0.6)
    sizes = [(320 + 32 * number, 240 + 24 * number) for number in range(SIZES + 3)]
    pictures = [picture((60, 0, 240), width=width, height=height) for width, height in sizes]
    alone = [ByOpenCV(file, 0.6)(one) for one in pictures]
    for _turn in range(2):
        for one, rows in zip(pictures, alone, strict=True):
            assert len(rows)
            assert np.array_equal(find(one), rows)
    assert len(find.ready) == SIZES
