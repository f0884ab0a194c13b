"""The door of uploads, over HTTP: each with what a browser would send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.process import whole_store
from app.signed_in import COOKIE
from app.upload_door import upload_door
from monitor.people.accounts import Role
from monitor.store.store import Store

FILE = "/_stcore/upload_file/a-page/a-file"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("CLASSROOM_DATABASE_URL", "sqlite://")
    st.cache_resource.clear()
    yield whole_store()
    whole_store().close()
    st.cache_resource.clear()


@pytest.fixture
def browser(store: Store) -> TestClient:
    """Before a server that takes whatever is sent."""

    async def take(request: Request) -> Response:
        await request.body()
        return Response(status_code=204)

    routes = [Route(path, take, methods=["PUT", "POST", "DELETE", "OPTIONS"]) for path in (FILE, f"/mood{FILE}")]
    return TestClient(Starlette(routes=routes, middleware=upload_door()))


def sign_in(browser: TestClient, store: Store, role: Role | None) -> int:
    account = store.accounts.create("ada", role, datetime.now(UTC))
    browser.cookies[COOKIE] = store.sign_ins.begin(account.id, datetime.now(UTC))
    return account.id


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("path", [FILE, f"/mood{FILE}"])
def test_whoever_is_not_signed_in_brings_nothing_and_takes_nothing_away(
    browser: TestClient, method: str, path: str
) -> None:
    answer = browser.request(method, path, content=b"x" * 1000)
    assert (answer.status_code, "sign in" in answer.text) == (401, True)
    browser.cookies[COOKIE] = "made up"
    assert browser.request(method, path).status_code == 401


@pytest.mark.parametrize("role", [None, *Role])
def test_who_teaches_has_pages_that_take_files_and_nobody_else(
    browser: TestClient, store: Store, role: Role | None
) -> None:
    sign_in(browser, store, role)
    teaches = role in (Role.TEACHER, Role.ADMINISTRATOR)
    assert browser.put(FILE, content=b"a picture").status_code == (204 if teaches else 403)


def test_who_is_shut_out_brings_nothing_any_more(browser: TestClient, store: Store) -> None:
    account = sign_in(browser, store, Role.TEACHER)
    assert browser.put(FILE).status_code == 204
    store.accounts.disable(account, datetime.now(UTC))
    assert browser.put(FILE).status_code == 401


def test_asking_what_is_allowed_needs_nobody(browser: TestClient) -> None:
    assert browser.options(FILE).status_code == 204
