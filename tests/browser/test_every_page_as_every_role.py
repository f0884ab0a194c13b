"""Every address with its parameters as every role and as nobody, in a real browser: as docs/roles.md says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.signed_in import COOKIE
from monitor.people.accounts import Role
from monitor.store.store import Store, open_store
from tests.app.test_pages_for_each_role import EVERYBODYS, ROLES, RUNS, address
from tests.browser.places import page_names
from tests.browser.server import Server
from tests.roles import STANDINGS, Thing, table, things

pytestmark = pytest.mark.long

AT_ONCE = 5
PATIENCE_MS = 60_000
SETTLED = """() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && document.querySelector('[data-testid=stMain]')?.innerText.trim()
    && !document.querySelector('[data-testid=stSkeleton]')
    && [...document.querySelectorAll('[data-testid=stDataFrame]')].every(
      (one) => !one.checkVisibility() || one.querySelector('[role=gridcell]'))"""
AT_THE_DOOR = "() => location.pathname == '/sign-in' && document.querySelector('h1')"
# Tables are drawn, and late: only then is there what those hear who cannot see. One on a tab that is not open never is.
READ = "() => [document.body.textContent, document.querySelector('h1')?.textContent ?? '']"
PAGES = {row["page"]: row for row in table("page", "administrator")}


@dataclass(frozen=True)
class Somebody:
    """With what is theirs, shared, others' and nobody's: ended, and running."""

    context: BrowserContext
    ended: dict[str, Thing]
    running: dict[str, Thing]


@dataclass(frozen=True)
class Read:
    words: str
    heading: str


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("roles")) as started:
        yield started


@pytest.fixture(scope="module")
def store(server: Server) -> Iterator[Store]:
    opened = open_store(server.database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def be(server: Server, store: Store, browser: Browser) -> Iterator[Callable[[str], Somebody]]:
    """One browser; a context for each role."""
    made: dict[str, Somebody] = {}

    def be(role: str) -> Somebody:
        if role not in made:
            made[role] = _somebody(server, store, browser.new_context(base_url=server.address, locale="en-GB"), role)
        return made[role]

    yield be
    for one in made.values():
        one.context.close()


def _somebody(server: Server, store: Store, context: BrowserContext, role: str) -> Somebody:
    now, short = datetime.now(UTC), role.replace(" ", "-")
    account = store.accounts.create(f"the-{short}", ROLES.get(role), now)
    if role != "nobody":
        session = store.sign_ins.begin(account.id, now)
        context.add_cookies([{"name": COOKIE, "value": session, "url": server.address}])
    ended = things(store, account, number=f"-{short}")
    return Somebody(context, ended, things(store, account, running=True, number=f"-{short}-live"))


def visit(context: BrowserContext, addresses: Sequence[str], settled: str = SETTLED) -> list[Read]:
    """Some at a time, in tabs of one browser; each leaf of a page is opened."""
    found = []
    for start in range(0, len(addresses), AT_ONCE):
        tabs = [context.new_page() for _one in addresses[start : start + AT_ONCE]]
        for tab, one in zip(tabs, addresses[start:], strict=False):
            tab.goto(one, wait_until="commit")
        for tab in tabs:
            tab.wait_for_function(settled, timeout=PATIENCE_MS)
            found.append(Read(*tab.evaluate(READ)))
            for leaf in tab.get_by_role("tab").all()[1:]:
                leaf.click()
                tab.wait_for_function(settled, timeout=PATIENCE_MS)
                found[-1] = Read(found[-1].words + tab.evaluate(READ)[0], found[-1].heading)
            tab.close()
    return found


def written(page: str, thing: Thing) -> str:
    """Its address."""
    view, parameters = address(page, thing)
    path = page_names()[view]
    return f"/{path}?" + "&".join(f"{name}={value}" for name, value in parameters.items())


def level(read: str, how: str) -> str:
    if f"Zelda {how}" in read:
        return "names"
    return "figures" if f"Lesson {how}" in read or f"Class {how}" in read else "refused"


@pytest.mark.parametrize("role", ["administrator", "teacher", "observer"])
def test_an_address_shows_of_each_object_what_the_table_says(be: Callable[[str], Somebody], role: str) -> None:
    who, told, addresses = be(role), {}, []
    for row in table("page", "role"):
        if row["role"] == role and row["own"] != "–":
            for how in STANDINGS:
                told[row["page"], how] = row[how]
                thing = (who.running if row["page"] in RUNS else who.ended)[how]
                addresses.append(written(row["page"], thing))
    live = {page: "-live" if page in RUNS else "" for page, _how in told}
    read = visit(who.context, addresses)
    found = {
        (page, how): level(one.words, f"{how}-{role}{live[page]}") for (page, how), one in zip(told, read, strict=True)
    }
    assert found == told


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_an_address_that_a_role_does_not_have_leads_to_its_first_page(be: Callable[[str], Somebody], role: str) -> None:
    who = be(role)
    other = who.running["other's"]
    asked = f"?lesson={other.lesson.id}&student={other.student.id}&class={other.school_class.id}"
    refused = [page for page, row in PAGES.items() if row[role] != "yes"]
    settled = AT_THE_DOOR if role == "nobody" else SETTLED
    first, *others = visit(who.context, ["/" + asked, *(f"/{page}{asked}" for page in refused)], settled)
    assert {page: read.heading for page, read in zip(refused, others, strict=True)} == dict.fromkeys(
        refused, first.heading
    )
    how = f"other's-{role.replace(' ', '-')}-live"
    assert [level(read.words, how) for read in (first, *others)] == ["refused"] * (len(refused) + 1)


def test_every_page_of_the_table_is_walked() -> None:
    assert set(PAGES) == set(page_names()) - set(EVERYBODYS)
    assert set(Role) <= set(ROLES.values())
