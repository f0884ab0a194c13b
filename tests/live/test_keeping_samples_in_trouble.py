from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.live import recorder
from monitor.live.recorder import Recorder
from monitor.store.store import Store, open_store
from tests.lesson import sample, seat, start
from tests.waiting import own_threads, wait_until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "class.db"


@pytest.fixture
def kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A real file; waits 20 ms for a lock and tries again 20 ms later."""
    monkeypatch.setattr(recorder, "RETRY_S", 0.02)
    store = open_store(f"sqlite:///{file}", patience=0.02)
    yield store
    store.close()


@pytest.fixture
def ada(kept: Store) -> int:
    return seat(kept, start(kept))


@pytest.fixture
def lock(file: Path, ada: int) -> Iterator[sqlite3.Connection]:
    """Another program that holds the whole database until `rollback`."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


@pytest.fixture
def writing(kept: Store) -> Iterator[Recorder]:
    running = Recorder(kept, capacity=100)
    running.start()
    yield running
    running.stop()


def test_what_is_kept_is_stored(writing: Recorder, kept: Store, ada: int) -> None:
    for number in range(20):
        writing.keep([sample(ada, number)])
    wait_until(lambda: writing.keeping.stored == 20)
    assert (writing.keeping.waiting, writing.keeping.lost, writing.keeping.problem) == (0, 0, None)
    assert kept.samples.count(ada) == 20


def test_one_may_wait_until_all_is_stored_but_not_for_ever(
    writing: Recorder, kept: Store, ada: int, lock: sqlite3.Connection
) -> None:
    writing.keep([sample(ada, 1)])
    assert not writing.drain(patience=0.2)
    lock.rollback()
    assert writing.drain(patience=20)
    assert kept.samples.count(ada) == 1


def test_while_the_database_is_locked_samples_wait_and_then_all_arrive(
    writing: Recorder, kept: Store, ada: int, lock: sqlite3.Connection
) -> None:
    for number in range(50):
        writing.keep([sample(ada, number)])
    wait_until(lambda: writing.keeping.problem)
    assert "locked" in str(writing.keeping.problem)
    assert (writing.keeping.stored, writing.keeping.waiting, writing.keeping.lost) == (0, 50, 0)
    lock.rollback()
    wait_until(lambda: writing.keeping.stored == 50)
    assert (writing.keeping.waiting, writing.keeping.lost, writing.keeping.problem) == (0, 0, None)
    assert kept.samples.count(ada) == 50


def test_a_full_buffer_loses_the_oldest_and_counts_them(kept: Store, ada: int, lock: sqlite3.Connection) -> None:
    small = Recorder(kept, capacity=10)
    small.start()
    small.keep(sample(ada, number) for number in range(25))
    assert (small.keeping.waiting, small.keeping.lost) == (10, 15)
    lock.rollback()
    small.stop()
    assert (small.keeping.stored, small.keeping.waiting, small.keeping.lost) == (10, 0, 15)
    seconds = kept.samples.read(kept.lessons.running()[0].id)["second"]
    assert list(seconds) == [int(sample(ada, number).at.timestamp()) for number in range(15, 25)]


def test_what_was_pushed_out_while_it_was_written_is_not_lost(kept: Store, ada: int) -> None:
    writes, go_on = threading.Event(), threading.Event()

    def hold(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO samples"):
            writes.set()
            go_on.wait(20)

    event.listen(kept.engine, "before_cursor_execute", hold)
    small = Recorder(kept, capacity=3)
    small.start()
    small.keep(sample(ada, number) for number in range(3))
    assert writes.wait(20)
    small.keep([sample(ada, 3), sample(ada, 4)])
    go_on.set()
    small.stop()
    assert (small.keeping.stored, small.keeping.waiting, small.keeping.lost) == (5, 0, 0)
    assert kept.samples.count(ada) == 5


def test_stopping_tries_once_more_although_there_was_a_problem(
    kept: Store, ada: int, lock: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "RETRY_S", 3600.0)
    waiting = Recorder(kept, capacity=100)
    waiting.start()
    waiting.keep([sample(ada, 1), sample(ada, 2)])
    wait_until(lambda: waiting.keeping.problem)
    lock.rollback()
    waiting.stop()
    assert kept.samples.count(ada) == 2


def test_stopping_gives_up_while_the_database_is_away(kept: Store, ada: int, lock: sqlite3.Connection) -> None:
    waiting = Recorder(kept, capacity=100)
    waiting.start()
    waiting.keep([sample(ada, 1)])
    waiting.stop()
    assert (waiting.keeping.stored, waiting.keeping.waiting) == (0, 1)
    assert own_threads() == []
    lock.rollback()
    waiting.start()
    waiting.stop()
    assert kept.samples.count(ada) == 1


def test_an_error_that_nobody_thought_of_does_not_end_the_recorder(writing: Recorder, kept: Store, ada: int) -> None:
    broken = threading.Event()

    def fail(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if broken.is_set() and statement.startswith("INSERT INTO samples"):
            raise RuntimeError("nobody thought of this")

    event.listen(kept.engine, "before_cursor_execute", fail)
    broken.set()
    writing.keep([sample(ada, 1)])
    wait_until(lambda: writing.keeping.problem)
    assert "nobody thought of this" in str(writing.keeping.problem)
    broken.clear()
    wait_until(lambda: writing.keeping.stored == 1)
    assert writing.keeping.problem is None


def test_samples_of_a_deleted_student_hold_nobody_up(writing: Recorder, kept: Store, ada: int) -> None:
    kept.people.delete(ada)
    ben = seat(kept, kept.lessons.running()[0], "Ben")
    writing.keep([sample(ada, 1), sample(ben, 1)])
    wait_until(lambda: writing.keeping.waiting == 0)
    assert kept.samples.count(ben) == 1


def test_starting_and_stopping_are_symmetric_and_may_be_repeated(kept: Store, ada: int) -> None:
    again = Recorder(kept, capacity=100)
    again.stop()
    for number in range(2):
        again.start()
        again.start()
        assert own_threads() == ["recorder"]
        again.keep([sample(ada, number)])
        again.stop()
        again.stop()
        assert own_threads() == []
    assert kept.samples.count(ada) == 2
