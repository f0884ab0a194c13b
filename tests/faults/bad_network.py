"""A student behind a bad way to the server: a real Chromium in a network namespace, a real server, see `wire`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.browser import camera, database
from tests.browser.chromium import launch
from tests.browser.people import Student
from tests.browser.server import Server
from tests.faults.wire import HERE, Wire, inside, wire

NAMESPACE = "clas"
LOSS, DELAY_S = 0.1, 0.3
# The page is opened by an address that is not the server's own name for itself.
OPEN = {"STREAMLIT_SERVER_ENABLE_CORS": "false", "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false"}
CUT = "No connection to the server"


@dataclass(frozen=True)
class Far:
    """A student who is measured, at the other end of the wire."""

    server: Server
    wire: Wire
    page: Page

    @property
    def seconds(self) -> int:
        """Of which a sample is kept."""
        return len(database.seconds(self.server, "Ada"))

    def measured_after(self, since: float, patience_s: float = 60.0) -> float:
        """Seconds until a second is kept that began after `since`."""
        database.wait_for(self.server, "Ada", since, patience_s)
        return round(time.time() - since, 1)

    def says_that_it_is_cut(self) -> None:
        self.page.get_by_text(CUT).first.wait_for(timeout=20_000)

    def says_so_no_more(self) -> None:
        self.page.get_by_text(CUT).first.wait_for(state="hidden", timeout=20_000)


@contextmanager
def far(playwright: Playwright, chromium: Path, folder: Path) -> Iterator[Far]:
    film = camera.film(folder / "face.y4m", camera.the_astronaut(4))
    os.environ.update(OPEN)
    try:
        with wire(NAMESPACE) as way, Server(folder) as server:
            address = f"http://{HERE}:{server.port}"
            flags = [f"--unsafely-treat-insecure-origin-as-secure={address}"]  # a camera needs https, or this
            with launch(playwright, inside(NAMESPACE, chromium, folder), film, flags) as browser:
                page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
                ada = Student(page, address)
                ada.join(database.start_lesson(server, "Fractions"), "Ada")
                yield Far(server, way, page)
    finally:
        for name in OPEN:
            del os.environ[name]


def worsen(student: Far, seconds: float) -> tuple[int, float]:
    """Packets lost, and the share of the seconds that are kept while a tenth is lost and all are late."""
    way = student.wire
    way.loss, way.delay_s = LOSS, DELAY_S
    time.sleep(2)
    before = student.seconds
    time.sleep(seconds)
    share = (student.seconds - before) / seconds
    way.loss, way.delay_s = 0.0, 0.0
    return way.lost, round(share, 2)


def cut(student: Far, seconds: float, number: int | None = None) -> float:
    """Nothing passes for so long, and perhaps the student has another address after that: seconds from then until the
    student is measured again. Raises playwright's TimeoutError when the page does not say that it is cut off."""
    student.wire.cut = True
    end = time.time() + seconds
    student.says_that_it_is_cut()
    time.sleep(max(0.0, end - time.time()))
    if number is not None:
        student.wire.move(number)
    student.wire.cut = False
    after = student.measured_after(time.time())
    student.says_so_no_more()
    return after


def move(student: Far, number: int) -> float:
    """Another address without a gap: seconds until the student is measured again."""
    student.wire.move(number)
    moved_at = time.time()
    student.says_that_it_is_cut()
    student.measured_after(time.time())
    return round(time.time() - moved_at, 1)
