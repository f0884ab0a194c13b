"""Out to the school's own sign-in and back, in a real browser: another site, as far as cookies are concerned."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, expect

from tests.browser.album import Album
from tests.browser.people import Person
from tests.browser.server import Server


@pytest.fixture(scope="module")
def school() -> Iterator[str]:
    """Pages of this server are at "localhost", which is another site than a number."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with run_server_in_thread() as provider:
        yield f"http://127.0.0.1:{provider.server_port}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, school: str) -> Iterator[Server]:
    with Server(
        tmp_path_factory.mktemp("school"),
        oidc_issuer=school,
        oidc_client_id="classroom",
        oidc_client_secret="a secret of the test",
        oidc_name="School of Example",
        oidc_roles='{"teacher": ["staff"]}',
    ) as started:
        yield started


def test_a_teacher_signs_in_at_the_school_and_out_here(
    browser: Browser, server: Server, school: str, album: Album, table: list[Person]
) -> None:
    httpx.put(f"{school}/users/ada", json={"email": "ada@school.example", "groups": ["staff"]})
    ada = Person(browser.new_page(), server.address)
    table.append(ada)
    ada.page.goto(f"{server.address}/classes?lang=en")
    ada.page.get_by_role("link", name="Sign in with School of Example").wait_for()
    album.take(ada, "sign-in")
    ada.page.get_by_role("link", name="Sign in with School of Example").click()
    ada.page.get_by_role("textbox").fill("ada")
    ada.page.get_by_role("button", name="Authorize").click()
    ada.page.get_by_role("heading", name="Classes").wait_for()
    ada.is_settled()
    assert ada.page.url.split("?")[0] == f"{server.address}/classes"
    album.take(ada, "signed-in")
    ada.press("ada@school.example")
    ada.page.get_by_role("button", name="Sign out").click()
    ada.page.get_by_role("button", name="Sign in", exact=True).wait_for()
    ada.page.goto(f"{server.address}/classes")
    expect(ada.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "code=" not in server.log.read_text()


def come(somebody: Person, subject: str) -> None:
    somebody.page.goto(f"{somebody.address}/sign-in/provider")
    somebody.page.get_by_role("textbox").fill(subject)
    somebody.page.get_by_role("button", name="Authorize").click()


def test_who_is_unknown_reads_why_and_is_not_signed_in(
    browser: Browser, server: Server, school: str, album: Album, table: list[Person]
) -> None:
    httpx.put(f"{school}/users/mallory", json={"email": "mallory@elsewhere.example"})
    mallory = Person(browser.new_page(), server.address)
    table.append(mallory)
    come(mallory, "mallory")
    mallory.sees("nothing here is open to you")
    album.take(mallory, "unknown")
    mallory.page.get_by_role("link", name="Sign in").click()
    expect(mallory.page.get_by_role("heading", name="Sign in")).to_be_visible()
