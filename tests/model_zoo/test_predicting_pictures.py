"""What `predict` says of the faces in picture files."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage

from data import fer2013
from model_zoo import scoring
from model_zoo.__main__ import main
from model_zoo.emotions import EMOJI, EMOTIONS
from model_zoo.explaining.faces import PictureError, Square, faces_in, read_picture
from tests import little_network
from tests.conftest import shared_path
from tests.data.pictures import tiny_release
from tests.faces import picture


@pytest.fixture
def card(tmp_path: Path) -> str:
    return str(little_network.write(tmp_path))


def room(path: Path, *heads: tuple[int, int, int]) -> str:
    cv2.imwrite(str(path), picture(*heads, width=640, height=360))
    return str(path)


def test_a_training_picture_scores_as_evaluate_scores_it(
    card: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = tiny_release(tmp_path / "data")
    pictures = fer2013.read(release, "PublicTest")
    paths = [str(release / name) for name in pictures.names]
    assert main(["predict", card, *paths, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [face["picture"] for face in printed["faces"]] == paths
    rows = [[face["probabilities"][emotion] for emotion in EMOTIONS] for face in printed["faces"]]
    np.testing.assert_allclose(rows, scoring.score(Path(card), pictures), atol=1e-4)


def test_each_face_of_a_large_picture_gets_a_line_with_its_emoji(
    card: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = room(tmp_path / "two.png", (20, 60, 200), (360, 60, 240))
    assert main(["predict", card, image]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["picture", "face", *EMOTIONS, "top"]
    assert [line.split()[:2] for line in lines] == [[image, "1"], [image, "2"]]
    for line in lines:
        *_, emoji, word = line.split()
        assert EMOJI[next(emotion for emotion in EMOTIONS if emotion.value == word)] == emoji


def test_the_largest_face_comes_first_and_is_where_it_was_painted(tmp_path: Path) -> None:
    image = read_picture(Path(room(tmp_path / "two.png", (20, 60, 200), (360, 60, 240))))
    large, small = faces_in(image)
    assert large.side > small.side
    assert 360 < large.centre[0] - large.side / 2 < large.centre[0] + large.side / 2 < 600
    assert 20 < small.centre[0] < 220


def test_a_small_picture_is_one_face_already_cut(tmp_path: Path) -> None:
    assert faces_in(np.zeros((48, 48), np.uint8)) == [Square((23.5, 23.5), 48)]
    assert faces_in(np.zeros((96, 60), np.uint8)) == [Square((29.5, 47.5), 60)]
    large = np.zeros((97, 60), np.uint8)
    assert faces_in(large) == []
    assert faces_in(large, already_cut=True) == [Square((29.5, 48), 60)]


def test_what_shows_no_face_is_named_counted_and_passed_over(
    card: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    (tmp_path / "empty.jpg").write_bytes(b"")
    names = [room(tmp_path / "empty room.png"), *(str(tmp_path / name) for name in ("broken.jpg", "empty.jpg", "gone"))]
    shown = room(tmp_path / "face.png", (200, 60, 240))
    assert main(["predict", card, *names, shown, "--json"]) == 0
    out, err = capsys.readouterr()
    printed = json.loads(out)
    assert {face["picture"] for face in printed["faces"]} == {shown}
    reasons = ("no face was found", "no picture of a known format", "is empty", "No such file")
    for name, reason, line in zip(names, reasons, err.splitlines(), strict=False):
        assert line.startswith(f"passed over {name}: ")
        assert reason in line
    assert err.splitlines()[-1] == "passed over 4 of 5 pictures"
    assert len(printed["passed_over"]) == 4


def test_nothing_left_is_an_error(card: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", card, room(tmp_path / "empty room.png"), str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "a readable picture with a face is needed, got none: " in err
    assert "empty room.png: no face was found; --cut" in err
    assert f"{tmp_path}: Is a directory" in err


def test_a_whole_picture_is_scored_when_told_that_it_is_cut(
    card: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", card, room(tmp_path / "empty room.png"), "--cut", "--json"]) == 0
    (face,) = json.loads(capsys.readouterr().out)["faces"]
    assert (face["centre"], face["side"]) == ([319.5, 179.5], 360)
    assert sum(face["probabilities"].values()) == pytest.approx(1, abs=1e-3)


def test_a_picture_held_sideways_is_read_upright(tmp_path: Path) -> None:
    upright = np.random.default_rng(0).integers(0, 256, (40, 30), dtype=np.uint8)
    turned = PillowImage.fromarray(np.ascontiguousarray(np.rot90(upright)))
    exif = PillowImage.Exif()
    exif[0x0112] = 6  # orientation: turn a quarter clockwise to see it upright
    turned.save(tmp_path / "phone.png", exif=exif)
    assert np.array_equal(read_picture(tmp_path / "phone.png"), upright)


def test_an_unknown_network_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "vgg99", room(tmp_path / "face.png")]) == 2
    assert "no weights card 'vgg99'" in capsys.readouterr().err


def test_a_square_has_a_side() -> None:
    with pytest.raises(ValueError, match="positive side, got 0"):
        Square((1, 1), 0)


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="Is a directory"):
        read_picture(tmp_path)


@pytest.mark.shared
def test_the_shipped_network_calls_a_laughing_face_happy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "default", str(shared_path("FACE_MEDIA") / "single_face.jpg"), "--json"]) == 0
    (face,) = json.loads(capsys.readouterr().out)["faces"]
    assert (face["top"], face["emoji"]) == ("happy", "😀")
