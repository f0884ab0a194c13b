"""All of the store's tests run on both databases, each on the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.store import Store, open_store
from tests.missing import missing
from tests.postgres import Postgres, programs, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    where = programs()
    if where is None:
        missing("no PostgreSQL was found; on Debian `apt-get install postgresql`")
    with running(where) as server:
        yield server


@pytest.fixture(scope="session")
def database(postgres: Postgres) -> str:
    """One for all tests, each of which finds it empty: to make one takes a second under load."""
    return postgres.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = open_store("sqlite://")
    else:
        url = request.getfixturevalue("database")
        request.getfixturevalue("postgres").empty(url)
        opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of a database that lies on the disk."""
    return tmp_path / "class.db"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"
