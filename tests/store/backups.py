"""What tests of backups and restores share."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from monitor.domain import Lesson
from monitor.store.store import Store
from tests.lesson import NINE, sample, seat, second

DAYS = 30
NOON = NINE + timedelta(hours=3)


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
