from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data import sequences
from data.pictures import DataError
from data.splits import folds
from tests.data.cohn_kanade import add, small_set


def test_a_sequence_has_its_label_its_frames_and_its_landmarks(tmp_path: Path) -> None:
    found = sequences.read(small_set(tmp_path))
    assert found.passed_over == ()
    assert {each.name: each.label for each in found.sequences} == {
        "S005/001": "disgust",
        "S005/002": "happy",
        "S010/001": "angry",
        "S011/001": "surprise",
        "S014/004": "sad",
        "S022/003": "fear",
    }
    first = found.sequences[0]
    assert [frame.stem for frame in first.frames] == [f"S005_001_0000000{number}" for number in range(1, 5)]
    assert first.points().shape == (4, 68, 2)
    assert first.points()[2, 5].tolist() == [5.5, 3.0]
    assert sequences.load(first.frames[-1]).shape == (49, 64)


def test_frames_are_spread_evenly_from_the_first_to_the_last(tmp_path: Path) -> None:
    add(tmp_path, "S001/001", 3, frames=9)
    (sequence,) = sequences.read(tmp_path).sequences
    assert [int(frame.stem[-1]) for frame in sequence.evenly(3)] == [1, 5, 9]
    assert len(sequence.evenly(16)) == 16


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (None, "has no label"),
        (2, "shows contempt, which is none of the seven"),
        (9, "is 0 to 7, got '9.0000000e+00'"),
        ("happy", "is 0 to 7, got 'happy'"),
        (float("nan"), "is 0 to 7, got 'nan'"),
    ],
)
def test_a_sequence_without_one_of_the_seven_is_passed_over_and_named(
    tmp_path: Path, number: object, reason: str
) -> None:
    add(small_set(tmp_path), "S099/001", number)
    found = sequences.read(tmp_path)
    assert len(found.sequences) == 6
    (passed_over,) = found.passed_over
    assert passed_over.startswith("S099/001: ")
    assert reason in passed_over


def test_a_broken_frame_is_passed_over_and_the_rest_is_read(tmp_path: Path) -> None:
    small_set(tmp_path)
    frame = tmp_path / "cohn-kanade-images/S005/001/S005_001_00000002.png"
    frame.write_bytes(b"broken")
    found = sequences.read(tmp_path)
    assert len(found.sequences[0].frames) == len(found.sequences[0].landmarks) == 3
    assert found.passed_over[0].startswith("S005_001_00000002.png: ")


def test_a_sequence_of_one_frame_is_passed_over(tmp_path: Path) -> None:
    add(small_set(tmp_path), "S099/001", 3, frames=1)
    assert sequences.read(tmp_path).passed_over == ("S099/001: has 1 readable frames, expected at least 2",)


def test_the_last_frames_are_pictures(tmp_path: Path) -> None:
    found = sequences.read(small_set(tmp_path))
    last = found.sequences[1].frames[-1]
    last.write_bytes(last.read_bytes()[:2000])
    peaks = sequences.peaks(found)
    assert peaks.images.shape == (5, 48, 48)
    assert "happy" not in peaks.labels
    assert peaks.passed_over[0].startswith("S005/002: S005_002_00000004.png")


def test_landmarks_that_are_none_are_refused(tmp_path: Path) -> None:
    (sequence, *_) = sequences.read(small_set(tmp_path)).sequences
    sequence.landmarks[0].write_text("1 2\n3 4\n")
    with pytest.raises(DataError, match=r"S005_001_00000001_landmarks\.txt has \(2, 2\) numbers, expected \(68, 2\)"):
        sequence.points()
    sequence.landmarks[0].write_text("no numbers")
    with pytest.raises(DataError, match=r"landmarks\.txt: "):
        sequence.points()


def test_what_is_not_cohn_kanade_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no folder cohn-kanade-images/"):
        sequences.read(tmp_path)
    add(tmp_path, "S001/001")
    with pytest.raises(DataError, match=r"no labelled sequence \(1 passed over\)"):
        sequences.read(tmp_path)


def test_a_person_is_never_on_both_sides_of_a_fold(tmp_path: Path) -> None:
    people = [each.person for each in sequences.read(small_set(tmp_path)).sequences]
    parts = folds(people, 5)
    assert sorted(place for part in parts for place in part) == list(range(6))
    for part in parts:
        inside = {people[place] for place in part}
        assert not inside & {person for place, person in enumerate(people) if place not in part}
    assert parts == folds(people, 5)
    assert np.ptp([len(part) for part in folds(range(100), 5)]) == 0
    with pytest.raises(DataError, match="5 people cannot be divided into 6 parts; 2 to 5 are allowed"):
        folds(people, 6)
