"""The entrance over HTTP: signing in, the first set-up, invitations; each with what a browser would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import entrance, resources
from app.access import FREE_TRIES
from app.entrance import routes
from app.headers import headers
from app.signed_in import COOKIE
from monitor.people.accounts import Role
from monitor.people.audit import Action
from monitor.people.passwords import Hasher
from monitor.people.purpose import Purpose
from monitor.settings import Settings
from monitor.store.store import Store

HERE = {"origin": "http://testserver"}
PASSWORD = "four words in a row"
SETUP = {
    "name": "eve",
    "password": PASSWORD,
    "again": PASSWORD,
    "purpose": "research",
    "words": "Vote 12 of the ethics committee",
}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """That of a server which nobody has set up."""
    monkeypatch.setenv("CLASSROOM_DATABASE_URL", "sqlite://")
    monkeypatch.setenv("CLASSROOM_PASSWORD_MEMORY", "8")
    monkeypatch.setenv("CLASSROOM_PASSWORD_ROUNDS", "1")
    st.cache_resource.clear()
    st.cache_data.clear()
    yield resources.whole_store()
    resources.whole_store().close()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def browser(store: Store) -> TestClient:
    return TestClient(Starlette(routes=routes(), middleware=headers()), follow_redirects=False)


@pytest.fixture
def ada(store: Store) -> None:
    made = Hasher(memory=8, rounds=1).hash(PASSWORD)
    store.accounts.create("ada", Role.ADMINISTRATOR, datetime.now(UTC), made)


def said(body: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", body, flags=re.DOTALL).split())


@pytest.mark.usefixtures("ada")
def test_signing_in_sets_a_cookie_that_no_script_reads_and_no_other_site_sends(
    browser: TestClient, store: Store
) -> None:
    answer = browser.post("/sign-in", data={"name": "ada", "password": PASSWORD}, headers=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # plain http, as on one's own computer
    account = store.sign_ins.whose(answer.cookies[COOKIE], datetime.now(UTC))
    assert account is not None
    assert account.name == "ada"
    (entry,) = store.audit.newest(1)
    assert (entry.deed.actor, entry.deed.action) == (f"account:{account.id}", Action.SIGN_IN)


@pytest.mark.usefixtures("ada")
def test_the_cookie_travels_by_https_only_where_the_page_does(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = TestClient(browser.app, "https://mood.example", follow_redirects=False)
    answer = direct.post(
        "/sign-in", data={"name": "ada", "password": PASSWORD}, headers={"origin": "https://mood.example"}
    )
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]
    monkeypatch.setenv("CLASSROOM_PUBLIC_URL", "https://mood.example")
    resources.settings.clear()
    proxied = TestClient(browser.app, "http://mood.example", follow_redirects=False)
    answer = proxied.post(
        "/sign-in", data={"name": "ada", "password": PASSWORD}, headers={"origin": "https://mood.example"}
    )
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "sent_by", [{"origin": "https://evil.example"}, {"origin": "null"}, {}, {"sec-fetch-site": "cross-site"}]
)
@pytest.mark.parametrize("path", ["/sign-in", "/setup", "/invitation"])
def test_a_form_of_another_site_is_refused(browser: TestClient, path: str, sent_by: dict[str, str]) -> None:
    answer = browser.post(path, data={"name": "ada", "password": PASSWORD}, headers=sent_by)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/report?lesson=3&student=4", "/report?lesson=3&student=4"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a/../b", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_it_leads_back_to_the_page_that_was_asked_for_and_nowhere_else(
    browser: TestClient, back: str, leads: str
) -> None:
    answer = browser.post("/sign-in", data={"name": "ada", "password": PASSWORD, "next": back}, headers=HERE)
    assert answer.headers["location"] == leads


@pytest.mark.usefixtures("ada")
def test_guessing_slows_down_by_name_and_then_the_right_password_waits_too(browser: TestClient) -> None:
    for _try in range(FREE_TRIES):
        answer = browser.post("/sign-in", data={"name": "ada", "password": "a guess"}, headers=HERE)
        assert answer.status_code == 401
        assert "This name and this password do not belong together." in said(answer.text)
    answer = browser.post("/sign-in", data={"name": "ADA", "password": PASSWORD}, headers=HERE)
    assert answer.status_code == 429
    assert "Please wait 2 s" in said(answer.text)


def test_what_was_typed_comes_back_as_text(browser: TestClient) -> None:
    answer = browser.post("/sign-in", data={"name": '"><script>x</script>', "password": "?"}, headers=HERE)
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_entrance_speaks_german(browser: TestClient) -> None:
    answer = browser.get("/sign-in", headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})
    assert '<html lang="de">' in answer.text
    assert "Anmelden" in said(answer.text)


def test_a_form_that_is_too_large_is_not_read(browser: TestClient) -> None:
    assert browser.post("/sign-in", data={"name": "x" * 70_000}, headers=HERE).status_code == 413


def test_a_form_that_does_not_say_how_large_it_is_is_not_read(browser: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"name=" + b"x" * 10_000

    form = {"content-type": "application/x-www-form-urlencoded", **HERE}
    assert browser.post("/sign-in", content=endless(), headers=form).status_code == 411


def test_the_link_of_the_terminal_makes_the_first_administrator_once(browser: TestClient, store: Store) -> None:
    token = resources.setup_link().make()
    page = browser.get("/setup", params={"token": token})
    assert "Article 5(1)(f) of the AI Act" in said(page.text)
    answer = browser.post("/setup", data={**SETUP, "token": token}, headers=HERE)
    assert answer.status_code == 303
    account = store.sign_ins.whose(answer.cookies[COOKIE], datetime.now(UTC))
    assert account is not None
    assert (account.name, account.role) == ("eve", Role.ADMINISTRATOR)
    stated = store.statements.current()
    assert stated is not None
    assert (stated.purpose, stated.words, stated.author) == (Purpose.RESEARCH, SETUP["words"], "eve")
    for again in (
        browser.get("/setup", params={"token": token}),
        browser.post("/setup", data={**SETUP, "name": "mallory", "token": token}, headers=HERE),
    ):
        assert again.status_code == 403
    assert [one.name for one in store.accounts.all()] == ["eve"]


@pytest.mark.parametrize("token", ["", "guessed"])
def test_without_the_link_nobody_becomes_administrator(browser: TestClient, store: Store, token: str) -> None:
    assert browser.get("/setup", params={"token": token}).status_code == 403
    resources.setup_link().make()
    assert browser.post("/setup", data={**SETUP, "token": token}, headers=HERE).status_code == 403
    assert store.accounts.all() == ()


@pytest.mark.usefixtures("ada")
def test_a_server_that_has_an_administrator_can_be_set_up_by_nobody(browser: TestClient) -> None:
    token = resources.setup_link().make()
    assert browser.post("/setup", data={**SETUP, "token": token}, headers=HERE).status_code == 403


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"purpose": ""}, "Please choose where and for what"),
        ({"words": " "}, "Please say in 3 to 2000 characters"),
        ({"password": "short"}, "A password has 12 to 256 characters"),
        ({"again": "four words in a column"}, "The two passwords differ"),
        ({"name": "two words"}, "A name to sign in with"),
    ],
)
def test_a_setup_that_is_not_whole_says_why_and_keeps_what_was_typed(
    browser: TestClient, store: Store, change: dict[str, str], told: str
) -> None:
    token = resources.setup_link().make()
    answer = browser.post("/setup", data={**SETUP, "token": token, **change}, headers=HERE)
    assert answer.status_code == 400
    assert told in said(answer.text)
    assert (SETUP["words"] in answer.text) == ("words" not in change)
    assert store.accounts.all() == ()
    assert store.statements.all() == ()


def test_an_invitation_gives_a_password_and_signs_in(browser: TestClient, store: Store) -> None:
    now = datetime.now(UTC)
    token = store.accounts.invite(store.accounts.create("ben", Role.TEACHER, now).id, now)
    assert "For the account “ben”" in said(browser.get("/invitation", params={"token": token}).text)
    sent = {"token": token, "password": PASSWORD, "again": PASSWORD}
    short = browser.post("/invitation", data={**sent, "password": "short"}, headers=HERE)
    assert short.status_code == 400
    answer = browser.post("/invitation", data=sent, headers=HERE)
    assert answer.status_code == 303
    assert store.sign_ins.whose(answer.cookies[COOKIE], now) is not None
    assert browser.post("/invitation", data=sent, headers=HERE).status_code == 403
    assert browser.get("/invitation", params={"token": token}).status_code == 403


def test_the_entrance_runs_no_script_and_is_shown_in_no_frame(browser: TestClient) -> None:
    answer = browser.get("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("public_url", "replicas", "address"),
    [
        ("https://classroom.school.example/", 1, "https://classroom.school.example/setup?token=once"),
        ("https://classroom.school.example", 2, "http://localhost:8501/setup?token=once"),
        ("", 1, "http://localhost:8501/setup?token=once"),
    ],
)
def test_the_link_of_the_terminal_leads_to_the_dashboard_that_made_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], public_url: str, replicas: int, address: str
) -> None:
    monkeypatch.setattr(resources, "settings", lambda: Settings(public_url=public_url, replicas=replicas))
    entrance._say_setup_link("once")
    assert capsys.readouterr().out.split()[-1] == address
