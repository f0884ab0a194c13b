from __future__ import annotations

import cv2
import numpy as np
import pytest

from monitor.domain import Box
from monitor.vision import overlay
from monitor.vision.overlay import Mark, as_jpeg, drawn, label

GREY = np.full((360, 640, 3), 120, np.uint8)


def mark(x: float = 300, y: float = 150, name: str = "Ada", number: int = 3) -> Mark:
    return Mark(Box(x, y, 60, 80), number, name, "😀", "happy", "#E69F00")


def changed(marks: list[Mark]) -> tuple[slice, slice]:
    """The part of the picture that was drawn on."""
    rows, columns = np.nonzero((drawn(GREY, marks) != GREY).any(axis=2))
    return slice(int(rows.min()), int(rows.max()) + 1), slice(int(columns.min()), int(columns.max()) + 1)


def test_a_box_lies_around_the_face_and_its_label_above_it() -> None:
    rows, columns = changed([mark()])
    assert rows.start < 150
    assert abs(rows.stop - 231) <= 3
    assert abs(columns.start - 300) <= 3
    picture = drawn(GREY, [mark()])
    assert (picture[200, 330] == 120).all(), "the face itself is not painted over"
    assert picture[200, 300].tolist() == [0x00, 0x9F, 0xE6]


def test_the_picture_that_came_is_left_as_it_was() -> None:
    drawn(GREY, [mark()])
    assert (GREY == 120).all()


def test_no_marks_are_no_change() -> None:
    assert (drawn(GREY, []) == GREY).all()


@pytest.mark.parametrize(("x", "y"), [(-30, -40), (630, 350), (620, -20), (-20, 340), (2000, 2000)])
def test_a_face_at_the_edge_breaks_nothing_and_keeps_its_label(x: float, y: float) -> None:
    assert drawn(GREY, [mark(x, y)]).shape == GREY.shape
    assert (drawn(GREY, [mark(x, y)]) != GREY).any()


def test_a_name_longer_than_the_picture_is_cut_off() -> None:
    assert drawn(GREY, [mark(name="W" * 60)]).shape == GREY.shape
    assert drawn(GREY[:20, :40], [mark(5, 5)]).shape == (20, 40, 3)


@pytest.mark.parametrize("name", ["Zoë", "Øyvind", "Иван", "Ada\u200d", "<b>"])
def test_names_of_many_alphabets_can_be_drawn(name: str) -> None:
    assert label(name, "😀", "happy", "#E69F00", 20).shape[1] > label("", "😀", "happy", "#E69F00", 20).shape[1]


def test_without_a_font_of_emoji_the_word_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    label.cache_clear()
    monkeypatch.setattr(overlay, "_emoji", lambda emoji, size: None)
    happy = label("3", "😀", "happy", "#E69F00", 20)
    sad = label("3", "😢", "sad", "#E69F00", 20)
    label.cache_clear()
    assert happy.shape[1] > sad.shape[1]


def test_a_label_can_be_read_on_dark_and_on_bright_colours() -> None:
    """White letters on the blue, black ones on the yellow."""
    assert (label("3", "😀", "happy", "#0072B2", 20) == 255).all(axis=2).any()
    assert (label("3", "😀", "happy", "#E69F00", 20) == 0).all(axis=2).any()


def test_a_jpeg_is_the_same_picture() -> None:
    back = cv2.imdecode(np.frombuffer(as_jpeg(drawn(GREY, [mark()])), np.uint8), cv2.IMREAD_COLOR)
    assert back is not None
    assert np.abs(back.astype(int) - drawn(GREY, [mark()])).mean() < 3
