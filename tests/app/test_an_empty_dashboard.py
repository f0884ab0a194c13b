from __future__ import annotations

import pytest

from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, press, text
from tests.lesson import second, start

TOUR = ["Back", "Next", "Skip"]


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
    assert labels(shown) == ["Start a lesson", "Open a sample lesson", *TOUR]
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


def test_the_tour_is_five_steps_forth_and_back(visit: Visit) -> None:
    shown = visit("live")
    assert "First steps, 1 of 5" in text(shown)
    for step in (2, 3, 4, 5):
        press(shown, "Next")
        assert calm(shown)
        assert f"First steps, {step} of 5" in text(shown)
        assert ("https://mood.school.example/?check" in text(shown)) == (step == 2)
    assert labels(shown)[-2:] == ["Back", "Done"]
    assert "4 of 5" in text(press(shown, "Back"))
    press(press(shown, "Next"), "Done")
    assert "First steps" not in text(shown)


def test_a_tour_that_is_skipped_stays_away_and_can_be_had_again(visit: Visit) -> None:
    shown = press(visit("live"), "Skip")
    assert labels(shown) == ["Start a lesson", "Open a sample lesson", "Show me around"]
    shown.switch_page("views/lessons.py").run()
    assert "First steps" not in text(shown)
    assert "First steps, 1 of 5" in text(press(shown, "Show me around"))


def test_who_has_measured_a_lesson_is_not_shown_around_unasked(visit: Visit, store: Store) -> None:
    store.lessons.end(start(store).id, second(60))
    assert "First steps" not in text(visit("live"))
