"""A lesson as a CSV file and back, without loss: the ten-thousandths of the file are those of the database.

UTF-8 with a byte order mark, which tells Excel the encoding; lines end in CR LF (RFC 4180). A text that a
spreadsheet would take for a formula gets an apostrophe in front, which the reader takes away again.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from model_zoo.emotions import EMOTIONS, NEGATIVE, SUM_TOLERANCE, Emotion
from monitor.domain import Lesson, Presence, Student
from monitor.errors import MonitorError
from monitor.insight.timeline import COLUMNS as TABLE_COLUMNS
from monitor.insight.timeline import WHOLE, Timeline

WORDS = tuple(emotion.value for emotion in EMOTIONS)
COLUMNS = ("lesson_id", "lesson", "student", "at", *WORDS, "top", "mood", "face_visible", "frames")
UNKNOWN = "not in the file"
TIME = "%Y-%m-%dT%H:%M:%SZ"
# The last four are wide forms, which some spreadsheets take for the narrow ones.
FORMULA_STARTS = frozenset("=+-@＝＋－＠")
DECIMAL = re.compile(r"-?[01](\.[0-9]{1,4})?", re.ASCII)
# With more, faces / frames could not be told apart with 4 decimals.
MOST_FRAMES = 5000

Row = tuple[int, int, int, int, *tuple[float, ...]]
ROW = ["second", "student_id", "faces", "frames", *WORDS]


class CsvError(MonitorError):
    """A file that is not one of ours, or was changed. Names the line, the column, what came, what is allowed."""


def to_csv(timeline: Timeline) -> bytes:
    """A line per student and second, sorted by second and, within one, by who joined first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(timeline))
    return text.getvalue().encode("utf-8-sig")


def from_csv(content: bytes | str) -> Timeline:
    """The timeline of which `to_csv` made the file. Raises CsvError.

    Students are known by name and numbered from 1 as they first appear. The file does not say how the lesson
    was measured: its code is empty, its network and detector are `UNKNOWN`, it lasted as long as its samples.
    """
    lines = list(_read(_decoded(content)))
    if not lines:
        raise CsvError("The file holds no samples: there is no line below its heading.")
    lesson_id, title = lines[0].whole("lesson_id", 0, 2**63 - 1), original(lines[0].cells["lesson"])
    ids: dict[str, int] = {}
    rows: dict[tuple[int, int], Row] = {}
    for line in lines:
        line.expect("lesson_id", lines[0].cells["lesson_id"], "as in the first line: one lesson a file")
        line.expect("lesson", lines[0].cells["lesson"], "as in the first line: one lesson a file")
        key = line.second(), ids.setdefault(line.name(), len(ids) + 1)
        if key in rows:
            raise line.wrong("at", "another second than this student's other lines")
        rows[key] = (*key, *line.measured())
    table = pd.DataFrame(
        [rows[key] for key in sorted(rows)], columns=["second", "student_id", "faces", "frames", *WORDS]
    )
    began, ended = (datetime.fromtimestamp(second, UTC) for second in (min(rows)[0], max(rows)[0] + 1))
    lesson = Lesson(lesson_id, title, "", began, ended, UNKNOWN, UNKNOWN)
    students = (Student(number, lesson_id, name, Presence.LEFT, ended) for name, number in ids.items())
    return Timeline(lesson, tuple(students), table[list(TABLE_COLUMNS)].astype(dict.fromkeys(WORDS, "float64")))


def harmless(text: str) -> str:
    """With an apostrophe in front, if a spreadsheet would run it or if it has such an apostrophe already."""
    return f"'{text}" if _risky(text) else text


def original(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and _risky(text) else text


def _risky(text: str) -> bool:
    bare = text.lstrip("'")
    control = bare != "" and unicodedata.category(bare[0]) == "Cc"
    return control or bare.lstrip()[:1] in FORMULA_STARTS


def _lines(timeline: Timeline) -> Iterator[tuple[str | int, ...]]:
    lesson = (timeline.lesson.id, harmless(timeline.lesson.title))
    names = {student.id: harmless(student.name) for student in timeline.students}
    decimals = [f"{part / WHOLE:.4f}" for part in range(WHOLE + 1)]
    for student, second, faces, frames, *scores in _in_join_order(timeline).itertuples(index=False):
        start = (*lesson, names[student], datetime.fromtimestamp(second, UTC).strftime(TIME))
        end = (f"{faces / frames:.4f}", frames)
        if faces == 0:
            yield (*start, *("",) * (len(WORDS) + 2), *end)
            continue
        parts = [int(score) for score in scores]
        top = WORDS[parts.index(max(parts))]
        yield (*start, *(decimals[part] for part in parts), top, f"{_mood(parts) / WHOLE:.4f}", *end)


def _in_join_order(timeline: Timeline) -> pd.DataFrame:
    places = {student.id: place for place, student in enumerate(timeline.students)}
    order = np.lexsort((timeline.samples["student_id"].map(places), timeline.samples["second"]))
    return timeline.samples.iloc[order]


def _mood(parts: list[int]) -> int:
    """In ten-thousandths, see `monitor.insight.mood.mood_of`."""
    negative = max(parts[EMOTIONS.index(emotion)] for emotion in NEGATIVE)
    return parts[EMOTIONS.index(Emotion.HAPPY)] - negative


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file; each method reads cells of it and raises CsvError for one that is not allowed."""

    number: int
    cells: dict[str, str]

    def wrong(self, column: str, allowed: str) -> CsvError:
        came = self.cells[column]
        return CsvError(f"Line {self.number}, column {column}: got {came!r}, allowed is {allowed}.")

    def expect(self, column: str, text: str, why: str) -> None:
        if self.cells[column] != text:
            raise self.wrong(column, f"{text!r}, {why}")

    def whole(self, column: str, low: int, high: int) -> int:
        text = self.cells[column]
        if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
            raise self.wrong(column, f"a whole number from {low} to {high}")
        return int(text)

    def part(self, column: str, low: int = 0) -> int:
        """A decimal from `low` to 1 in ten-thousandths."""
        text = self.cells[column]
        if not DECIMAL.fullmatch(text) or not low * WHOLE <= round(float(text) * WHOLE) <= WHOLE:
            raise self.wrong(column, f"a number from {low} to 1 with at most 4 decimals")
        return round(float(text) * WHOLE)

    def name(self) -> str:
        if not self.cells["student"]:
            raise self.wrong("student", "a name")
        return original(self.cells["student"])

    def second(self) -> int:
        try:
            return int(datetime.strptime(self.cells["at"], TIME).replace(tzinfo=UTC).timestamp())
        except ValueError:
            raise self.wrong("at", "a time in UTC such as 2025-11-21T09:00:00Z") from None

    def measured(self) -> tuple[int, int, *tuple[float, ...]]:
        """Faces, frames, and the seven in ten-thousandths, NaN without a face."""
        frames = self.whole("frames", 1, MOST_FRAMES)
        faces = round(self.part("face_visible") * frames / WHOLE)
        if faces:
            return faces, frames, *self._scores()
        for column in (*WORDS, "top", "mood"):
            self.expect(column, "", "since face_visible says that no face was seen")
        return faces, frames, *(math.nan,) * len(WORDS)

    def _scores(self) -> tuple[int, ...]:
        parts = [self.part(word) for word in WORDS]
        if abs(sum(parts) - WHOLE) > SUM_TOLERANCE * WHOLE:
            raise self.wrong("neutral", f"what makes the seven add up to 1; they add up to {sum(parts) / WHOLE:.4f}")
        tops = [word for word, part in zip(WORDS, parts, strict=True) if part == max(parts)]
        if self.cells["top"] not in tops:
            raise self.wrong("top", f"{' or '.join(tops)}, the likeliest of the seven")
        if self.part("mood", -1) != _mood(parts):
            raise self.wrong("mood", f"{_mood(parts) / WHOLE:.4f}, which follows from the seven")
        return tuple(parts)


def _decoded(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        came = content[error.start]
        raise CsvError(f"The file is UTF-8 text; byte {error.start} of this one is {came:#04x}.") from error


def _read(text: str) -> Iterator[_Line]:
    """The lines below the heading; empty ones are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = next(reader, [])
        if tuple(heading) != COLUMNS:
            raise CsvError(f"Line 1 names the columns {', '.join(COLUMNS)}; got {', '.join(heading)!r}.")
        for cells in reader:
            if cells and len(cells) != len(COLUMNS):
                raise CsvError(f"Line {reader.line_num} has {len(cells)} columns; {len(COLUMNS)} are allowed.")
            if cells:
                yield _Line(reader.line_num, dict(zip(COLUMNS, cells, strict=True)))
    except csv.Error as error:
        raise CsvError(f"Line {reader.line_num} is not CSV: {error}.") from error
