"""`python -m monitor backup` and `restore`, and `purge` for databases that have their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.domain import Lesson, Shown
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.commands.conftest import Say
from tests.insight.test_showing_the_class_only import measured
from tests.lesson import seat, second, start


@pytest.fixture
def lesson(store: Store) -> Lesson:
    lesson = start(store)
    seat(store, lesson)
    return store.lessons.end(lesson.id, second(60))


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson is never too old to be kept."""
    monkeypatch.setenv("CLASSROOM_KEEP_DAYS", "9999")


def test_a_backup_and_its_restore_are_said_and_noted(run: Say, store: Store, lesson: Lesson, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    code, out, _ = run("backup", file)
    assert (code, out.startswith(f"wrote {file}: 0."), out.endswith("MB, checked\n")) == (0, True, True)
    assert run("backup", file)[0] == 2
    assert run("backup", file, "--replace")[0] == 0
    start(store, "Maps")
    assert run("restore", file, "--yes")[:2] == (0, "Restored: there are 2 lessons now.\n")
    assert store.lessons.ended() == (lesson,)
    actions = [one.deed.action for one in reversed(store.audit.newest())]
    assert actions == [Action.BACKUP, Action.BACKUP, Action.RESTORE]
    assert store.audit.newest(1)[0].deed.detail == "lessons=2"
    assert run("audit", "verify")[0] == 0


def test_a_restore_says_what_the_class_only_may_know(run: Say, store: Store, tmp_path: Path) -> None:
    lesson = start(store)
    measured(store, [seat(store, lesson, name) for name in "ABCDE"], 0, count=2)
    store.lessons.end(lesson.id, second(60))
    run("backup", tmp_path / "backup.db")
    store.lessons.show_less(lesson.id, Shown.CLASS)
    assert run("restore", tmp_path / "backup.db", "--yes")[0] == 0
    assert len(store.published.read(lesson.id)) == 2


def test_a_restore_asks_first(
    run: Say, store: Store, lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.db"
    run("backup", file)
    later = store.lessons.end(start(store, "Maps").id, second(9))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    code, _, err = run("restore", file)
    assert (code, "say --yes" in err) == (2, True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda asked: "n")
    _, out, _ = run("restore", file)
    assert out.splitlines() == [
        "The backup has 1 lessons, the last of 2026-11-23; the database has 2 that are over.",
        "All of those are replaced. Lessons that are running now stay: 0.",
        "Nothing was changed.",
    ]
    assert later in store.lessons.ended()
    monkeypatch.setattr("builtins.input", lambda asked: "y")
    assert "there are 1 lessons now" in run("restore", file)[1]
    assert later not in store.lessons.ended()


def test_what_is_no_backup_is_said(run: Say, store: Store, lesson: Lesson, tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("name\nAda\n", encoding="utf-8")
    code, _, err = run("restore", file, "--yes")
    assert (code, "is no database of SQLite" in err) == (2, True)
    assert store.lessons.ended() == (lesson,)


def test_what_was_deleted_is_written_down_without_names_and_deleted_again(
    run: Say, store: Store, lesson: Lesson, tmp_path: Path
) -> None:
    (ada,) = store.people.students(lesson.id)
    store.people.delete(ada.id)
    listed = tmp_path / "deleted.json"
    assert run("purge", "--remember", listed)[0] == 0
    (one,) = json.loads(listed.read_text(encoding="utf-8"))
    assert (set(one), one["kind"]) == ({"uid", "kind", "at"}, "student")
    assert run("purge", "--deleted", listed)[1] == "No lesson is older than it is kept.\n"
    again = seat(store, lesson)  # stands for the row that a restore of PostgreSQL brought back
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE students SET uid = ? WHERE id = ?", (one["uid"], again))
    _, out, _ = run("purge", "--deleted", listed)
    assert "1 lessons, students, classes and places on a roster had come back: deleted again" in out
    assert store.people.students(lesson.id) == ()


@pytest.mark.parametrize("content", ["", "[1]", '[{"uid": "x"}]', '[{"uid": "x", "kind": "y", "at": "soon"}]', "é"])
def test_what_is_no_list_of_the_deleted_is_said(run: Say, tmp_path: Path, content: str) -> None:
    listed = tmp_path / "deleted.json"
    listed.write_text(content, encoding="latin-1")
    code, _, err = run("purge", "--deleted", listed)
    assert (code, "is no list of what was deleted" in err) == (2, True)
