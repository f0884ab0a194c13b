"""A student who can be recognised in any bytes: by the name, and by scores that nobody else has."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from model_zoo.emotions import EmotionScores
from monitor.domain import Sample
from monitor.store.samples import ten_thousandths
from monitor.store.store import Store
from tests.lesson import second

NAME = "Zerlinde Quastenfloß"
SCORES = EmotionScores((0.1357, 0.1123, 0.1579, 0.1711, 0.1433, 0.1291, 0.1506))


def signs() -> dict[str, bytes]:
    """What betrays the student: SQLite stores a whole number of this size as two bytes, the higher first."""
    scores = struct.pack(">7h", *ten_thousandths(SCORES))
    floats = struct.pack("<7d", *SCORES.probabilities)
    return {
        "name": NAME.encode(),
        "name as it is compared": NAME.casefold().encode(),
        "name in UTF-16": NAME.encode("utf-16-le"),
        "scores": scores,
        "scores as floats": floats[:16],
        "scores as text": b"0.1357",
    }


def measured(store: Store, lesson_id: int, seconds: int = 300) -> int:
    """The student with samples, of whom minutes were summed up too; the id."""
    student = store.people.join(lesson_id, NAME, second(0), "2026-1").student
    store.samples.add([Sample(student.id, second(number), SCORES, 5, 5) for number in range(seconds)])
    store.minutes.make(lesson_id)
    return student.id


def found(files: Iterable[Path]) -> set[str]:
    """Which signs are in any of the files that are there."""
    content = [file.read_bytes() for file in files if file.is_file()]
    return {sign for sign, wanted in signs().items() if any(wanted in one for one in content)}


def files_of(database: Path) -> list[Path]:
    """The file, its write-ahead log, and the index of that."""
    return [database, database.with_name(database.name + "-wal"), database.with_name(database.name + "-shm")]
