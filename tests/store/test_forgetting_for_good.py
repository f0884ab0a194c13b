"""What was deleted is in no byte of the database's files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreUnavailable
from monitor.store.store import Store, open_store
from tests.lesson import NINE, sample, seat, second, start
from tests.store.remains import NAME, files_of, found, measured

KEPT_AS = {"name", "name as it is compared", "scores"}


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """A real file with other students, whose rows lie around those that are deleted."""
    opened = open_store(f"sqlite:///{file}", patience=0.2)
    for title in ("Poems", "Maps"):
        lesson = start(opened, title)
        for name in ("Ada", "Ben", "Cem"):
            one = seat(opened, lesson, name)
            opened.samples.add([sample(one, number) for number in range(1000, 1200)])
    yield opened
    opened.close()


def student(store: Store) -> Callable[[], None]:
    one = measured(store, start(store).id)
    return lambda: store.people.delete(one)


def lesson(store: Store) -> Callable[[], None]:
    held = start(store)
    measured(store, held.id)
    return lambda: store.lessons.delete(held.id)


def member(store: Store) -> Callable[[], None]:
    own = store.classes.create("7b", NINE)
    (one,) = store.classes.add_members(own.id, [NAME])
    held = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    store.people.invite_roster(held.id, NINE)
    measured(store, held.id)
    return lambda: store.members.delete(one.id)


def old_lesson(store: Store) -> Callable[[], None]:
    held = start(store)
    measured(store, held.id)
    store.lessons.end(held.id, second(300))

    def purge() -> None:
        assert [one.lesson_id for one in store.retention.purge(second(301) + timedelta(days=30), 30)] == [held.id]

    return purge


@pytest.mark.parametrize("prepare", [student, lesson, member, old_lesson])
def test_nothing_of_the_deleted_is_in_the_files(
    prepare: Callable[[Store], Callable[[], None]], store: Store, file: Path
) -> None:
    deletion = prepare(store)
    assert found(files_of(file)) == KEPT_AS
    deletion()
    assert found(files_of(file)) == KEPT_AS  # older pages are in the log still
    assert store.forgetting.due
    assert store.forgetting.sweep()
    assert found(files_of(file)) == set()
    assert not store.forgetting.due
    assert b"Cem" in file.read_bytes()


def test_emptying_the_log_takes_what_was_deleted_out_of_it(store: Store, file: Path) -> None:
    deletion = student(store)
    assert store.forgetting.empty_log()
    assert found(files_of(file)[:1]) == KEPT_AS
    deletion()
    assert store.forgetting.empty_log()
    assert found(files_of(file)[1:]) == set()
    assert store.forgetting.due  # the file has yet to be written anew


def test_somebody_who_reads_is_waited_for(store: Store, file: Path) -> None:
    deletion = student(store)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM samples").fetchone()
        deletion()
        assert not store.forgetting.sweep()
        assert store.forgetting.due
        reader.execute("ROLLBACK")
    assert store.forgetting.sweep()
    assert found(files_of(file)) == set()


def test_somebody_who_writes_makes_it_fail_and_nothing_is_lost(store: Store, file: Path) -> None:
    student(store)()
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="cannot be written anew"):
            store.forgetting.sweep()
        writer.execute("ROLLBACK")
    assert store.forgetting.due
    assert store.forgetting.sweep()
    assert len(store.lessons.running()) == 3


def test_sweeping_where_nothing_was_deleted_is_no_error(store: Store) -> None:
    assert not store.forgetting.due
    assert store.forgetting.sweep()


def test_a_database_in_memory_can_be_swept() -> None:
    memory = open_store("sqlite://")
    memory.lessons.delete(start(memory).id)
    assert memory.forgetting.sweep()
    assert not memory.forgetting.due
    memory.close()
