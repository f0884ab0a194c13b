from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model_zoo.emotions import EmotionScores
from monitor.domain import Picture, Reading
from tests.app.reading import calm, text
from tests.lesson import HAPPY


def panel(reading: Reading | None) -> AppTest:
    def page(reading):  # type: ignore[no-untyped-def] # it runs where nothing is imported
        from app.self_view import _measured

        _measured(reading)

    return AppTest.from_function(page, args=(reading,), default_timeout=120).run()


def reading(
    ago: float = -60,
    scores: EmotionScores | None = HAPPY,
    faces: int = 1,
    picture: Picture = Picture.FINE,
) -> Reading:
    """Of a moment that is still to come, so that a slow test finds it fresh."""
    return Reading("ada", datetime.now(UTC) - timedelta(seconds=ago), scores, faces, picture)


def test_the_own_face_with_its_two_likeliest_emotions() -> None:
    shown = panel(reading())
    assert calm(shown)
    for words in ("😀", "happy 60%", "then neutral 12%", "being measured"):
        assert words in text(shown)


def test_other_faces_are_told() -> None:
    assert "2 faces in your picture" in text(panel(reading(faces=2)))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (None, "Connecting"),
        ({"ago": 3600}, "Connection lost"),
        ({"scores": None, "faces": 0}, "No face seen"),
        ({"scores": None, "faces": 0, "picture": Picture.BLACK}, "The picture is black"),
        ({"scores": None, "faces": 0, "picture": Picture.FROZEN}, "The picture is frozen"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else_claimed(one: dict[str, Any] | None, told: str) -> None:
    shown = panel(None if one is None else reading(**one))
    assert calm(shown)
    assert told in text(shown)
    assert "being measured" not in text(shown)
