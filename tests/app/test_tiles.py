from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import numpy as np
import pytest

from app.tiles import length, tiles
from model_zoo.emotions import Emotion
from monitor.domain import Presence, Student
from monitor.insight.students import Seen, StudentNow
from tests.lesson import NINE

TOP = ((Emotion.HAPPY, 0.61), (Emotion.NEUTRAL, 0.2))


def now(name: str = "Ada", seen: Seen = Seen.FACE, age: float | None = 1.0) -> StudentNow:
    student = Student(1, 1, name, Presence.HERE, NINE - timedelta(minutes=1))
    return StudentNow(student, seen, TOP if seen is Seen.FACE else (), age, age, np.full(24, 0.4), None)


class Words(HTMLParser):
    """The tags of a page, and what is written outside of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='x", "A & B &amp; C"]
)
def test_a_name_is_shown_and_never_run(name: str) -> None:
    page = Words(tiles([now(name)]))
    assert set(page.tags) <= {"style", "div", "h4", "p", "br", "svg", "line", "polyline"}
    assert f"😀 {name}" in "".join(page.words)


def test_a_face_shows_the_two_likeliest_emotions_and_its_course() -> None:
    html = tiles([now()])
    assert "happy 61%<br>neutral 20%" in html
    assert "<svg" in html
    assert 'data-seen="face"' in html


@pytest.mark.parametrize(
    ("seen", "age", "told"),
    [
        (Seen.NO_FACE, 12.0, "no face for 12 s"),
        (Seen.NO_FACE, None, "no face seen yet"),
        (Seen.LOST, 240.0, "connection lost 4 min ago"),
        (Seen.LOST, None, "camera not started"),
        (Seen.PAUSED, 3.0, "paused by the student"),
        (Seen.LEFT, 3.0, "has left"),
        (Seen.WAITING, None, "not joined yet"),
    ],
)
def test_without_a_face_a_tile_says_why(seen: Seen, age: float | None, told: str) -> None:
    html = tiles([now(seen=seen, age=age)])
    assert told in html
    assert f'data-seen="{seen}"' in html


def test_a_class_is_one_piece_in_the_order_given() -> None:
    html = tiles([now("Cem"), now("Ada"), now("Ben")])
    assert html.count('<div class="tiles">') == 1
    assert html.index("Cem") < html.index("Ada") < html.index("Ben")


def test_nothing_ends_the_piece_for_markdown() -> None:
    """It is given to Markdown as HTML, which a blank line would end."""
    assert "\n\n" not in tiles([now("Ada"), now("Ben", Seen.LOST)])


@pytest.mark.parametrize(
    ("seconds", "told"), [(None, "some time"), (8.4, "8 s"), (89, "89 s"), (180, "3 min"), (7300, "2 h")]
)
def test_a_time_span_is_told_in_one_unit(seconds: float | None, told: str) -> None:
    assert length(seconds) == told
