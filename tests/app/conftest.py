"""The dashboard without a browser: each page is run by Streamlit's own AppTest, on a real database."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from app import resources, settling
from app.signed_in import COOKIE
from monitor.people.accounts import Account, Role
from monitor.store.seen import seen_by
from monitor.store.store import Store
from tests.lesson import state
from tests.waiting import own_threads

MAIN = Path(__file__).parents[2] / "app" / "dashboard.py"
Visit = Callable[..., AppTest]
COOKIES: dict[str, str] = {}
"""What every browser sends."""


@pytest.fixture
def store(tmp_path: Path, network: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The database of a dashboard that has just been set up, as its administrator sees it: what a test puts there is
    the administrator's, who is signed in in each browser."""
    monkeypatch.setenv("CLASSROOM_DATABASE_URL", f"sqlite:///{tmp_path / 'class.db'}")
    monkeypatch.setenv("CLASSROOM_NETWORK", network)
    monkeypatch.setenv("CLASSROOM_DETECTOR", "haar")
    monkeypatch.setenv("CLASSROOM_PUBLIC_URL", "https://mood.school.example")
    # AppTest is no browser session, which the camera's component looks for.
    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    # One school's address for all; AppTest invents another for each run.
    monkeypatch.setattr(type(st.context), "ip_address", property(lambda context: "192.0.2.7"))
    monkeypatch.setenv("CLASSROOM_PASSWORD_MEMORY", "8")
    monkeypatch.setenv("CLASSROOM_PASSWORD_ROUNDS", "1")
    st.cache_resource.clear()
    st.cache_data.clear()
    whole = resources.whole_store()
    state(whole)
    own = account(whole, "teacher", Role.ADMINISTRATOR)
    monkeypatch.setattr(type(st.context), "cookies", property(lambda context: COOKIES))
    be(whole, own)
    yield seen_by(whole, own)
    end_process()
    assert own_threads() == [], "a test left a class running"


def end_process() -> None:
    """What a server runs ends, and what it knew is forgotten, as before it starts anew."""
    resources.housekeeping().stop()
    resources.recordings().stop()
    resources.classroom().stop()
    resources.whole_store().close()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(scope="module", autouse=True)
def what_other_tests_left_is_not_collected() -> Iterator[None]:
    """What other files imported, TensorFlow among it, is moved out of the collector's sight once for a file, and not by
    each dashboard that begins and settles."""
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "_freeze", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def packages_are_scanned_once() -> Iterator[None]:
    """Each AppTest would look through all installed packages for components, half a second a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


def account(whole: Store, name: str, role: Role | None) -> Account:
    return whole.accounts.create(name, role, datetime.now(UTC))


def be(whole: Store, who: Account | None) -> None:
    """From now on this account is signed in in every browser that opens a page; nobody where it is None."""
    COOKIES.clear()
    if who is not None:
        COOKIES[COOKIE] = whole.sign_ins.begin(who.id, datetime.now(UTC))


@pytest.fixture
def visit(store: Store) -> Visit:
    """Opens the dashboard in a new browser: `visit("start")` a teacher's page, `visit(join=code)` a student's.

    Who is signed in, an administrator, is so in all of them."""

    def open_page(page: str = "live", **address: str) -> AppTest:
        browser = AppTest.from_file(str(MAIN), default_timeout=120)
        if "join" in address or "check" in address:
            browser.query_params.update(address)
            return browser.run()
        browser.run()
        browser.query_params.update(address)
        return browser.switch_page(f"views/{page}.py").run()

    return open_page
