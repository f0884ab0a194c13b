from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.fer2013 import Pictures
from model_zoo.emotions import EMOTIONS
from model_zoo.sequences.simulation import NEUTRAL, Manner, SimulationError, simulate
from tests.model_zoo import tiny


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    return tiny.pictures(tmp_path_factory.mktemp("data"))[0]


STILL = Manner(shift=0, scale=0, rotation=0, brightness=0, contrast=0, noise=0, lost=0)
"""A camera that shows each picture as it is."""


def test_the_same_seed_gives_the_same_stream_and_another_a_different_one(pictures: Pictures) -> None:
    one, again, other = (simulate(pictures, 50, student, seed) for student, seed in ((3, 7), (3, 7), (4, 7)))
    assert np.array_equal(one.faces, again.faces)
    assert np.array_equal(one.labels, again.labels)
    assert not np.array_equal(one.faces, other.faces)
    renamed = replace(pictures, split="PublicTest")
    assert not np.array_equal(one.labels, simulate(renamed, 50, 3, 7).labels)


def test_a_frame_shows_a_picture_of_its_true_label(pictures: Pictures) -> None:
    stream = simulate(pictures, 200, manner=STILL)
    assert stream.faces.shape == (200, 48, 48)
    assert stream.faces.dtype == np.uint8
    for face, label, place in zip(stream.faces, stream.labels, stream.pictures, strict=True):
        assert pictures.labels[place] == EMOTIONS[label].value
        assert np.array_equal(face, pictures.images[place])


def test_one_picture_is_looked_at_for_several_frames_through_a_crop_that_moves(pictures: Pictures) -> None:
    stream = simulate(pictures, 400, manner=replace(STILL, shift=0.03, rotation=5))
    stays = stream.pictures[1:] == stream.pictures[:-1]
    assert 0.7 < stays.mean() < 0.95
    moved = (stream.faces[1:] != stream.faces[:-1]).any(axis=(1, 2))
    assert moved[stays].all()


def test_expressions_last_as_long_as_the_manner_says(pictures: Pictures) -> None:
    manner = replace(STILL, frames_per_second=2)
    labels = np.concatenate([simulate(pictures, 2000, student, manner=manner).labels for student in range(3)])
    assert (labels == NEUTRAL).mean() == pytest.approx(0.5, abs=0.06)
    borders = np.flatnonzero(np.diff(labels)) + 1
    lengths = np.diff(borders) / manner.frames_per_second
    neutral = labels[borders[:-1]] == NEUTRAL
    assert lengths[neutral].mean() == pytest.approx(manner.neutral_seconds, rel=0.1)
    assert lengths[~neutral].mean() == pytest.approx(manner.expression_seconds, rel=0.1)


def test_a_missed_face_is_black_and_stays_missed_for_a_while(pictures: Pictures) -> None:
    manner = Manner(lost=0.05, found=0.5)
    stream = simulate(pictures, 2000, manner=manner)
    assert (~stream.seen).mean() == pytest.approx(0.05 / 0.55, abs=0.03)
    assert not stream.faces[~stream.seen].any()
    assert stream.faces[stream.seen].any(axis=(1, 2)).all()


def test_a_picture_without_weight_is_never_shown(pictures: Pictures) -> None:
    weights = np.tile([1.0, 0.0], 7)
    assert set(simulate(pictures, 300, weights=weights).pictures % 2) == {0}


def test_what_cannot_be_simulated_is_said(pictures: Pictures) -> None:
    happy = [place for place, label in enumerate(pictures.labels) if label == "happy"]
    with pytest.raises(SimulationError, match="Training has no picture of angry"):
        simulate(pictures.chosen(happy, "Training"), 10)
    with pytest.raises(SimulationError, match="at least one frame, got 0"):
        simulate(pictures, 0)
    with pytest.raises(SimulationError, match=r"weights are \(14,\), one for each picture, got \(3,\)"):
        simulate(pictures, 10, weights=np.ones(3))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"lost": 1.5}, "lost is a probability between 0 and 1, got 1.5"),
        ({"frames_per_second": 0}, "frames_per_second is positive, got 0"),
        ({"noise": -1.0}, "noise is not negative, got -1.0"),
        ({"shift": float("nan")}, "shift is not negative, got nan"),
    ],
)
def test_an_impossible_manner_is_refused(wrong: dict[str, float], reason: str) -> None:
    with pytest.raises(SimulationError, match=reason):
        Manner(**wrong)  # type: ignore[arg-type]
