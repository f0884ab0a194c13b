"""`python -m monitor purge`, and what `delete` leaves behind."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Lesson
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.commands.conftest import Say
from tests.lesson import start
from tests.store.remains import files_of, found, measured


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "class.db"


@pytest.fixture
def old(store: Store) -> Lesson:
    """A lesson that was over 40 days ago, and one of today beside it."""
    lesson = start(store, at=datetime.now(UTC) - timedelta(days=40))
    measured(store, lesson.id, 20)
    return store.lessons.end(lesson.id, lesson.started_at + timedelta(hours=1))


def test_purging_deletes_what_is_old_and_says_what(run: Say, store: Store, old: Lesson, file: Path) -> None:
    kept = start(store, "today", datetime.now(UTC))
    assert found(files_of(file))
    over = f"{old.started_at + timedelta(hours=1):%Y-%m-%d}"
    assert run("purge", "--dry-run") == (
        0,
        f"lesson {old.id}, over since {over}, kept for 30 days: would be deleted\n",
        "",
    )
    assert (len(store.lessons.ended()), store.audit.newest()) == (1, ())
    assert run("purge") == (0, f"lesson {old.id}, over since {over}, kept for 30 days: deleted\n", "")
    assert (store.lessons.ended(), store.lessons.running()) == ((), (kept,))
    assert found(files_of(file)) == set()
    (entry,) = store.audit.newest()
    assert (entry.deed.actor, entry.deed.action, entry.deed.detail) == ("command", Action.PURGE, "lessons=1, again=0")
    assert run("purge")[1] == "No lesson is older than it is kept.\n"


def test_purging_says_it_as_json(run: Say, old: Lesson) -> None:
    told = json.loads(run("purge", "--json", "--dry-run")[1])
    (lesson,) = told["lessons"]
    assert (lesson["lesson"], lesson["days"], told["dry_run"], told["swept"]) == (old.id, 30, True, False)
    assert json.loads(run("purge", "--json")[1])["swept"] is True
    assert json.loads(run("purge", "--json")[1])["lessons"] == []


def test_a_database_in_use_is_purged_and_its_file_later(run: Say, store: Store, old: Lesson, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM lessons").fetchone()
        assert "The database is in use" in run("purge")[1]
    assert store.forgetting.due
    assert "in use" not in run("purge")[1]
    assert found(files_of(file)) == set()


def test_deleting_a_lesson_takes_it_out_of_the_files(run: Say, old: Lesson, file: Path) -> None:
    assert run("delete", old.id, "--yes")[:2] == (0, f"Lesson {old.id} is deleted.\n")
    assert found(files_of(file)) == set()
