from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from data.folders import EVERYTHING, label_of, read, splits_in
from data.pictures import DataError


def place(file: Path, width: int = 60, height: int = 80, grey: int = 100, mode: str = "RGB") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    PillowImage.new(mode, (width, height), grey if mode == "L" else (grey, grey, grey)).save(file)
    return file


@pytest.mark.parametrize(
    ("word", "label"),
    [("happy", "happy"), ("Happiness", "happy"), ("03_anger", "angry"), ("7-Neutral", "neutral"), ("bored", None)],
)
def test_a_folders_name_means_an_emotion(word: str, label: str | None) -> None:
    assert label_of(word) == label


def test_pictures_of_any_size_and_kind_become_grey_and_48_wide(tmp_path: Path) -> None:
    place(tmp_path / "joy" / "a.png", 200, 100)
    place(tmp_path / "sad" / "b.jpg", 48, 48, mode="L")
    place(tmp_path / "deep" / "er" / "Fear" / "c.bmp", grey=7)
    pictures = read(tmp_path)
    assert pictures.split == EVERYTHING
    assert pictures.labels == ("fear", "happy", "sad")
    assert pictures.images.shape == (3, 48, 48)
    assert np.all(pictures.images[0] == 7)
    assert pictures.passed_over == ()


def test_folders_above_name_the_split(tmp_path: Path) -> None:
    for split in ("train", "Validation", "test"):
        place(tmp_path / split / "angry" / f"{split}.png")
    assert splits_in(tmp_path) == ("Training", "PublicTest", "PrivateTest")
    assert read(tmp_path, "PublicTest").names == ("Validation/angry/Validation.png",)


def test_what_is_no_picture_of_an_emotion_is_passed_over_and_named(tmp_path: Path) -> None:
    place(tmp_path / "happy" / "good.png")
    place(tmp_path / "bored" / "other.png")
    place(tmp_path / "happy" / "small.png", 10, 10)
    (tmp_path / "happy" / "empty.png").write_bytes(b"")
    (tmp_path / "happy" / "notes.txt").write_text("not a picture")
    whole = io.BytesIO()
    PillowImage.effect_noise((90, 90), 50).save(whole, format="PNG")
    (tmp_path / "happy" / "cut.png").write_bytes(whole.getvalue()[:500])
    (tmp_path / "happy" / ".hidden.png").write_bytes(b"")
    pictures = read(tmp_path)
    assert pictures.names == ("happy/good.png",)
    assert [reason.split(":")[0] for reason in pictures.passed_over] == [
        "bored/other.png",
        "happy/cut.png",
        "happy/empty.png",
        "happy/notes.txt",
        "happy/small.png",
    ]
    assert "folder 'bored' is none of angry" in pictures.passed_over[0]
    assert "is empty" in pictures.passed_over[2]
    assert "is 10x10, expected at least 24x24" in pictures.passed_over[4]


def test_a_folder_with_nothing_left_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a folder for each of angry"):
        read(tmp_path)
    with pytest.raises(DataError, match="is not a folder"):
        read(tmp_path / "nowhere")
