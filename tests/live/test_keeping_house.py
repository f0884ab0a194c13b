"""While the dashboard runs, lessons go when their time is over, and what was deleted leaves the files."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.live.housekeeping import Housekeeping
from monitor.people.audit import Action
from monitor.store.store import Store, open_store
from tests.lesson import second, start
from tests.store.remains import files_of, found, measured
from tests.waiting import wait_until

HOUR = timedelta(hours=1)
LATER = second(0) + timedelta(days=31)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "class.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{file}", patience=0.2)
    yield opened
    opened.close()


def ended(store: Store) -> int:
    return store.lessons.end(start(store).id, second(60)).id


def test_its_thread_purges_and_sweeps_by_itself(store: Store, file: Path) -> None:
    lesson = start(store, at=datetime.now(UTC) - timedelta(days=40))
    measured(store, lesson.id, 5)
    store.lessons.end(lesson.id, datetime.now(UTC) - timedelta(days=39))
    keeper = Housekeeping(store, 30, lambda: False, look_every_s=0.02)
    keeper.start()
    keeper.start()
    wait_until(lambda: not store.forgetting.due and not store.lessons.ended())
    keeper.stop()
    keeper.stop()
    assert found(files_of(file)) == set()
    (entry,) = store.audit.newest()
    assert (entry.deed.actor, entry.deed.action, entry.deed.detail) == ("clock", Action.PURGE, "lessons=1")


def test_it_purges_once_an_hour(store: Store) -> None:
    keeper = Housekeeping(store, 30, lambda: False)
    keeper.look(LATER)
    lesson = ended(store)
    keeper.look(LATER + HOUR - timedelta(seconds=1))
    assert store.lessons.get(lesson)
    keeper.look(LATER + HOUR)
    assert store.lessons.ended() == ()


def test_a_class_that_is_measured_waits_for_no_large_file(store: Store, file: Path) -> None:
    keeper = Housekeeping(store, 30, lambda: True)
    keeper.look(LATER)
    student = measured(store, start(store, at=LATER).id)
    store.people.delete(student)
    keeper.look(LATER + timedelta(minutes=1))
    assert store.forgetting.due
    assert found(files_of(file)[1:]) == set()
    keeper.look(LATER + HOUR)
    assert not store.forgetting.due
    assert found(files_of(file)) == set()


def test_a_database_that_is_away_is_tried_again(store: Store, file: Path) -> None:
    lesson = ended(store)
    keeper = Housekeeping(store, 30, lambda: False)
    away = file.with_name("away.db")
    store.close()
    file.rename(away)
    file.mkdir()
    keeper.look(LATER)
    file.rmdir()
    away.rename(file)
    assert store.lessons.get(lesson)
    keeper.look(LATER + timedelta(minutes=1))
    assert store.lessons.ended() == ()


def test_the_head_of_the_audit_log_goes_into_the_servers_log(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    store.audit.note("command", Action.BACKUP, "database")
    with caplog.at_level(logging.INFO):
        Housekeeping(store, 30, lambda: False).look(LATER)
    assert f"audit log: head {store.audit.head()}" in caplog.text


def test_what_a_killed_restore_left_is_taken_away(store: Store, file: Path) -> None:
    now = datetime.now(UTC)
    left = file.parent / ".restore-x1"
    left.mkdir()
    (left / "backup.db").write_bytes(b"names")
    keeper = Housekeeping(store, 30, lambda: False)
    keeper.look(now)
    assert left.is_dir()
    keeper.look(now + HOUR + timedelta(minutes=1))
    assert not left.exists()
