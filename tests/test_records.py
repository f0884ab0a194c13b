"""Records refuse bad values when they are made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from model_zoo.emotions import EmotionScores
from monitor.domain import Box, Frame, Image, Sample
from tests.lesson import HAPPY, NINE

PICTURE = np.zeros((2, 3, 3), np.uint8)


@pytest.mark.parametrize(
    "image", [PICTURE[..., 0], PICTURE[..., :2], PICTURE.astype(np.float32)], ids=["grey", "two colours", "floats"]
)
def test_a_frame_takes_a_colour_picture(image: Image) -> None:
    with pytest.raises(ValueError, match=r"an image is \(height, width, 3\) uint8, got"):
        Frame("ada", image, NINE)


@pytest.mark.parametrize(
    "at", [datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=1)))]
)
def test_times_are_aware_and_in_utc(at: datetime) -> None:
    with pytest.raises(ValueError, match="aware and in UTC, got 2026-11-23"):
        Frame("ada", PICTURE, at)
    with pytest.raises(ValueError, match="aware and in UTC, got 2026-11-23"):
        Sample(1, at, HAPPY, 1, 1)


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, -1), (float("nan"), 5)])
def test_a_box_has_an_area(width: float, height: float) -> None:
    with pytest.raises(ValueError, match="positive width and height"):
        Box(1, 1, width, height)


@pytest.mark.parametrize(
    ("at", "scores", "faces", "frames", "told"),
    [
        (NINE + timedelta(microseconds=1), HAPPY, 1, 1, "whole second"),
        (NINE, HAPPY, 2, 1, "got 2 of 1"),
        (NINE, None, 0, 0, "got 0 of 0"),
        (NINE, HAPPY, 0, 1, "go together"),
        (NINE, None, 1, 1, "go together"),
    ],
)
def test_a_sample_is_of_one_second_and_its_frames(
    at: datetime, scores: EmotionScores | None, faces: int, frames: int, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        Sample(1, at.astimezone(UTC), scores, faces, frames)
