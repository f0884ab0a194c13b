"""A person gives a picture: every face in it is scored, and the file may be anything."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import pytest
from skimage import data

from monitor.errors import PictureError
from monitor.vision.classification import Classifier
from monitor.vision.detection import Haar
from monitor.vision.stills import LARGEST_SIDE, StillReader, decode


def encoded(picture: np.ndarray, form: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    PIL.Image.fromarray(picture).save(written, form, **options)
    return written.getvalue()


def test_a_face_is_found_scored_and_explained(classifier: Classifier) -> None:
    picture = np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]
    faces = StillReader(Haar(), classifier).read(decode(encoded(picture)))
    assert len(faces) == 1
    face = faces[0]
    assert sum(face.scores.probabilities) == pytest.approx(1)
    x, y = face.face.box.centre
    assert 150 < x < 300
    assert 50 < y < 200
    assert face.looked.shape == face.cut.shape
    assert face.looked.min() >= 0
    assert face.looked.max() <= 1


def test_a_picture_without_a_face_has_none(classifier: Classifier) -> None:
    assert StillReader(Haar(), classifier).read(np.full((100, 120, 3), 128, np.uint8)) == []


def test_a_colour_is_read_as_bgr() -> None:
    red = np.zeros((4, 6, 3), np.uint8)
    red[..., 0] = 255
    assert decode(encoded(red))[0, 0].tolist() == [0, 0, 255]


def test_a_picture_with_transparency_or_grey_is_read() -> None:
    assert decode(encoded(np.full((5, 7, 4), 200, np.uint8))).shape == (5, 7, 3)
    assert decode(encoded(np.full((5, 7), 200, np.uint8))).shape == (5, 7, 3)


def test_a_telephone_s_picture_is_turned_upright() -> None:
    sideways = PIL.Image.Exif()
    sideways[0x0112] = 6
    assert decode(encoded(np.zeros((40, 60, 3), np.uint8), "JPEG", exif=sideways)).shape == (60, 40, 3)


def test_a_large_picture_is_made_smaller() -> None:
    assert decode(encoded(np.zeros((300, 2 * LARGEST_SIDE, 3), np.uint8))).shape == (150, LARGEST_SIDE, 3)


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", encoded(np.zeros((40, 60, 3), np.uint8), "JPEG")[:200], b"\x89PNG\r\n\x1a\n" * 9]
)
def test_a_file_that_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PictureError, match="JPEG, PNG and WebP"):
        decode(content)


def test_a_giant_picture_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(PictureError, match="8000 x 8000 pixels; at most 50 million"):
        decode(encoded(np.zeros((8000, 8000), np.uint8)))
