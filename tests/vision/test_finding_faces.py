from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from monitor.domain import Image
from monitor.errors import DetectorError
from monitor.vision.detection import Detector, Haar, YuNet, open_detector, quarter_turned, shrunk
from monitor.vision.yunet import open_yunet
from tests.conftest import shared_path
from tests.faces import picture
from tests.little_network import write
from tests.yunet import yunet_of_one_size

# Where the eyes' middle and the mouth of `head()` lie, in parts of its side, measured by hand.
EYES, MOUTH = (0.49, 0.335), (0.49, 0.525)


@pytest.fixture(scope="module")
def of_one_size(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """YuNet as it was published until May 2026: its file names the size of the pictures."""
    return yunet_of_one_size(tmp_path_factory.mktemp("yunet"))


@pytest.fixture(scope="module", params=["YuNet", "YuNet of one size", "Haar cascade"])
def detector(request: pytest.FixtureRequest, of_one_size: Path) -> Detector:
    if request.param == "Haar cascade":
        return Haar()
    return YuNet(of_one_size if request.param.endswith("of one size") else shared_path("YUNET"))


@pytest.mark.parametrize("side", [240, 170, 120])
def test_a_face_is_found_at_any_distance(detector: Detector, side: int) -> None:
    (face,) = detector.detect(picture((60, 0, side)))
    assert face.box.centre == pytest.approx((60 + 0.5 * side, 0.41 * side), abs=0.05 * side)
    assert face.box.width == pytest.approx(0.38 * side, rel=0.2)
    assert 0.5 < face.confidence <= 1


@pytest.mark.parametrize("side", [240, 170])
def test_a_face_is_cut_as_fer2013_cuts_it(detector: Detector, side: int) -> None:
    """There the eyes' middle is at (0.50, 0.39) of the picture and the mouth at 0.77 (facts of the project)."""
    (face,) = detector.detect(picture((60, 0, side)))
    left = face.cut.centre[0] - face.cut.side / 2
    top = face.cut.centre[1] - face.cut.side / 2
    assert (60 + EYES[0] * side - left) / face.cut.side == pytest.approx(0.50, abs=0.05)
    assert (EYES[1] * side - top) / face.cut.side == pytest.approx(0.39, abs=0.07)
    assert (MOUTH[1] * side - top) / face.cut.side == pytest.approx(0.77, abs=0.07)


def test_a_glance_finds_a_near_face_as_a_look_does(detector: Detector) -> None:
    near = picture((60, 0, 240))
    assert detector.glance(near) == detector.detect(near) != []
    assert detector.glance(picture()) == []


def test_several_faces_come_the_largest_first(detector: Detector) -> None:
    faces = detector.detect(picture((0, 40, 120), (150, 20, 165)))
    assert [face.box.centre[0] > 150 for face in faces] == [True, False]
    assert faces[0].box.area > faces[1].box.area


def test_a_large_picture_is_answered_in_its_own_pixels(detector: Detector) -> None:
    (face,) = detector.detect(picture((400, 100, 600), width=1280, height=720))
    assert face.box.centre == pytest.approx((400 + 300, 100 + 0.41 * 600), abs=30)


def test_a_face_at_the_edge_is_found_or_not_but_breaks_nothing(detector: Detector) -> None:
    for x in (0, 200):
        image = picture((40, 0, 240))[:, x : x + 120]
        assert len(detector.detect(np.ascontiguousarray(image))) <= 1


@pytest.mark.parametrize(
    "image",
    [
        picture(),
        np.zeros((240, 320, 3), np.uint8),
        np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8),
        np.full((2, 2, 3), 90, np.uint8),
        np.full((1, 900, 3), 90, np.uint8),
    ],
    ids=["empty room", "black", "noise", "tiny", "strip"],
)
def test_where_there_is_no_face_none_is_found(detector: Detector, image: Image) -> None:
    assert detector.detect(image) == []


def test_a_small_face_far_away_is_found_by_the_second_look() -> None:
    """At the coarse size it is 9 pixels wide."""
    (face,) = YuNet(shared_path("YUNET")).detect(picture((500, 200, 90), width=640, height=480))
    assert face.box.centre[0] == pytest.approx(545, abs=10)


@pytest.mark.parametrize("side", [160, 176, 320, 641])
def test_either_engine_finds_the_same_faces(of_one_size: Path, side: int) -> None:
    image, _ = shrunk(picture((0, 40, 300), (330, 20, 260), (500, 300, 150), width=720, height=470), side)
    one, other = open_yunet(shared_path("YUNET"), 0.6)(image), open_yunet(of_one_size, 0.6)(image)
    assert len(one) == len(other) > 1
    assert np.abs(one[np.argsort(one[:, 0])] - other[np.argsort(other[:, 0])]).max() < 0.01


def test_the_detector_is_chosen_by_what_is_there(tmp_path: Path) -> None:
    missing = tmp_path / "yunet.onnx"
    assert open_detector("auto", missing).name == "Haar cascade"
    assert open_detector("haar", missing).name == "Haar cascade"
    with pytest.raises(DetectorError, match=r"missing: .*yunet\.onnx.*fetch-detector"):
        open_detector("yunet", missing)


def test_the_detector_is_yunet_where_its_file_is() -> None:
    file = shared_path("YUNET")
    assert open_detector("auto", file).name == open_detector("yunet", file).name == "YuNet"
    assert open_detector("haar", file).name == "Haar cascade"


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", bytes(range(256)) * 900])
def test_a_corrupt_yunet_says_how_to_mend_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "yunet.onnx"
    file.write_bytes(content)
    with pytest.raises(DetectorError, match=r"yunet\.onnx cannot be read.*Delete it.*fetch-detector"):
        open_detector("auto", file)


def test_a_yunet_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "yunet.onnx"
    file.write_bytes(shared_path("YUNET").read_bytes()[:100_000])
    with pytest.raises(DetectorError, match="cannot be read"):
        YuNet(file)


def test_another_network_is_no_yunet(tmp_path: Path) -> None:
    write(tmp_path, "other")
    with pytest.raises(DetectorError, match=r"other\.onnx cannot be read as YuNet"):
        YuNet(tmp_path / "other.onnx")


def test_shrinking_tells_the_way_back() -> None:
    small, scale = shrunk(picture(width=640, height=360), 160)
    assert small.shape == (90, 160, 3)
    assert scale == 4
    same, one = shrunk(small, 160)
    assert same is small
    assert one == 1


def test_quarter_turns_are_clockwise() -> None:
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 0] = 255
    assert quarter_turned(image, 1)[0, 1].all()
    assert quarter_turned(image, 1).shape == (3, 2, 3)
    assert np.array_equal(quarter_turned(quarter_turned(image, 1), 3), image)
