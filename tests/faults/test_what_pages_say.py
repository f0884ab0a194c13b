"""Faults of the database, made for real, and the words that a teacher reads on the page meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.domain import Frame
from monitor.people.accounts import Role
from monitor.store.seen import seen_by
from monitor.store.store import Store
from tests.app.conftest import COOKIES, MAIN, account, be, end_process
from tests.app.reading import press
from tests.faults.full_disk import SQLITE_MB, full, small_disk
from tests.faults.of_postgres import paused
from tests.lesson import seat, start, state
from tests.live.chalk import chalk_picture
from tests.postgres import Postgres
from tests.waiting import wait_until

AWAY = "The database does not answer just now"


@pytest.fixture
def dashboard(network: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Store]]:
    """Begins one on the database at an address, in which a teacher is signed in."""

    def begin(url: str) -> Store:
        for name, value in {"DATABASE_URL": url, "NETWORK": network, "DETECTOR": "haar"}.items():
            monkeypatch.setenv(f"CLASSROOM_{name}", value)
        monkeypatch.setattr(type(st.context), "cookies", property(lambda context: COOKIES))
        st.cache_resource.clear()
        st.cache_data.clear()
        whole = resources.whole_store()
        state(whole)
        own = account(whole, "teacher", Role.ADMINISTRATOR)
        be(whole, own)
        return seen_by(whole, own)

    with ExitStack() as kept:
        kept.callback(end_process)
        yield begin


def opened(page: str) -> AppTest:
    return AppTest.from_file(str(MAIN), default_timeout=60).run().switch_page(f"views/{page}.py").run()


def test_while_postgres_stands_still_the_live_page_says_so_and_comes_back(
    dashboard: Callable[[str], Store], postgres: Postgres
) -> None:
    url = postgres.url()
    start(dashboard(url), at=datetime.now(UTC))
    live = opened("live")
    assert not live.error
    with paused(postgres, url):
        live.run()
        assert not live.exception
        assert AWAY in live.error[0].value
    live.run()
    assert not live.error


def test_on_a_full_disk_the_live_page_counts_what_waits_and_no_lesson_begins(
    dashboard: Callable[[str], Store],
) -> None:
    with small_disk(SQLITE_MB) as disk:
        store = dashboard(f"sqlite:///{disk / 'class.db'}")
        ada = seat(store, start(store, at=datetime.now(UTC)))
        live, begin = opened("live"), opened("start")
        wait_until(resources.whole_store().forgetting.empty_log)  # else there might be room left in it
        with full(disk):
            _measure_until_it_waits(ada)
            told = [one.value for one in live.run().warning]
            assert any("samples wait in memory and are stored when it is back" in one for one in told)
            begin.text_input[0].set_value("Another " * 10)
            press(begin, "Start")
            assert not begin.exception
            assert AWAY in begin.error[0].value
        wait_until(lambda: resources.classroom().keeping.problem is None)
        assert not [one for one in live.run().warning if "wait in memory" in one.value]
        end_process()


def _measure_until_it_waits(student: int) -> None:
    room = resources.classroom()
    room.seat("ada", student)

    def trouble() -> bool:
        room.submit(Frame("ada", chalk_picture(), datetime.now(UTC)))
        return room.keeping.problem is not None

    wait_until(trouble)
