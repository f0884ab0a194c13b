"""The school's own sign-in: a real OpenID Connect provider on the loopback, and what a browser sends to and fro."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import streamlit as st
from oidc_provider_mock import run_server_in_thread
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import resources
from app import school as own
from app.access import FREE_TRIES
from app.entrance import routes
from app.headers import headers
from app.provider_door import COOKIE as ASKED
from app.signed_in import COOKIE
from monitor.people.accounts import Account, Role
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.test_coming_in import said

CALLBACK = "http://testserver/sign-in/callback"
ROLES = """{"administrator": ["head@school.example"], "teacher": ["staff", "@teachers.example"], "observer": ["board"],
"student": ["@students.example"]}"""
Come = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def school() -> Iterator[str]:
    """Its address. It knows whoever says so, but only clients that it was told of."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with run_server_in_thread(require_client_registration=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def client(school: str) -> dict[str, str]:
    """What the school gave this dashboard."""
    told = httpx.post(f"{school}/oauth2/clients", json={"redirect_uris": [CALLBACK]})
    return {name: told.json()[name] for name in ("client_id", "client_secret")}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, school: str, client: dict[str, str]) -> Iterator[Store]:
    chosen = {"database_url": "sqlite://", "oidc_issuer": school, "oidc_roles": ROLES, "oidc_name": "School of Example"}
    chosen |= {"oidc_client_id": client["client_id"], "oidc_client_secret": client["client_secret"]}
    for name, value in chosen.items():
        monkeypatch.setenv(f"CLASSROOM_{name.upper()}", value)
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
def come(browser: TestClient, school: str) -> Come:
    """Goes out to the school, signs in there and comes back: `come("ada", email=…, groups=[…])`."""

    def come(subject: str, back: str = "/", **claims: object) -> httpx.Response:
        httpx.put(f"{school}/users/{subject}", json=claims)
        answer: httpx.Response = browser.get(there(browser, subject, back))
        return answer

    return come


def there(browser: TestClient, subject: str, back: str = "/") -> str:
    """With which address the school sends this browser back."""
    out = browser.get("/sign-in/provider", params={"next": back})
    assert out.status_code == 303, said(out.text)
    answer = httpx.post(out.headers["location"], data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


def signed_in(store: Store, answer: httpx.Response) -> Account:
    assert answer.status_code == 303, said(answer.text)
    account = store.sign_ins.whose(answer.cookies[COOKIE], datetime.now(UTC))
    assert account is not None
    return account


def refused(store: Store, answer: httpx.Response, status: int = 403) -> str:
    assert answer.status_code == status, said(answer.text)
    assert COOKIE not in answer.cookies
    assert "Traceback" not in answer.text
    return said(answer.text)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"email": "Head@School.example"}, Role.ADMINISTRATOR),
        ({"email": "ada@school.example", "groups": ["choir", "staff"]}, Role.TEACHER),
        ({"email": "ben@teachers.example"}, Role.TEACHER),
        ({"email": "eve@school.example", "groups": "board"}, Role.OBSERVER),
        ({"email": "cem@students.example", "email_verified": True}, Role.STUDENT),
    ],
)
def test_whom_the_settings_give_a_role_has_it_from_the_first_sign_in_on(
    come: Come, store: Store, claims: dict[str, object], role: Role
) -> None:
    account = signed_in(store, come(str(claims["email"]), **claims))
    assert (account.name, account.role) == (claims["email"], role)
    newest = [(one.deed.actor, one.deed.action, one.deed.detail) for one in store.audit.newest(2)]
    assert newest == [
        (f"account:{account.id}", Action.SIGN_IN, "provider"),
        ("provider", Action.ROLES, f"added {role}"),
    ]
    again = signed_in(store, come(str(claims["email"]), **claims))
    assert again.id == account.id


def test_whom_the_settings_do_not_name_has_no_account_and_is_told(come: Come, store: Store) -> None:
    told = refused(store, come("mallory", email="mallory@elsewhere.example", groups=["guests"]))
    assert "this dashboard does not: nothing here is open to you" in told
    assert store.accounts.all() == ()
    (entry,) = store.audit.newest(1)
    assert (entry.deed.actor, entry.deed.action) == ("nobody", Action.SIGN_IN_FAILED)


def test_who_was_invited_under_the_address_is_known(come: Come, store: Store) -> None:
    invited = store.accounts.create("dana@elsewhere.example", Role.OBSERVER, datetime.now(UTC))
    account = signed_in(store, come("dana", email="dana@elsewhere.example", groups=["staff"]))
    assert (account.id, account.role) == (invited.id, Role.OBSERVER)  # the administrator's word holds
    moved = signed_in(store, come("dana", email="dana.new@elsewhere.example"))
    assert moved.id == invited.id
    told = refused(store, come("somebody-else", email="dana@elsewhere.example"))
    assert "belongs to somebody else" in told


def test_a_role_follows_the_school_until_an_administrator_says_otherwise(come: Come, store: Store) -> None:
    account = signed_in(store, come("fay", email="fay@school.example", groups=["staff"]))
    assert signed_in(store, come("fay", email="fay@school.example", groups=["board"])).role is Role.OBSERVER
    last = come("fay", email="fay@school.example", groups=["board"])
    refused(store, come("fay", email="fay@school.example", groups=[]))
    assert store.sign_ins.whose(last.cookies[COOKIE], datetime.now(UTC)) is None
    store.accounts.give_role(account.id, Role.TEACHER)
    assert signed_in(store, come("fay", email="fay@school.example", groups=["board"])).role is Role.TEACHER


def test_a_disabled_account_stays_outside(come: Come, store: Store) -> None:
    first = come("gus", email="gus@school.example", groups=["staff"])
    store.accounts.disable(signed_in(store, first).id, datetime.now(UTC))
    assert store.sign_ins.whose(first.cookies[COOKIE], datetime.now(UTC)) is None
    assert "disabled" in refused(store, come("gus", email="gus@school.example", groups=["staff"]))


@pytest.mark.parametrize(
    ("claims", "status", "told"),
    [
        ({"nonce": "another"}, 502, "invalid_claim"),
        ({"aud": "another-client"}, 502, "invalid_claim"),
        ({"iss": "https://evil.example"}, 502, "invalid_claim"),
        ({"exp": int(time.time()) - 3600}, 502, "expired_token"),
        ({"email": None}, 403, "gives no e-mail address"),
        ({"email_verified": False}, 403, "gives no e-mail address"),
    ],
)
def test_an_answer_that_is_not_right_opens_nothing(
    come: Come, store: Store, claims: dict[str, object], status: int, told: str
) -> None:
    answer = come("hal", **{"email": "hal@teachers.example", **claims})
    assert told in refused(store, answer, status)
    assert store.accounts.all() == ()


@pytest.mark.parametrize("change", ["another state", "no state", "no cookie", "another browser", "an odd cookie"])
def test_an_answer_belongs_to_the_browser_that_asked(
    browser: TestClient, store: Store, school: str, change: str
) -> None:
    httpx.put(f"{school}/users/ivy", json={"email": "ivy@teachers.example"})
    back = urlsplit(there(browser, "ivy"))
    code, state = (parse_qs(back.query)[name][0] for name in ("code", "state"))
    if change == "no cookie":
        browser.cookies.clear()
    elif change == "another browser":
        browser.cookies.clear()
        there(browser, "ivy")
    elif change == "an odd cookie":
        browser.cookies.clear()
        browser.cookies.set(ASKED, "eyJ", path="/sign-in/callback")
    sent = {"code": code, "state": {"another state": state[::-1], "no state": ""}.get(change, state)}
    assert "Please sign in again" in refused(store, browser.get("/sign-in/callback", params=sent))


def test_a_code_works_once(browser: TestClient, store: Store, school: str) -> None:
    httpx.put(f"{school}/users/ivy", json={"email": "ivy@teachers.example"})
    back = there(browser, "ivy")
    kept = browser.cookies[ASKED]
    signed_in(store, browser.get(back))
    assert ASKED not in browser.cookies
    browser.cookies.set(ASKED, kept, path="/sign-in/callback")
    assert "invalid_grant" in refused(store, browser.get(back), 502)


def test_who_says_no_at_the_school_is_not_signed_in(browser: TestClient, store: Store) -> None:
    out = browser.get("/sign-in/provider")
    answer = httpx.post(out.headers["location"], data={"action": "deny"})
    state = parse_qs(urlsplit(out.headers["location"]).query)["state"][0]
    assert "access_denied" in answer.headers["location"]
    sent = {"error": "access_denied", "state": state}
    assert "did not let you in" in refused(store, browser.get("/sign-in/callback", params=sent))


@pytest.mark.parametrize(
    ("back", "leads"),
    [("/report?lesson=3", "/report?lesson=3"), ("https://evil.example", "/"), ("//evil.example", "/")],
)
def test_it_leads_back_to_a_page_of_this_dashboard_and_nowhere_else(come: Come, back: str, leads: str) -> None:
    answer = come("ada", back, email="ada@teachers.example")
    assert answer.headers["location"] == leads
    session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(COOKIE))
    assert "HttpOnly" in session
    assert "SameSite=strict" in session


def test_a_school_that_is_down_is_told_and_passwords_go_on(
    browser: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_OIDC_ISSUER", "http://localhost:9")
    resources.settings.clear()
    for _try in range(2 * FREE_TRIES):  # nobody's fault, so it slows nobody down
        assert "does not answer just now" in refused(store, browser.get("/sign-in/provider"), 503)
    assert 'name="password"' in browser.get("/sign-in").text


def test_a_wrong_secret_is_told_and_never_logged(
    come: Come, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CLASSROOM_OIDC_CLIENT_SECRET", "a-wrong-secret-7f3")
    resources.settings.clear()
    with caplog.at_level(logging.DEBUG):
        told = refused(store, come("ada", email="ada@teachers.example"), 502)
    assert "invalid_client" in told
    for where in (told, caplog.text, repr(own.provider()), repr(resources.settings())):
        assert "a-wrong-secret-7f3" not in where


def test_a_wrong_address_is_told(
    browser: TestClient, store: Store, school: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_OIDC_ISSUER", f"{school}/jwks/of/nobody")
    resources.settings.clear()
    refused(store, browser.get("/sign-in/provider"), 503)


def test_wrong_answers_slow_down_and_do_not_shut_the_other_door(browser: TestClient, store: Store) -> None:
    for _try in range(FREE_TRIES):
        refused(store, browser.get("/sign-in/callback", params={"code": "guessed", "state": "guessed"}))
    assert "Please wait" in refused(store, browser.get("/sign-in/callback", params={"code": "guessed"}), 429)
    form = {"name": "ada", "password": "a guess"}
    assert browser.post("/sign-in", data=form, headers={"origin": "http://testserver"}).status_code == 401


def test_the_sign_in_page_shows_both_ways(browser: TestClient) -> None:
    page = browser.get("/sign-in", params={"next": "/report?lesson=3"}).text
    assert "Sign in with School of Example" in said(page)
    assert "/sign-in/provider?next=%2Freport%3Flesson%3D3" in page
    assert 'name="password"' in page


def test_without_a_provider_there_is_one_way_only(
    browser: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_OIDC_ISSUER", "")
    resources.settings.clear()
    assert "/sign-in/provider" not in browser.get("/sign-in").text
    refused(store, browser.get("/sign-in/provider"), 404)
