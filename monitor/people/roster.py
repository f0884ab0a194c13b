"""Reads the names of a class out of what a teacher has: a CSV file of some program, or a pasted list."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from monitor.domain import name_key, student_name
from monitor.errors import InvalidName, RosterError
from monitor.words import _

LARGEST_FILE = 1_000_000
MOST_NAMES = 2000
SEPARATORS = (";", ",", "\t")
# As titles of columns in English and German, of letters only. “Last” and “First” alone are family names too.
FULL = {"name", "names", "fullname", "displayname", "student", "students", "studentname", "pupil"} | {
    "schüler",
    "schülerin",
    "schülername",
    "anzeigename",
    "vollständigername",
}
GIVEN = {"firstname", "givenname", "forename", "vorname", "rufname"}
FAMILY = {"lastname", "surname", "familyname", "nachname", "familienname", "zuname"}
FOREIGN = {b"PK\x03\x04": "XLSX, ODS", b"\xd0\xcf\x11\xe0": "XLS", b"%PDF": "PDF"}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A line (from 1) of which no name was taken, as it stood, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Names fit to be kept, each once, in the order in which they came."""

    names: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]


Row = tuple[int, tuple[str, ...]]
"""The line on which it ends, and its cells."""


def read_roster(content: bytes) -> Roster:
    """Of a CSV file: commas, semicolons or tabs; UTF-8, UTF-16 with its mark, or Windows-1252 (Latin-1's letters).

    With a first row of titles the names are taken from its columns; without one, a row is one name, or a given and
    a family name. Raises RosterError.
    """
    if len(content) > LARGEST_FILE:
        raise RosterError(
            _("A list of names has at most {most} kB, and this file has {size} kB. Is it the right one?").format(
                most=LARGEST_FILE // 1000, size=len(content) // 1000
            )
        )
    text = _text(content)
    separator = _separator(text)
    return _roster(_rows(text, separator))


def read_pasted(text: str) -> Roster:
    """One name a line, or a table as a spreadsheet hands it over: with tabs. Raises RosterError."""
    if "\t" in text.strip():
        return _roster(_rows(text, "\t"))
    return _roster((number, (line,)) for number, line in enumerate(text.splitlines(), 1))


def _text(content: bytes) -> str:
    for beginning, program in FOREIGN.items():
        if content.startswith(beginning):
            raise RosterError(
                _("This is a file of the kind {kind}, no CSV. Please save the list as CSV, or paste it.").format(
                    kind=program
                )
            )
    text = _decoded(content)
    strange = next((one for one in text if _never_written(one)), None)
    if strange is not None:
        raise RosterError(
            _("This file is no text: it has the character {character!r}. A CSV file is needed.").format(
                character=strange
            )
        )
    return text


def _never_written(character: str) -> bool:
    return character == "\ufffd" or (unicodedata.category(character) == "Cc" and character not in "\t\r\n\f")


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    # Any bytes are Latin-1; what is no text shows by its control characters.
    return content.decode("latin-1")


def _separator(text: str) -> str:
    """The one that makes most columns of the first line that says anything; Excel may name it there itself."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.casefold().startswith("sep=") and first[4:5] in SEPARATORS:
        return first[4]
    return max(SEPARATORS, key=lambda one: len(next(csv.reader([first], delimiter=one), [])))


def _rows(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        rows = [(reader.line_num, tuple(cells)) for cells in reader]
    except csv.Error as error:
        raise RosterError(
            _("Line {line} of this file is no line of a CSV file: {error}.").format(line=reader.line_num, error=error)
        ) from error
    return [row for row in rows if not row[1] or not row[1][0].casefold().startswith("sep=")]


def _roster(rows: Iterable[Row]) -> Roster:
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        raise RosterError(_("There is no name in it."))
    columns = _titled(filled[0][1])
    found = _taken(filled[1:], columns) if columns else _taken(filled, _untitled(filled))
    if len(found.names) > MOST_NAMES:
        raise RosterError(
            _("A class has at most {most} students; this list has {count}.").format(
                most=MOST_NAMES, count=len(found.names)
            )
        )
    return found


def _taken(rows: Sequence[Row], columns: Sequence[int]) -> Roster:
    names, passed_over = dict[str, str](), list[PassedOver]()
    for line, cells in rows:
        try:
            name = student_name(" ".join(cells[column] for column in columns if column < len(cells)))
        except InvalidName as error:
            passed_over.append(PassedOver(line, " ".join(" ".join(cells).split()), str(error)))
            continue
        if name_key(name) in names:
            passed_over.append(PassedOver(line, name, _("This name stands further up already.")))
        names.setdefault(name_key(name), name)
    return Roster(tuple(names.values()), tuple(passed_over))


def _titled(cells: Sequence[str]) -> tuple[int, ...]:
    """The columns of the name, the given name first; none where these are no titles."""
    titles = ["".join(filter(str.isalpha, unicodedata.normalize("NFC", cell).casefold())) for cell in cells]

    def column(words: set[str]) -> tuple[int, ...]:
        return tuple(place for place, title in enumerate(titles) if title in words)[:1]

    full, given, family = column(FULL), column(GIVEN), column(FAMILY)
    if given:
        # A German table of “Name” and “Vorname” means the family name by the first.
        return given + (family or full)
    return full or family


def _untitled(rows: Sequence[Row]) -> tuple[int, ...]:
    """The columns that say more than numbers, if they are two at most."""
    filled = sorted({place for _line, cells in rows for place, cell in enumerate(cells) if cell.strip()})
    said = [place for place in filled if not all(_number(cells[place]) for _line, cells in rows if place < len(cells))]
    if len(said) > 2:
        raise RosterError(
            _(
                "This table has {count} columns. Please write above them which is the name: “name”, or “first name” "
                "and “last name”."
            ).format(count=len(said))
        )
    return tuple(said or filled[:1])


def _number(cell: str) -> bool:
    digits = cell.strip(" .#")
    return not digits or digits.isdigit()
