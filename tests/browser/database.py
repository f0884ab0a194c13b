"""Lessons put into a server's database, and what it then really holds, asked without the project's own reader."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from model_zoo.emotions import EMOTIONS
from tests.browser.server import Server

ALL = f"""
SELECT lesson_id, title AS lesson, student_id, name AS student, second, faces, frames, {", ".join(EMOTIONS)}
FROM samples JOIN students ON students.id = student_id JOIN lessons ON lessons.id = lesson_id
ORDER BY second, student_id
"""


def start_lesson(server: Server, title: str, names: Iterable[str] = (), ago: timedelta = timedelta()) -> str:
    """A running lesson, as the teacher's page starts it, or did so long ago. Gives its code."""
    store, now = server.store(), datetime.now(UTC)
    lesson = store.lessons.start(title, now - ago, "default", "of the test")
    store.people.invite(lesson.id, names, now)
    store.close()
    return lesson.code


def end_lesson(server: Server, code: str) -> None:
    """As the teacher's page ends it, but for the cameras."""
    store = server.store()
    lesson = next(one for one in store.lessons.running() if one.code == code)
    store.lessons.end(lesson.id, datetime.now(UTC))
    store.close()


def samples(server: Server) -> list[Mapping[str, Any]]:
    """A row per student and second, sorted by second and student."""
    return list(_ask(server, ALL))


def seconds(server: Server, student: str) -> list[int]:
    """Since 1970: those of which a sample is kept."""
    return [row["second"] for row in samples(server) if row["student"] == student]


def wait_for(server: Server, student: str, since: float, patience_s: float = 20.0) -> None:
    """Returns when a second of this student is kept that began after `since`. Raises TimeoutError."""
    give_up = time.monotonic() + patience_s
    while not any(second > since for second in seconds(server, student)):
        if time.monotonic() > give_up:
            raise TimeoutError(f"no sample of {student!r} after {since:.0f} in {patience_s:.0f} s")
        time.sleep(0.1)


def students(server: Server) -> dict[str, str]:
    """Names, each with what the student last chose."""
    return {row["name"]: row["presence"] for row in _ask(server, "SELECT name, presence FROM students ORDER BY id")}


def _ask(server: Server, query: str) -> Iterator[Mapping[str, Any]]:
    engine = create_engine(server.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        for row in connection.execute(text(query)).mappings():
            yield {str(name): value for name, value in row.items()}
