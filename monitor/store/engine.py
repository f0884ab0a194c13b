"""Opens the database: its address, its migrations, and what SQLite needs to be told."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from monitor.errors import StoreError, StoreUnavailable
from monitor.words import _

MIGRATIONS = Path(__file__).parent / "migrations"
# Alembic keeps what it is doing in globals.
_migrating = threading.Lock()


def open_engine(url: str, patience: float = 5.0) -> Engine:
    """`patience`: seconds to wait for a lock of SQLite's, or for one of the connections to be free.

    Raises StoreError for an address that cannot be used.
    """
    # hide_parameters below: what an error quotes of a query is names, and an error is written to the log.
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _open_sqlite(address, patience)
        return _open_server(address, patience)
    except ArgumentError as error:
        told = _("database_url is an SQLAlchemy address such as sqlite:///lesson.db, got {address}")
        # What stands before the @ may be a password.
        raise StoreError(told.format(address=repr(url.split("@")[-1]))) from error
    except ImportError as error:
        told = _("The driver of {address} is not installed: {problem}")
        raise StoreError(told.format(address=repr(address), problem=error)) from error
    except OSError as error:
        told = _("The folder of {address} cannot be made: {problem}")
        raise StoreError(told.format(address=repr(address), problem=error)) from error


def _open_server(address: URL, patience: float) -> Engine:
    # Not above: the start of a server that keeps its lessons in SQLite would wait for psycopg.
    from monitor.store.patience import DOOR_S, do_not_wait_for_ever

    # Without a limit to the wait for a free connection, thirty pages would stand still for half a minute.
    engine = create_engine(address, hide_parameters=True, pool_pre_ping=True, pool_timeout=max(DOOR_S, patience))
    if engine.driver == "psycopg":
        do_not_wait_for_ever(engine)
    return engine


def _open_sqlite(address: URL, patience: float) -> Engine:
    if address.database in (None, "", ":memory:"):
        # All threads must see the one database that lives in memory.
        engine = create_engine(
            address, hide_parameters=True, poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    else:
        Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address, hide_parameters=True, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    # WAL: pages read while samples are written. NORMAL: a killed process loses nothing that was
    # committed; only a power cut may take the last moments. secure_delete: what is deleted is overwritten with zeros.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def migrate(engine: Engine, version: str = "head") -> None:
    """Brings the tables up to `version`, the newest one. Raises StoreError when the database cannot be used."""
    config = _migrations()
    config.attributes["engine"] = engine
    try:
        with _migrating:
            command.upgrade(config, version)
    except DBAPIError as error:
        told = _("The database {address} cannot be prepared: {problem}")
        raise StoreError(told.format(address=repr(engine.url), problem=error.orig)) from error


def known_versions() -> frozenset[str]:
    """Of the tables, from the first to the newest."""
    return frozenset(one.revision for one in ScriptDirectory.from_config(_migrations()).walk_revisions())


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """One transaction: all of it or nothing.

    Raises StoreUnavailable when the database is locked, full or gone, StoreError when it is broken, and
    SQLAlchemy's IntegrityError, which the rooms of the store answer themselves.
    """
    try:
        with Session(engine, expire_on_commit=False) as opened, opened.begin():
            yield opened
    except IntegrityError:
        raise
    except OperationalError as error:
        raise StoreUnavailable(f"The database does not answer: {error.orig}") from error
    except NoConnectionFree as error:
        raise StoreUnavailable(f"The database is too busy: {error}") from error
    except DBAPIError as error:
        raise StoreError(_("The database cannot be used: {problem}").format(problem=error.orig)) from error
