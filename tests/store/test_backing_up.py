"""The database in one file: during a lesson, whole or not at all; and what is no backup is refused."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.errors import BackupError, StoreError
from monitor.store import backup as backups
from monitor.store.store import Store, open_store
from tests.lesson import NINE, sample, seat, start
from tests.store.backups import everything, held, restore
from tests.store.remains import files_of, found, measured
from tests.waiting import wait_until


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.close()


def test_a_backup_is_the_whole_database_in_one_file(store: Store, file: Path, copy: Path) -> None:
    held(store, class_id=store.classes.create("7b", NINE).id)
    size = store.backup.write(copy)
    assert size == copy.stat().st_size
    assert everything(copy) == everything(file)
    assert (copy.stat().st_mode & 0o777, [one.name for one in copy.parent.glob("backup*")]) == (0o600, ["backup.db"])
    contents = store.backup.contents(copy)
    assert (contents.lessons, contents.newest) == (1, "2026-11-23 09:00:00.000000")


def test_a_file_that_is_there_is_written_over_only_on_request(store: Store, copy: Path) -> None:
    copy.write_bytes(b"mine")
    with pytest.raises(BackupError, match="is there already"):
        store.backup.write(copy)
    assert copy.read_bytes() == b"mine"
    store.backup.write(copy, replace=True)
    assert store.backup.contents(copy).lessons == 0


def test_a_backup_that_cannot_be_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be written"):
        store.backup.write(tmp_path / "nowhere" / "backup.db")


def test_a_backup_during_a_lesson_has_each_transaction_whole_or_not_at_all(store: Store, copy: Path) -> None:
    lesson = start(store)
    students = [seat(store, lesson, name) for name in ("Ada", "Ben", "Cem")]
    stop, written = threading.Event(), []

    def record() -> None:
        for number in range(100_000):
            if stop.is_set():
                return
            store.samples.add([sample(one, number) for one in students])
            written.append(number)

    recorder = threading.Thread(target=record)
    recorder.start()
    try:
        for _ in range(3):
            wait_until(lambda: bool(written))
            known = len(written)
            store.backup.write(copy, replace=True)
            with closing(sqlite3.connect(copy)) as connection:
                seconds = [count for (count,) in connection.execute("SELECT count(*) FROM samples GROUP BY second")]
            assert set(seconds) == {3}
            assert len(seconds) >= known
    finally:
        stop.set()
        recorder.join()
    assert len(store.samples.read(lesson.id)) == 3 * len(written)


def test_nothing_of_the_deleted_is_in_a_backup_made_after(store: Store, file: Path, copy: Path) -> None:
    student = measured(store, start(store).id)
    store.backup.write(copy)
    assert found([copy]) == {"name", "name as it is compared", "scores"}
    store.people.delete(student)
    assert found(files_of(file)) != set()
    store.backup.write(copy, replace=True)
    assert found([copy]) == set()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "version '9999', which this program does not know"),
        ("DELETE FROM alembic_version", "version None"),
        ("DROP TABLE samples", "not of classroom lessons"),
        ("DELETE FROM lessons", "is damaged: students without its lessons"),
    ],
)
def test_a_file_of_something_else_is_refused(store: Store, file: Path, copy: Path, change: str, told: str) -> None:
    held(store)
    store.backup.write(copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(change)
        connection.commit()
    before = everything(file)
    with pytest.raises(BackupError, match=told):
        restore(store, copy)
    assert everything(file) == before


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"name\nAda\n", b"SQLite format 3\x00" + b"x" * 9000])
def test_a_file_that_is_no_database_is_refused(store: Store, copy: Path, content: bytes) -> None:
    copy.write_bytes(content)
    with pytest.raises(BackupError):
        restore(store, copy)
    with pytest.raises(BackupError, match="cannot be read"):
        restore(store, copy.with_name("nothing.db"))


def test_a_damaged_backup_is_refused(store: Store, file: Path, copy: Path) -> None:
    held(store, seconds=3000)
    store.backup.write(copy)
    content = bytearray(copy.read_bytes())
    content[-8000:-4000] = b"?" * 4000
    copy.write_bytes(content)
    before = everything(file)
    with pytest.raises(BackupError):
        restore(store, copy)
    assert everything(file) == before


def test_a_restore_that_fails_in_the_middle_changes_nothing(
    store: Store, file: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(store)
    store.backup.write(copy)
    held(store, "later")
    before = everything(file)

    def full(connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("monitor.store.replacing._continue_audit", full)
    with pytest.raises(BackupError, match="nothing was changed: database or disk is full"):
        restore(store, copy)
    assert everything(file) == before


def test_a_database_that_stays_locked_is_said(store: Store, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held(store)
    store.backup.write(copy)
    monkeypatch.setattr(backups, "PATIENCE_S", 0.05)
    with closing(sqlite3.connect(str(store.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            restore(store, copy)
        other.execute("ROLLBACK")
    assert restore(store, copy) == 1


def test_a_database_in_memory_has_no_backup(copy: Path) -> None:
    memory = open_store("sqlite://")
    with pytest.raises(BackupError, match="in memory"):
        memory.backup.write(copy)
    memory.close()
