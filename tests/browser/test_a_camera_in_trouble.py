"""A student presses START, and the browser gives no camera: what the page says, and that one can try again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser import database
from tests.browser.album import Album
from tests.browser.chromium import ALLOWED, CAMERA, launch
from tests.browser.people import Student
from tests.browser.server import Server

# No flag makes Chromium's fake camera busy, so the browser's answer is put in its place.
TAKEN = """navigator.mediaDevices.getUserMedia =
  () => Promise.reject(new DOMException("Could not start video source", "NotReadableError"))"""


@pytest.mark.parametrize(
    ("name", "flags", "script", "sentence"),
    [
        ("refused", [CAMERA], "", "The camera is blocked for this page"),
        ("missing", [ALLOWED, f"{CAMERA}=device-count=0"], "", "No camera was found"),
        ("taken", [ALLOWED, CAMERA], TAKEN, "Another program uses the camera"),
    ],
)
def test_a_camera_that_cannot_be_had_is_explained(
    playwright: Playwright,
    chromium: Path,
    server: Server,
    student: Callable[..., Student],
    album: Album,
    name: str,
    flags: list[str],
    script: str,
    sentence: str,
) -> None:
    code = database.start_lesson(server, "Fractions")
    with launch(playwright, chromium, flags=flags) as browser:
        ada = student(on=browser, phone=True)
        ada.page.add_init_script(script)
        ada.open(code)
        ada.take_name("Ada")
        ada.start_camera()
        ada.sees(sentence)
        album.take(ada, f"join-camera-{name}")
        ada.start_button.wait_for()
        assert database.samples(server) == []


def test_a_page_without_https_says_why_it_gets_no_camera(
    playwright: Playwright, chromium: Path, server: Server, student: Callable[..., Student], album: Album
) -> None:
    code = database.start_lesson(server, "Fractions")
    flags = [ALLOWED, CAMERA, "--host-resolver-rules=MAP school.test 127.0.0.1"]
    with launch(playwright, chromium, flags=flags) as browser:
        ada = student(on=browser, phone=True)
        ada.address = ada.address.replace("localhost", "school.test")
        ada.open(code)
        ada.take_name("Ada")
        ada.sees("its address must begin with https")
        album.take(ada, "join-no-https")
