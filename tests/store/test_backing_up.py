"""The database in one file and back: during a lesson, whole or not at all, and without the deleted."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Lesson
from monitor.errors import BackupError, StoreError
from monitor.people.audit import Action
from monitor.store import backup as backups
from monitor.store.store import Store, open_store
from tests.lesson import NINE, sample, seat, second, start
from tests.store.remains import NAME, files_of, found, measured

DAYS = 30
NOON = NINE + timedelta(hours=3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "class.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def held(store: Store, title: str = "Fractions", seconds: int = 20, class_id: int | None = None) -> Lesson:
    """A lesson that is over, with Ada and her samples."""
    lesson = store.lessons.start(title, NINE, "tiny", "YuNet", class_id=class_id)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number) for number in range(seconds)])
    return store.lessons.end(lesson.id, second(seconds))


def restore(store: Store, copy: Path) -> int:
    return store.backup.restore(copy, NOON, DAYS)


def everything(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, without the tool's own."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


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
        for number in range(3):
            known = len(written)
            store.backup.write(copy, replace=True)
            with closing(sqlite3.connect(copy)) as connection:
                seconds = [count for (count,) in connection.execute("SELECT count(*) FROM samples GROUP BY second")]
            assert set(seconds) <= {3}
            assert len(seconds) >= known
            assert number == 0 or seconds
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


def test_a_restore_brings_back_the_state_of_the_backup(store: Store, file: Path, copy: Path) -> None:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ada", "Ben"])
    lesson = held(store, class_id=own.id)
    before = everything(file)
    store.backup.write(copy)
    store.classes.rename(own.id, "8b")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE samples SET happy = 0")
        connection.commit()
    later = held(store, "later")
    assert restore(store, copy) == 1
    after = everything(file)
    assert {table: rows for table, rows in after.items() if table != "tombstones"} == {
        table: rows for table, rows in before.items() if table != "tombstones"
    }
    assert store.lessons.ended() == (lesson,)
    # A restore is a deletion for what the backup does not have.
    assert sorted(one.kind for one in store.forgetting.deleted()) == ["lesson", "student"]
    assert later.id not in [one.id for one in store.lessons.ended()]
    assert list(file.parent.glob(".restore*")) == []


def test_a_restore_does_not_bring_the_deleted_back(store: Store, file: Path, copy: Path) -> None:
    own = store.classes.create("7b", NINE)
    (member,) = store.classes.add_members(own.id, [NAME])
    first, second_, third = (held(store, title) for title in ("first", "second", "third"))
    measured(store, first.id)
    measured(store, second_.id)
    store.members.recognise(member.id, NAME)
    store.backup.write(copy)
    assert found([copy]) != set()
    store.members.delete(member.id)
    (one,) = [student for student in store.people.students(first.id) if student.name == NAME]
    store.people.delete(one.id)
    store.lessons.delete(second_.id)
    assert restore(store, copy) == 2
    assert store.forgetting.sweep()
    assert [lesson.id for lesson in store.lessons.ended()] == [first.id, third.id]
    assert [student.name for student in store.people.students(first.id)] == ["Ada"]
    assert store.classes.members(own.id) == ()
    assert found(files_of(file)) == set()


def test_who_came_under_the_number_of_somebody_deleted_is_restored(store: Store, copy: Path) -> None:
    lesson = start(store)
    gone = seat(store, lesson, "Ada")
    store.people.delete(gone)
    new = seat(store, lesson, "Ben")
    assert new == gone
    store.samples.add([sample(new, number) for number in range(9)])
    store.lessons.end(lesson.id, second(60))
    store.backup.write(copy)
    restore(store, copy)
    assert [student.name for student in store.people.students(lesson.id)] == ["Ben"]
    assert store.samples.count(new) == 9


def test_who_was_merged_is_deleted_again_with_the_one_who_stayed(store: Store, file: Path, copy: Path) -> None:
    lesson = start(store)
    ada, ben = seat(store, lesson, "Ada"), measured(store, lesson.id)
    store.lessons.end(lesson.id, second(400))
    store.backup.write(copy)
    store.people.merge(ada, ben)
    restore(store, copy)
    assert [student.name for student in store.people.students(lesson.id)] == ["Ada", NAME]
    ada, ben = (student.id for student in store.people.students(lesson.id))
    store.people.merge(ada, ben)
    store.people.delete(ada)
    restore(store, copy)
    assert store.people.students(lesson.id) == ()
    assert store.forgetting.sweep()
    assert found(files_of(file)) == set()


def test_lessons_that_run_stay_as_they_are(store: Store, copy: Path) -> None:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ada"])
    running = store.lessons.start("Now", NINE, "tiny", "YuNet", class_id=own.id)
    store.people.invite_roster(running.id, NINE)
    ada = seat(store, running)
    store.samples.add([sample(ada, number) for number in range(5)])
    store.backup.write(copy)
    store.samples.add([sample(ada, number) for number in range(5, 30)])
    other = start(store, "Begun since")
    ben = seat(store, other, "Ben")
    store.samples.add([sample(ben, number) for number in range(7)])
    before = store.people.students(running.id)
    assert restore(store, copy) == 2
    assert set(store.lessons.running()) == {running, other}
    assert (store.people.students(running.id), len(store.samples.read(running.id))) == (before, 30)
    assert len(store.samples.read(other.id)) == 7
    assert store.samples.count(ada) == 30
    assert store.lessons.get(running.id).class_id == own.id
    assert before[0].member_id == store.classes.members(own.id)[0].id


def test_a_lesson_that_ran_when_the_backup_was_made_is_over_after_a_restore(
    store: Store, copy: Path, tmp_path: Path
) -> None:
    lesson = start(store)
    store.samples.add([sample(seat(store, lesson), 12)])
    store.backup.write(copy)
    elsewhere = open_store(f"sqlite:///{tmp_path / 'elsewhere' / 'class.db'}")
    restore(elsewhere, copy)
    assert elsewhere.lessons.running() == ()
    assert elsewhere.lessons.ended()[0].ended_at == second(12)
    elsewhere.close()


def test_what_has_been_kept_for_its_time_is_not_restored(store: Store, copy: Path) -> None:
    held(store)
    store.backup.write(copy)
    assert store.backup.restore(copy, NOON + timedelta(days=31), DAYS) == 0


def test_the_audit_log_goes_on(store: Store, copy: Path, tmp_path: Path) -> None:
    store.audit.note("command", Action.EXPORT, "lesson", 1, "csv")
    store.backup.write(copy)
    store.audit.note("command", Action.DELETE, "lesson", 1)
    head = store.audit.head()
    restore(store, copy)
    assert store.audit.head() == head
    elsewhere = open_store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    restore(elsewhere, copy)
    assert [one.deed.action for one in elsewhere.audit.newest()] == [Action.EXPORT]
    elsewhere.audit.note("command", Action.RESTORE, "database")
    assert elsewhere.audit.verify().fault is None
    elsewhere.close()


def test_an_older_backup_is_brought_up_to_date(store: Store, copy: Path, file: Path) -> None:
    lesson, gone = held(store), held(store, "gone")
    with closing(sqlite3.connect(file)) as connection:  # as the migration names what was there before it
        connection.execute("UPDATE lessons SET uid = 'lesson ' || id || ' ' || code")
        connection.commit()
    store.backup.write(copy)
    with closing(sqlite3.connect(copy)) as connection:
        for table in ("classes", "members", "lessons", "students"):
            connection.execute(f"DROP TRIGGER {table}_tombstone")
            connection.execute(f"ALTER TABLE {table} DROP COLUMN uid")
        for statement in (
            "ALTER TABLE classes DROP COLUMN keep_days",
            "ALTER TABLE lessons DROP COLUMN keep_days",
            "DROP TABLE audit",
            "DROP TABLE tombstones",
            "UPDATE alembic_version SET version_num = '0006'",
        ):
            connection.execute(statement)
        connection.commit()
    store.lessons.delete(gone.id)
    assert restore(store, copy) == 1
    assert store.lessons.ended() == (lesson,)


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


def test_what_another_copy_deleted_is_deleted_here(store: Store, file: Path, tmp_path: Path) -> None:
    lesson = held(store)
    student = measured(store, lesson.id)
    dump = tmp_path / "dump.db"
    store.backup.write(dump)
    store.people.delete(student)
    gone = store.forgetting.deleted()
    other_file = tmp_path / "other.db"
    shutil.copyfile(dump, other_file)
    other = open_store(f"sqlite:///{other_file}")
    assert found([other_file]) != set()
    other.forgetting.remember(gone)
    assert other.forgetting.again() == 1
    assert other.forgetting.again() == 0
    assert other.forgetting.sweep()
    assert found(files_of(other_file)) == set()
    assert [one.uid for one in other.forgetting.deleted()] == [one.uid for one in gone]
    assert all(one.at <= datetime.now(UTC) for one in gone)
    other.close()
