from __future__ import annotations

import pytest

from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, press, text


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("live", "No lesson is running"),
        ("lessons", "Lessons stand here when they have ended"),
        ("report", "No lesson to report yet"),
    ],
)
def test_each_page_says_what_to_do_next(visit: Visit, page: str, told: str) -> None:
    shown = visit(page)
    assert calm(shown)
    assert told in text(shown)
    assert labels(shown) == ["Start a lesson", "Open a sample lesson"]
    assert press(shown, "Start a lesson").title[0].value == "Start a lesson"


def test_the_sample_lesson_is_made_once_and_opens_as_a_report_that_says_it_is_made_up(
    visit: Visit, store: Store
) -> None:
    for page in ("live", "live"):
        shown = press(visit(page), "Open a sample lesson")
        assert calm(shown)
        assert "(sample)" in shown.title[0].value
        assert "made up by a program. Nobody was measured" in text(shown)
    assert len(store.lessons.ended()) == 7
