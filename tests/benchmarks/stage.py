"""What the benchmarks share: a server, a lesson, Chromium, and a way to say the figures."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import camera, database
from tests.browser.chromium import launch
from tests.browser.install import find_chromium
from tests.browser.people import Student, Teacher
from tests.browser.server import Server

LONG_MS = 120_000
STUDENTS_PER_BROWSER = 2

# On the student's page: notes when it says that the face is measured.
WATCH_WORDS = """
new MutationObserver(() => {
  if (window.clickedAt && !window.measuredAt && document.body.textContent.includes("being measured"))
    window.measuredAt = Date.now();
}).observe(document, {subtree: true, childList: true, characterData: true});
"""
# In the camera's frame.
CLICK_AT = "(button, at) => setTimeout(() => { window.top.clickedAt = Date.now(); button.click(); }, at - Date.now())"


@dataclass(frozen=True)
class Stage:
    """A running server with one running lesson."""

    server: Server
    code: str
    folder: Path
    playwright: Playwright
    chromium: Path

    def browser(self, pictures: Iterable[camera.Picture] | None = None) -> Browser:
        """Its camera plays `pictures`."""
        film = camera.film(self.folder / "film.y4m", pictures) if pictures is not None else None
        return launch(self.playwright, self.chromium, film)

    @contextmanager
    def browsers(self, students: int, pictures: Iterable[camera.Picture]) -> Iterator[list[Browser]]:
        """One entry per student. A browser serves two at most.

        All tabs of a browser share its one fake camera, which lends each picture until the tab gives it back: with
        five and more tabs all of its buffers are out at times, and the camera stands still for good.
        """
        film = camera.film(self.folder / "film.y4m", pictures)
        with ExitStack() as opened:
            launched = [
                opened.enter_context(launch(self.playwright, self.chromium, film))
                for _ in range(-(-students // STUDENTS_PER_BROWSER))
            ]
            yield [launched[number // STUDENTS_PER_BROWSER] for number in range(students)]

    def student(self, browser: Browser, name: str) -> Student:
        """At the START button, in a window of a phone's size."""
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        student = Student(page, self.server.address)
        page.set_default_timeout(LONG_MS)
        student.open(self.code)
        student.take_name(name)
        student.start_button.wait_for()
        return student

    def teacher(self, browser: Browser) -> Teacher:
        """At the live view."""
        page = browser.new_context(viewport={"width": 1366, "height": 800}).new_page()
        page.context.add_cookies([self.server.cookie])
        teacher = Teacher(page, self.server.address)
        page.set_default_timeout(LONG_MS)
        teacher.watch()
        return teacher


@contextmanager
def stage(ago: timedelta = timedelta(), **settings: str) -> Iterator[Stage]:
    """`ago`: since when the lesson runs; `settings`: of the server, see monitor/settings.py."""
    # A benchmark that is told to stop takes its server and its browsers with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no Chromium was found; see `python -m tests.browser.install`")
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), new=False, **settings) as server:
        code = database.start_lesson(server, "Benchmark", ago=ago)
        with sync_playwright() as playwright:
            yield Stage(server, code, Path(folder), playwright, chromium)


def start_together(students: Sequence[Student], in_ms: int = 1000) -> None:
    """Clicks START on all pages at the same moment, `in_ms` from now, and has them watch for the outcome."""
    for student in students:
        student.page.evaluate(WATCH_WORDS)
    at = 1000 * time.time() + in_ms
    for student in students:
        student.start_button.evaluate(CLICK_AT, at)


def spread(values: Iterable[float], digits: int = 2) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    known = np.array(list(values), np.float64)
    if not known.size:
        return {}
    found = {"p50": np.percentile(known, 50), "p95": np.percentile(known, 95), "max": known.max()}
    return {name: round(float(value), digits) for name, value in found.items()}


def say(**figures: object) -> None:
    """One line of JSON."""
    print(json.dumps(figures, ensure_ascii=False), flush=True)
