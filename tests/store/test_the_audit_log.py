"""Who did what: written in order by any thread, never changed unseen."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from monitor.errors import AuditError
from monitor.people.audit import EMPTY, Action, Head, chained
from monitor.store.store import Store, open_store

GUARDS = ("audit_no_update", "audit_no_delete")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with five entries."""
    path = tmp_path / "class.db"
    store = open_store(f"sqlite:///{path}")
    for number in range(1, 6):
        store.audit.note("command", Action.EXPORT, "lesson", number, "csv")
    store.close()
    return path


def change(file: Path, *statements: str) -> None:
    """As somebody who owns the file, and takes the guards away first."""
    with closing(sqlite3.connect(file)) as connection:
        for guard in GUARDS:
            connection.execute(f"DROP TRIGGER {guard}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def fault(file: Path, remembered: Head = EMPTY) -> str:
    store = open_store(f"sqlite:///{file}")
    verdict = store.audit.verify(remembered)
    store.close()
    return verdict.fault or ""


def head(file: Path) -> Head:
    store = open_store(f"sqlite:///{file}")
    found = store.audit.head()
    store.close()
    return found


def test_entries_are_read_the_newest_first_and_by_action(store: Store) -> None:
    store.audit.note("account:1", Action.SIGN_IN, "account", 1)
    store.audit.note("account:1", Action.EXPORT, "lesson", 7, "csv")
    store.audit.note("student:12", Action.WITHDRAW, "student", 12)
    newest = store.audit.newest()
    assert [(one.id, one.deed.actor, one.deed.action, one.deed.kind, one.deed.number) for one in newest] == [
        (3, "student:12", Action.WITHDRAW, "student", 12),
        (2, "account:1", Action.EXPORT, "lesson", 7),
        (1, "account:1", Action.SIGN_IN, "account", 1),
    ]
    assert [one.id for one in store.audit.newest(action=Action.EXPORT)] == [2]
    assert [one.id for one in store.audit.newest(1, before=3)] == [2]


def test_a_log_as_it_was_written_is_found_whole(store: Store) -> None:
    assert store.audit.verify().fault is None
    for number in range(20):
        store.audit.note("command", Action.EXPORT, "lesson", number)
    remembered = store.audit.head()
    store.audit.note("command", Action.BACKUP, "database")
    verdict = store.audit.verify(remembered)
    assert (verdict.fault, verdict.head) == (None, store.audit.head())
    assert verdict.head.id == 21


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET actor = 'account:9' WHERE id = 3", "entry 3 is not what was written"),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE id = 3", "entry 3 is not what was written"),
        ("UPDATE audit SET action = 'purge' WHERE id = 5", "entry 5 is not what was written"),
        ("UPDATE audit SET object_id = NULL WHERE id = 1", "entry 1 is not what was written"),
        ("UPDATE audit SET detail = '' WHERE id = 2", "entry 2 is not what was written"),
        ("UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE id = 4", "entry 4 is not what was"),
        ("UPDATE audit SET action = 'nothing' WHERE id = 2", "after entry 1 comes what nobody could have written"),
        ("UPDATE audit SET actor = 'Ada Lovelace' WHERE id = 2", "after entry 1 comes what nobody could have written"),
        ("UPDATE audit SET at = 'soon' WHERE id = 2", "comes what nobody could have written"),
        ("DELETE FROM audit WHERE id = 3", "after entry 2 comes entry 4"),
        ("DELETE FROM audit WHERE id = 1", "after entry 0 comes entry 2"),
        ("INSERT INTO audit SELECT 0, at, actor, action, kind, object_id, detail, hash FROM audit LIMIT 1", "entry 0"),
        ("UPDATE audit SET id = 6 WHERE id = 5", "after entry 4 comes entry 6"),
    ],
)
def test_what_was_changed_in_the_file_is_found(file: Path, statement: str, said: str) -> None:
    assert fault(file) == ""
    change(file, statement)
    assert said in fault(file)


def test_a_cut_end_shows_only_against_a_remembered_head(file: Path) -> None:
    remembered = head(file)
    change(file, "DELETE FROM audit WHERE id = 5")
    assert fault(file) == ""
    assert fault(file, remembered) == "the log ends with entry 4, and entry 5 is remembered: it was cut"


def test_a_log_written_anew_shows_against_a_remembered_head(file: Path) -> None:
    remembered = head(file)
    store = open_store(f"sqlite:///{file}")
    last, fourth = store.audit.newest(2)
    store.close()
    forged = chained(Head(fourth.id, fourth.hash), type(last.deed)(last.deed.at, "account:9", Action.EXPORT, "lesson"))
    change(
        file,
        f"UPDATE audit SET actor = 'account:9', object_id = NULL, detail = '', hash = '{forged.hash}' WHERE id = 5",
    )
    assert fault(file) == ""
    assert fault(file, remembered) == "entry 5 is another than the remembered one: the log was written anew"


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_log(store: Store, statement: str) -> None:
    store.audit.note("command", Action.BACKUP, "database")
    with pytest.raises(DBAPIError, match="only added to"), store.engine.begin() as connection:
        connection.execute(text(statement))
    assert store.audit.verify().fault is None


@pytest.mark.parametrize(
    ("actor", "kind", "detail"),
    [
        ("Ada Lovelace", "student", ""),
        ("student:Ada", "student", ""),
        ("command", "Ada", ""),
        ("command", "student", "Ada"),
        ("command", "student", "zoë"),
        ("", "student", ""),
    ],
)
def test_no_name_fits_into_an_entry(store: Store, actor: str, kind: str, detail: str) -> None:
    with pytest.raises(AuditError, match="of an audit entry matches"):
        store.audit.note(actor, Action.VIEW_STUDENT, kind, 1, detail)
    assert store.audit.newest() == ()


@pytest.mark.parametrize("head_text", ["", "12", "12:abc", "x:" + "0" * 64, "²:" + "0" * 64, "1:" + "G" * 64])
def test_what_is_no_head_is_refused(head_text: str) -> None:
    with pytest.raises(AuditError, match="looks like 12:0f3a"):
        Head.read(head_text)
    assert Head.read(f" {EMPTY} ") == EMPTY


def test_threads_append_one_after_another(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'class.db'}"
    store, together = open_store(url, patience=30), threading.Barrier(8)

    def write(number: int) -> None:
        together.wait()
        for _time in range(10):
            store.audit.note(f"account:{number}", Action.EXPORT, "lesson", number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = store.audit.verify()
    store.close()
    assert (verdict.fault, verdict.head.id) == (None, 80)


def append(url: str) -> None:
    store = open_store(url, patience=30)
    for number in range(15):
        store.audit.note("command", Action.EXPORT, "lesson", number)
    store.close()


def test_processes_append_one_after_another(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'class.db'}"
    open_store(url).close()
    start = multiprocessing.get_context("spawn")
    writers = [start.Process(target=append, args=(url,)) for _number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    store = open_store(url)
    verdict = store.audit.verify()
    store.close()
    assert (verdict.fault, verdict.head.id) == (None, 30)
