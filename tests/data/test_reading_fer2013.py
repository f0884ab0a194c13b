from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from data.fer2013 import LABELS, SPLITS, DataError, Pictures, read
from tests.conftest import shared_path
from tests.data.pictures import jpeg, place, tiny_release


def zipped(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(folder.rglob("*.jpg")):
            target.write(file, file.relative_to(folder))
    return archive


def test_a_folder_gives_the_pictures_of_one_split_with_their_labels(tmp_path: Path) -> None:
    tiny_release(tmp_path, per_label=2)
    pictures = read(tmp_path, "Training")
    assert pictures.images.shape == (14, 48, 48)
    assert pictures.images.dtype == np.uint8
    assert Counter(pictures.labels) == dict.fromkeys(LABELS, 2)
    assert all("Training_" in name for name in pictures.names)
    assert pictures.passed_over == ()


def test_a_zip_gives_the_same_as_its_folder(tmp_path: Path) -> None:
    folder = tiny_release(tmp_path / "release")
    archive = zipped(folder, tmp_path / "release.zip")
    unpacked, packed = read(folder, "PublicTest"), read(archive, "PublicTest")
    assert unpacked.names == packed.names
    assert unpacked.labels == packed.labels
    assert np.array_equal(unpacked.images, packed.images)


def test_a_folder_that_holds_only_the_zip_is_read_through_it(tmp_path: Path) -> None:
    zipped(tiny_release(tmp_path / "elsewhere"), _folder(tmp_path / "download") / "fer2013.zip")
    assert len(read(tmp_path / "download", "Training")) == 14


@pytest.mark.parametrize(
    ("label", "content", "reason"),
    [
        ("happy", b"", "is empty"),
        ("happy", b"this is not a picture", "cannot identify"),
        ("happy", jpeg(99)[:200], "Training_99.jpg"),
        ("happy", jpeg(99, width=64), "is 64x48, expected 48x48"),
        ("bored", jpeg(99), "label 'bored' is none of angry, disgust"),
    ],
    ids=["empty", "no picture", "cut short", "wrong size", "wrong label"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_bad_file_is_passed_over_and_named(
    tmp_path: Path, label: str, content: bytes, reason: str, packed: bool
) -> None:
    folder = tiny_release(tmp_path / "release", per_label=1)
    place(folder, "Training", label, 99, content)
    pictures = read(zipped(folder, tmp_path / "release.zip") if packed else folder, "Training")
    assert len(pictures) == 7
    (passed_over,) = pictures.passed_over
    assert passed_over.startswith(f"train/{label}/Training_99.jpg")
    assert reason in passed_over


def test_a_damaged_member_of_a_zip_is_passed_over_and_named(tmp_path: Path) -> None:
    folder = tiny_release(tmp_path / "release", per_label=1)
    damaged = place(folder, "Training", "happy", 99, jpeg(99)).read_bytes()
    archive = zipped(folder, tmp_path / "release.zip")
    content = archive.read_bytes()
    start = content.index(damaged)
    archive.write_bytes(content[: start + 300] + b"\0\0\0\0" + content[start + 304 :])
    pictures = read(archive, "Training")
    assert len(pictures) == 7
    assert "train/happy/Training_99.jpg" in pictures.passed_over[0]


def test_a_missing_split_says_what_is_expected(tmp_path: Path) -> None:
    tiny_release(tmp_path)
    with pytest.raises(DataError, match=r"no readable PrivateTest picture .* <label>/PrivateTest_N\.jpg"):
        read(tmp_path, "PrivateTest")


def test_an_unknown_split_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one of Training, PublicTest, PrivateTest, got 'test'"):
        read(tmp_path, "test")


@pytest.mark.parametrize("exists", [False, True], ids=["missing", "neither folder nor zip"])
def test_a_path_that_is_no_data_set_is_refused(tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "fer2013.txt"
    if exists:
        path.write_text("no pictures here")
    with pytest.raises(DataError, match="neither a folder nor a zip"):
        read(path, "Training")


def test_copies_are_known_by_their_pixels_and_can_be_left_out(tmp_path: Path) -> None:
    tiny_release(tmp_path, per_label=1)
    place(tmp_path, "PublicTest", "sad", 50, jpeg(0))
    training, test = read(tmp_path, "Training"), read(tmp_path, "PublicTest")
    own = test.without(training)
    assert len(test) == 8
    assert len(own) == 7
    assert not set(own.digests()) & set(training.digests())
    assert not any("PublicTest_50" in name for name in own.names)


def test_pictures_refuse_what_does_not_match() -> None:
    images = np.zeros((2, 48, 48), dtype=np.uint8)
    with pytest.raises(DataError, match="do not match: 2, 1 and 2"):
        Pictures("Training", images, ("sad",), ("a", "b"))
    with pytest.raises(DataError, match="uint8, got"):
        Pictures("Training", images[0], ("sad",), ("a",))


@pytest.mark.shared
def test_the_real_pictures_are_as_the_data_card_counts_them() -> None:
    counts = Counter(read(shared_path("FER2013"), SPLITS[1]).labels)
    assert [counts[label] for label in LABELS] == [467, 56, 496, 895, 653, 415, 607]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
