"""Two dashboards behind the nginx of deploy/, one PostgreSQL: a lesson is one, wherever its people are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser import database
from tests.browser.people import Person, Student, Teacher
from tests.browser.proxy import Nginx, client
from tests.browser.server import Server, set_up_by_the_teacher
from tests.missing import missing
from tests.postgres import Postgres, programs, running

STICKY = "classroom_replica"
LET_GO_WITHIN_S = 3
"""How long a device may go on being measured after another dashboard let it go: a look each second, and its time."""

NOT_A_BREAK_S = 4
"""Between two seconds of a student whose dashboard lives on: below the 10 s for which the proxy thinks of one as dead,
above what two processors miss while a page starts its camera anew beside two browsers."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    where = programs()
    if where is None:
        missing("no PostgreSQL was found; on Debian `apt-get install postgresql`")
    with running(where) as started:
        yield started


@dataclass(frozen=True)
class Replicas:
    a: Server
    b: Server
    nginx: Nginx


@pytest.fixture(scope="module")
def replicas(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Started together on a database in which nothing is."""
    postgres.say("CREATE DATABASE shared")
    url, folders = postgres.address("shared"), [tmp_path_factory.mktemp(name) for name in "ab"]
    a, b = (Server(folder, new=True, database_url=url, listens="127.0.0.1", replicas="2") for folder in folders)
    try:
        with ThreadPoolExecutor(2) as together:
            list(together.map(Server.start, (a, b)))
        a.session = b.session = set_up_by_the_teacher(url)
        dashboards = {"127.0.0.1:8501": f"127.0.0.1:{a.port}", "127.0.0.1:8502": f"127.0.0.1:{b.port}"}
        escaped = {r"127\.0\.0\.1:8501": rf"127\.0\.0\.1:{a.port}", r"127\.0\.0\.1:8502": rf"127\.0\.0\.1:{b.port}"}
        with Nginx(tmp_path_factory.mktemp("nginx"), "nginx-replicas.conf", dashboards | escaped) as nginx:
            a.address = b.address = nginx.address
            yield Replicas(a, b, nginx)
    finally:
        a.stop()
        b.stop()


@pytest.fixture(scope="module")
def server(replicas: Replicas) -> Server:
    """Where the people's pages find the dashboard: the proxy."""
    return replicas.a


def at(replica: str, person: Person) -> None:
    """The proxy sends this person there, as a visit before would have made it."""
    person.page.context.add_cookies([{"name": STICKY, "value": replica, "url": person.address}])


def replica_of(page: Page) -> str:
    (own,) = [one["value"] for one in page.context.cookies() if one["name"] == STICKY]
    return own


def test_a_lesson_is_one_wherever_its_people_are_and_outlives_a_replica(
    replicas: Replicas, teacher: Teacher, student: Callable[..., Student]
) -> None:
    a, b = replicas.a, replicas.b
    code = database.start_lesson(a, "Fractions", ["Ada", "Ben"])
    ada, ben = student(), student()
    for person, replica in ((teacher, "a"), (ada, "b"), (ben, "a")):
        at(replica, person)
    ada.join(code, "Ada")
    ben.join(code, "Ben")
    teacher.watch()
    for name in ("Ada", "Ben"):
        teacher.sees_student(name, "face")
    assert [replica_of(one.page) for one in (teacher, ada, ben)] == ["a", "b", "a"]

    b.kill()
    killed_at = time.time()
    assert killed_at - (database.seconds(a, "Ada")[-1] + 1) <= 2
    # Her page finds the other and starts the camera again; a click on START is for a page that did not.
    try:
        database.wait_for(a, "Ada", killed_at, patience_s=25)
    except TimeoutError:
        ada.start_camera()
        database.wait_for(a, "Ada", killed_at)
    assert replica_of(ada.page) == "a"
    teacher.sees_student("Ada", "face")
    kept = database.seconds(a, "Ben")
    assert max(later - earlier for earlier, later in pairwise(kept)) <= NOT_A_BREAK_S

    b.start()
    ada.page.reload()
    ada.start_button.wait_for()
    assert replica_of(ada.page) == "a", "who has moved stays"
    at("b", ben)
    ben.page.reload()
    ben.press("Leave", exact=True)
    teacher.sees_student("Ben", "left")
    assert replica_of(ben.page) == "b"


def test_what_is_decided_at_one_replica_holds_at_the_other(replicas: Replicas, student: Callable[..., Student]) -> None:
    a = replicas.a
    code = database.start_lesson(a, "Poems")
    old, new = student(), student()
    at("a", old)
    at("b", new)
    old.join(code, "Cem")
    new.open(code)
    new.take_name("Cem")
    new.press("That is me")
    taken_at = time.time()
    old.sees("on another device now")
    expect(old.start_button).to_have_count(0)
    new.start_camera()
    new.is_measured()
    before = database.seconds(a, "Cem")
    assert before
    database.wait_for(a, "Cem", taken_at + LET_GO_WITHIN_S)

    database.end_lesson(a, code)
    ended_at = time.time()
    new.sees("is over")
    time.sleep(max(0.0, ended_at + LET_GO_WITHIN_S + 1 - time.time()))
    assert max(database.seconds(a, "Cem")) <= ended_at + LET_GO_WITHIN_S


def test_they_made_the_tables_once(replicas: Replicas) -> None:
    told = "".join(one.log.read_text() for one in (replicas.a, replicas.b))
    assert "cannot be prepared" not in told
    assert told.count("Nobody can administer this dashboard yet") == 2


def test_newcomers_are_spread_and_who_keeps_no_cookie_stays_by_address(replicas: Replicas) -> None:
    def answered(path: str, address: str) -> str:
        return client(replicas.nginx, address).post(path).headers["Set-Cookie"].split(";")[0]

    both = {f"{STICKY}=a", f"{STICKY}=b"}
    assert {answered("/nothing", "127.0.0.2") for _time in range(20)} == both
    senders = [{answered("/whip/code", f"127.0.0.{host}") for _time in range(6)} for host in range(2, 22)]
    assert {len(one) for one in senders} == {1}
    assert set().union(*senders) == both
