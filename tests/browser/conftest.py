"""A real server, real browsers with a film for a camera, and people who use them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from tests.browser import camera
from tests.browser.album import Album
from tests.browser.chromium import launch
from tests.browser.install import find_chromium
from tests.browser.people import Person, Student, Teacher
from tests.browser.server import Server
from tests.missing import missing

LAPTOP, PHONE = (1366, 800), (390, 844)
AT_TABLE = pytest.StashKey[list[Person]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Of a test that failed: what stood on the pages, and the end of the server's log."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Exception):
        for person in item.stash.get(AT_TABLE, []):
            read = "closed already" if person.page.is_closed() else person.reads()
            report.sections.append((f"page {person.page.url}", read))  # type: ignore[attr-defined]
        server = getattr(item, "funcargs", {}).get("server")
        if isinstance(server, Server):
            report.sections.append(("server", server.log.read_text()[-4000:]))  # type: ignore[attr-defined]
    return report


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = find_chromium()
    if found is None:
        missing("no Chromium was found; see `python -m tests.browser.install`")
    return found


@pytest.fixture(scope="session")
def playwright(chromium: Path) -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Sees a face: of FACE_MEDIA's video where there is one."""
    film = camera.film(tmp_path_factory.mktemp("camera") / "face.y4m", camera.face(6))
    with launch(playwright, chromium, film) as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as started:
        yield started


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Iterator[list[Person]]:
    """Everybody with an open page; their pages are closed at the end."""
    people = request.node.stash.setdefault(AT_TABLE, [])
    yield people
    for person in people:
        person.page.context.close()


@pytest.fixture
def teacher(browser: Browser, server: Server, table: list[Person]) -> Teacher:
    page = _page(browser, LAPTOP)
    page.context.add_cookies([server.cookie])
    table.append(Teacher(page, server.address))
    return table[-1]  # type: ignore[return-value]


@pytest.fixture
def student(browser: Browser, server: Server, table: list[Person]) -> Callable[..., Student]:
    """Makes a student; `phone` for a page of a phone's size, `on` for a browser of the student's own."""

    def make(phone: bool = False, on: Browser = browser) -> Student:
        made = Student(_page(on, PHONE if phone else LAPTOP), server.address)
        table.append(made)
        return made

    return make


@pytest.fixture
def album() -> Album:
    return Album(os.environ.get("SCREENSHOTS"), (LAPTOP, PHONE))


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    width, height = size
    # A proxy of the tests has a certificate that nobody signed.
    screen: ViewportSize = {"width": width, "height": height}
    return browser.new_context(viewport=screen, accept_downloads=True, ignore_https_errors=True).new_page()
