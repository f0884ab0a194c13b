"""Gathers the texts of the code, brings the files of the languages up to date, and says what is wrong in one."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from monitor.locale.reading import FOLDER, conventions

ROOT = FOLDER.parent.parent
ROOMS = ("app", "monitor")
KEYWORDS = {"_": 1, "later": 1, "counted": 2}
"""What a text goes through, and how many of its arguments are texts."""


def gathered() -> Catalog:
    """All texts of the code, with the files in which they stand."""
    catalog = Catalog(fuzzy=False)
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for texts in _texts(ast.parse(file.read_text(encoding="utf-8"))):
                catalog.add(texts, locations=[(file.relative_to(ROOT).as_posix(), 0)])
    return catalog


def _texts(tree: ast.AST) -> Iterator[str | tuple[str, ...]]:
    """Read from the tree: Babel's own reader passes over a text inside an f-string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            given = node.args[: KEYWORDS[node.func.id]]
            texts = tuple(one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))
            if texts and len(texts) == len(given):
                yield texts if len(texts) > 1 else texts[0]


def file_of(language: str) -> Path:
    return FOLDER / f"{language}.po"


def read(language: str) -> Catalog:
    """The file as it stands; an empty catalogue where there is none yet."""
    if not file_of(language).is_file():
        return Catalog(locale=language, fuzzy=False)
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> list[str]:
    """Writes the file with all texts of the code and no others; what is translated stays. Gives what is missing."""
    catalog = read(language)
    catalog.update(gathered(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.project, catalog.version = "Classroom mood", "1"
    catalog.msgid_bugs_address = catalog.last_translator = ""
    catalog.language_team = language
    catalog.header_comment = f"# The texts of the dashboard in {conventions(language).get_language_name('en')}."
    written = io.BytesIO()
    write_po(written, catalog, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    file_of(language).write_bytes(written.getvalue())
    return [words(message) for message in catalog if message.id and not translated(message)]


def faults(language: str) -> list[str]:
    """What keeps this language from being whole, a line each: missing, gone from the code, other placeholders."""
    known, wanted = read(language), gathered()
    texts = [message for message in wanted if message.id]
    missing = [f"missing: {words(one)}" for one in texts if not translated(known.get(one.id) or Message(""))]
    gone = [f"in no code: {words(one)}" for one in known if one.id and one.id not in wanted]
    return missing + gone + [fault for one in known if one.id for fault in _other_placeholders(one)]


def translated(message: Message) -> bool:
    said = _strings(message.string)
    return bool(said) and all(said) and not message.fuzzy


def words(message: Message) -> str:
    return _strings(message.id)[0]


def _other_placeholders(message: Message) -> Iterator[str]:
    wanted = placeholders(_strings(message.id)[-1])
    for said in filter(None, _strings(message.string)):
        if placeholders(said) != wanted:
            yield f"placeholders {sorted(placeholders(said))} instead of {sorted(wanted)}: {said}"


def placeholders(text: str) -> set[str]:
    """`{name}` of a text, with how it is written: `{mood:+.2f}`. A text that cannot be read has one of its own."""
    try:
        fields = Formatter().parse(text)
        return {f"{name}:{form}" if form else name for _, name, form, _ in fields if name is not None}
    except ValueError as error:
        return {f"unreadable ({error})"}


def _strings(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)
