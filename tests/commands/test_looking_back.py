"""`python -m monitor audit`, and what other commands write into the log."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import text

from monitor.people.audit import Action
from monitor.store.store import Store
from tests.commands.conftest import Say
from tests.lesson import seat, second, start


def test_an_export_and_a_deletion_are_in_the_log(run: Say, store: Store, tmp_path: Path) -> None:
    lesson = start(store)
    seat(store, lesson)
    store.lessons.end(lesson.id, second(60))
    assert run("export", lesson.id, "--format", "csv", "--to", tmp_path / "x.csv")[0] == 0
    assert run("delete", lesson.id, "--yes")[0] == 0
    code, out, _ = run("audit", "list")
    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0] == ["entry", "at", "who", "did", "to", "detail"]
    assert [row[0] for row in rows[1:]] == ["2", "1"]
    assert [row[3:] for row in rows[1:]] == [
        ["command", "delete", "lesson", "1"],
        ["command", "export", "lesson", "1", "csv"],
    ]
    (only,) = json.loads(run("audit", "list", "--action", "export", "--json")[1])
    assert (only["actor"], only["action"], only["kind"], only["number"], only["detail"]) == (
        "command",
        "export",
        "lesson",
        lesson.id,
        "csv",
    )


def test_an_empty_log_is_no_error(run: Say) -> None:
    assert run("audit", "list") == (0, "There is no entry yet.\n", "")
    assert run("audit", "list", "--action", "purge") == (0, "There is no entry of this kind.\n", "")
    assert run("audit", "verify")[0] == 0


def test_verifying_gives_a_head_to_remember(run: Say, store: Store) -> None:
    store.audit.note("command", Action.BACKUP, "database")
    code, out, _ = run("audit", "verify")
    assert (code, out) == (0, f"The audit log is as it was written: 1 entries.\nhead {store.audit.head()}\n")
    head = out.split()[-1]
    store.audit.note("command", Action.BACKUP, "database")
    assert run("audit", "verify", "--head", head)[0] == 0


def test_a_changed_log_is_said_and_fails(run: Say, store: Store) -> None:
    head = None
    for number in range(3):
        head = str(store.audit.head()) if number == 2 else head
        store.audit.note("command", Action.EXPORT, "lesson", number)
    newest = str(store.audit.head())
    with store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("DELETE FROM audit WHERE id = 3"))
    assert run("audit", "verify", "--head", head)[0] == 0
    code, out, _ = run("audit", "verify", "--head", newest)
    assert (code, out) == (
        1,
        "The audit log was changed: the log ends with entry 2, and entry 3 is remembered: it was cut.\n",
    )
    assert run("audit", "verify", "--head", "nonsense")[0] == 2
