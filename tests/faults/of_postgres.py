"""What can befall a PostgreSQL, made for real. Each fault lasts as long as its `with`."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from tests.faults.feeding import Suffered, suffer
from tests.faults.full_disk import full, small_disk
from tests.postgres import Postgres

ALL = 60  # connections that tests/postgres.py allows
DISK_MB = 64
Fault = Callable[[Postgres, str], AbstractContextManager[None]]


@contextmanager
def away(server: Postgres, url: str) -> Iterator[None]:
    """Ended as by a power cut, and started anew."""
    server.stop("immediate")
    try:
        yield
    finally:
        server.start()


@contextmanager
def paused(server: Postgres, url: str) -> Iterator[None]:
    server.pause()
    try:
        yield
    finally:
        server.resume()


@contextmanager
def used_up(server: Postgres, url: str) -> Iterator[None]:
    """Others hold all its connections, ours among them."""
    with ExitStack() as held:
        say = held.enter_context(_connection(url, "postgres"))
        name = make_url(url).database
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        for _ in range(ALL - 1):
            say.execute(ours, [name])
            with contextlib.suppress(psycopg.OperationalError):  # all are in use already
                held.enter_context(_connection(url, "postgres"))
        say.execute(ours, [name])
        yield


@contextmanager
def disk_full(server: Postgres, url: str) -> Iterator[None]:
    """That on which the tables lie, see `on_small_disk`."""
    query = "SELECT pg_tablespace_location(dattablespace) FROM pg_database WHERE datname = current_database()"
    with _connection(url) as asking:
        (where,) = asking.execute(query).fetchone() or ("",)
    with full(Path(str(where))):
        yield


@contextmanager
def on_small_disk(server: Postgres) -> Iterator[str]:
    """The address of a database on a disk of its own."""
    with small_disk(DISK_MB) as disk:
        shutil.chown(disk, server.user)
        server.say(f"CREATE TABLESPACE small LOCATION '{disk}'")
        url = server.url("small")
        yield url
        server.say(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
        server.say("DROP TABLESPACE small")


FAULTS: dict[str, Fault] = {"restart": away, "pause": paused, "connections": used_up, "disk": disk_full}


def befall(server: Postgres, name: str, seconds: float) -> Suffered:
    with on_small_disk(server) as url:
        return suffer(url, lambda: FAULTS[name](server, url), seconds)


def _connection(url: str, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    address = make_url(url)
    return psycopg.connect(
        host=str(address.query["host"]), user=address.username, dbname=database or address.database, autocommit=True
    )
