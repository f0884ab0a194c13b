"""What the check of camera and connection says of what is known; the real way is tried in tests/browser."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.browser_facts import BrowserFacts
from app.checkup import ENOUGH, PATIENCE_S, Arrivals, Arrived, Line, Verdict, findings
from monitor.domain import Frame
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, text
from tests.lesson import NINE, second

WELL = BrowserFacts(secure=True, sends=True, permission="prompt", cameras=1)
NONE, MANY = Arrived(), Arrived(ENOUGH, 3.0, 4.0)


def lines(
    facts: BrowserFacts | None = WELL, problem: str | None = None, way: str | None = None, arrived: Arrived = NONE
) -> dict[str, Line]:
    return {line.title: line for line in findings(facts, problem, way, arrived)}


def test_nothing_is_claimed_before_the_browser_has_answered() -> None:
    assert {line.verdict for line in lines(None).values()} == {Verdict.OPEN}


def test_all_is_well_when_enough_bright_pictures_arrived() -> None:
    found = lines(way="connected", arrived=MANY)
    assert {line.verdict for line in found.values()} == {Verdict.GOOD}
    assert "15 pictures arrived in 3.0 s" in found["Way to the server"].sentence


@pytest.mark.parametrize(
    ("facts", "title", "told"),
    [
        (replace(WELL, secure=False, cameras=None), "Address", "address with https://"),
        (replace(WELL, sends=False), "Browser", "current Chrome, Edge, Firefox or Safari"),
        (replace(WELL, permission="denied"), "Camera", "choose “Allow”"),
        (replace(WELL, cameras=0), "Camera", "Plug one in"),
    ],
)
def test_what_is_wrong_is_told_before_start_is_pressed(facts: BrowserFacts, title: str, told: str) -> None:
    assert lines(facts)[title].verdict is Verdict.BAD
    assert told in lines(facts)[title].sentence


@pytest.mark.parametrize(
    ("way", "arrived", "told"),
    [
        ("none", Arrived(), "UDP is switched off"),
        ("failed", Arrived(waited_s=5), "UDP is blocked"),
        ("checking", Arrived(waited_s=PATIENCE_S + 1), "UDP is blocked"),
        ("connected", Arrived(3, 9.0, PATIENCE_S + 1), "Only 3 pictures arrived in 11 s"),
    ],
)
def test_a_way_that_is_shut_is_told(way: str, arrived: Arrived, told: str) -> None:
    found = lines(way=way, arrived=arrived)["Way to the server"]
    assert (found.verdict, told in found.sentence) == (Verdict.BAD, True)


def test_a_way_is_given_time() -> None:
    found = lines(way="checking", arrived=Arrived(waited_s=PATIENCE_S - 1))["Way to the server"]
    assert (found.verdict, found.sentence) == (Verdict.OPEN, "Connecting …")


def test_the_way_may_be_well_where_the_camera_is_not() -> None:
    found = lines(problem="NotAllowedError", way="connected", arrived=MANY)
    assert found["Camera"].verdict is Verdict.BAD
    assert found["Picture"].verdict is Verdict.OPEN
    assert found["Way to the server"].verdict is Verdict.GOOD


def test_arrivals_are_counted_and_a_black_picture_is_seen() -> None:
    arrivals = Arrivals()
    for number in range(3):
        arrivals.submit(Frame("check", np.full((24, 32, 3), number, np.uint8), second(number)))
    assert (arrivals.now.frames, arrivals.now.black, arrivals.now.waited_s) == (3, True, 0.0)
    arrivals.submit(Frame("check", np.full((24, 32, 3), 128, np.uint8), NINE))
    assert (arrivals.now.frames, arrivals.now.black) == (4, False)


def test_the_page_is_behind_its_address_and_leads_back_to_the_lesson_it_came_from(visit: Visit) -> None:
    alone = visit(check="")
    assert calm(alone)
    assert "Camera and connection" in text(alone)
    assert labels(alone) == ["Check again"]
    assert labels(visit(check="1", join="KIT-492")) == ["Check again", "To the lesson"]
