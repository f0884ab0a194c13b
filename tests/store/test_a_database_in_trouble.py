from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.errors import StoreUnavailable
from monitor.store.store import Store, open_store
from tests.lesson import sample, seat, start


@pytest.fixture
def impatient(file: Path) -> Iterator[Store]:
    """A real file; waits 50 ms for a lock."""
    store = open_store(f"sqlite:///{file}", patience=0.05)
    yield store
    store.close()


def test_a_locked_database_is_unavailable_and_then_works(impatient: Store, file: Path) -> None:
    lesson = start(impatient)
    ada = seat(impatient, lesson)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="does not answer: database is locked"):
        impatient.samples.add([sample(ada, 1)])
    with pytest.raises(StoreUnavailable):
        start(impatient, "another")
    other.execute("ROLLBACK")
    other.close()
    impatient.samples.add([sample(ada, 1)])
    assert impatient.samples.count(ada) == 1
    assert impatient.lessons.running() == (lesson,)


def test_pages_read_while_another_writes(impatient: Store, file: Path) -> None:
    lesson = start(impatient)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM lessons")
    assert impatient.lessons.running() == (lesson,)
    other.execute("ROLLBACK")
    other.close()


def test_a_patient_store_waits_for_a_lock(file: Path) -> None:
    patient = open_store(f"sqlite:///{file}", patience=20)
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    @event.listens_for(patient.engine, "before_cursor_execute")
    def let_go_soon(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT"):
            threading.Timer(0.1, other.rollback).start()

    start(patient)
    assert len(patient.lessons.running()) == 1
    other.close()
    patient.close()


def test_a_full_disk_is_unavailable_and_nothing_is_half_written(impatient: Store) -> None:
    lesson = start(impatient)
    ada = seat(impatient, lesson)

    @event.listens_for(impatient.engine, "checkout")
    def fill(connection: sqlite3.Connection, *rest: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    with pytest.raises(StoreUnavailable, match="full"):
        impatient.samples.add([sample(ada, number) for number in range(2000)])
    assert impatient.samples.count(ada) == 0

    event.remove(impatient.engine, "checkout", fill)

    @event.listens_for(impatient.engine, "checkout")
    def make_room(connection: sqlite3.Connection, *rest: object) -> None:
        connection.execute("PRAGMA max_page_count=1000000")

    impatient.samples.add([sample(ada, number) for number in range(2000)])
    assert impatient.samples.count(ada) == 2000


def test_a_database_that_is_away_does_not_answer(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    store.close()
    file.unlink()
    file.mkdir()
    with pytest.raises(StoreUnavailable, match="unable to open"):
        store.answers()
