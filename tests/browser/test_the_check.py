"""A student tries camera and connection before the lesson; the real way to the server, well and in trouble."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser import camera, database
from tests.browser.album import Album
from tests.browser.chromium import ALLOWED, CAMERA, launch
from tests.browser.people import Student
from tests.browser.server import Server

NO_UDP = ("--webrtc-ip-handling-policy=disable_non_proxied_udp", "--force-webrtc-ip-handling-policy")
GOOD, OPEN, BAD = "✅", "⏳", "❌"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests of this file: a check leaves nothing behind."""
    with Server(tmp_path_factory.mktemp("check")) as started:
        yield started


def check(one: Student) -> None:
    one.page.goto(f"{one.address}/?check")
    one.sees("At this address a page may use the camera")
    one.start_camera()


def sees_line(one: Student, title: str, sign: str) -> str:
    line = one.page.get_by_text(re.compile(f"^{sign} {title}:")).first
    line.wait_for()
    return line.inner_text()


def test_all_is_well_and_the_camera_is_switched_off_again(
    server: Server, student: Callable[..., Student], album: Album
) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student(phone=True)
    ada.open(code)
    ada.press("Check camera and connection")
    ada.start_camera()
    ada.sees("All is well: you can take part")
    for title in ("Address", "Browser", "Camera", "Picture", "Way to the server"):
        sees_line(ada, title, GOOD)
    ada.start_button.wait_for()
    album.take(ada, "check-well")
    assert database.samples(server) == []
    ada.press("To the lesson")
    ada.sees("I have read this and take part")


@pytest.mark.parametrize(
    ("flags", "camera_line", "way"),
    [
        ([CAMERA], "The camera is blocked for this page", GOOD),
        ([ALLOWED, f"{CAMERA}=device-count=0"], "No camera was found", GOOD),
        ([ALLOWED, CAMERA, *NO_UDP], "", BAD),
    ],
    ids=["refused", "missing", "no-udp"],
)
def test_what_is_wrong_is_told_and_the_rest_is_tried_all_the_same(
    playwright: Playwright,
    chromium: Path,
    server: Server,
    student: Callable[..., Student],
    album: Album,
    request: pytest.FixtureRequest,
    flags: Sequence[str],
    camera_line: str,
    way: str,
) -> None:
    with launch(playwright, chromium, flags=flags) as browser:
        ada = student(on=browser, phone=True)
        check(ada)
        if camera_line:
            assert camera_line in sees_line(ada, "Camera", BAD)
        said = sees_line(ada, "Way to the server", way)
        assert "UDP" in said if way == BAD else "pictures arrived" in said
        ada.sees("Something is not right yet")
        album.take(ada, f"check-{request.node.callspec.id}")


@pytest.fixture
def blind(playwright: Playwright, chromium: Path, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera has its cover on."""
    black = (np.full((camera.HEIGHT, camera.WIDTH, 3), shade, np.uint8) for shade in (0, 1, 2) * 10)
    with launch(playwright, chromium, camera.film(tmp_path / "black.y4m", black)) as opened:
        yield opened


def test_a_covered_camera_is_told_and_can_be_tried_again(
    blind: Browser, server: Server, student: Callable[..., Student]
) -> None:
    ada = student(on=blind)
    check(ada)
    assert "It is black" in sees_line(ada, "Picture", BAD)
    ada.start_button.wait_for()
    ada.press("Check again")
    sees_line(ada, "Picture", OPEN)
    expect(ada.page.get_by_role("button", name="To the lesson")).to_have_count(0)


def test_a_page_without_https_is_told(
    playwright: Playwright, chromium: Path, server: Server, student: Callable[..., Student]
) -> None:
    flags = [ALLOWED, CAMERA, "--host-resolver-rules=MAP school.test 127.0.0.1"]
    with launch(playwright, chromium, flags=flags) as browser:
        ada = student(on=browser, phone=True)
        ada.page.goto(f"{ada.address.replace('localhost', 'school.test')}/?check")
        assert "https://" in sees_line(ada, "Address", BAD)
        assert "https://" in sees_line(ada, "Camera", BAD)
