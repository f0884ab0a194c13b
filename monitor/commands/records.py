"""`record` and `forget`: what is kept of one student, for that student; and nothing any more."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from monitor import settings
from monitor.commands.forgetting import say_whether_swept, swept_now
from monitor.commands.terminal import ACTOR, say
from monitor.domain import name_key
from monitor.errors import LessonError
from monitor.insight.record import Record, as_csv, as_json, member_record, student_record
from monitor.people.audit import Action
from monitor.store.store import Store, open_store

STUDENT, MEMBER = "student", "member"
READERS: dict[str, Callable[[Store, int], Record]] = {STUDENT: student_record, MEMBER: member_record}
WHO = "student:12 (in one lesson), member:3 (on a roster, over all lessons), or a name, which lists them"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    record = commands.add_parser("record", help="write all that is kept of a student to a file, for that student")
    record.add_argument("who", metavar="STUDENT-OR-MEMBER", help=WHO)
    record.add_argument("--to", type=Path, required=True, metavar="FILE", help="ends in .json, or in .csv")
    record.set_defaults(run=_record)
    forget = commands.add_parser("forget", help="delete all that is kept of a student, for good")
    forget.add_argument("who", metavar="STUDENT-OR-MEMBER", help=WHO)
    forget.add_argument("--yes", action="store_true", help="do not ask")
    forget.set_defaults(run=_forget)


def _record(arguments: argparse.Namespace) -> None:
    form = arguments.to.suffix.lower().removeprefix(".")
    if form not in ("json", "csv"):
        raise LessonError(f"A record is written to a .json or a .csv file, got {str(arguments.to)!r}.")
    store = open_store(settings.load().database_url)
    kind, number = _meant(store, arguments.who)
    found = READERS[kind](store, number)
    content = as_csv(found) if form == "csv" else as_json(found, datetime.now(UTC))
    store.audit.note(ACTOR, Action.EXPORT, kind, number, f"record {form}")
    try:
        arguments.to.write_bytes(content)
    except OSError as error:
        raise LessonError(f"{arguments.to} cannot be written: {error.strerror}.") from error
    say(f"wrote {arguments.to}: {len(found.places)} lessons, {found.seconds} seconds")


def _forget(arguments: argparse.Namespace) -> None:
    store = open_store(settings.load().database_url)
    kind, number = _meant(store, arguments.who)
    found = READERS[kind](store, number)
    if not arguments.yes and not _agreed(found):
        say("Nothing was deleted.")
        return
    if kind == MEMBER:
        store.members.delete(number)
    else:
        store.people.delete(number)
    store.audit.note(ACTOR, Action.DELETE, kind, number)
    say(f"{kind}:{number} is deleted, with {found.seconds} seconds of {len(found.places)} lessons.")
    say_whether_swept(swept_now(store))


def _agreed(found: Record) -> bool:
    """Raises LessonError where nobody is there to ask."""
    if not sys.stdin.isatty():
        raise LessonError("Forgetting asks first, and nobody is there to answer: say --yes.")
    kept = f"{found.seconds} seconds of {len(found.places)} lessons"
    asked = f"Delete {found.name}, with {kept}? There is no undo. [y/N] "
    return input(asked).strip().casefold() in ("y", "yes")


def _meant(store: Store, who: str) -> tuple[str, int]:
    """`member:3` as that. Raises LessonError for a name, with those who bear it."""
    kind, _colon, number = who.partition(":")
    if kind in READERS and number.isdecimal():
        return kind, int(number)
    found = _named(store, who)
    if not found:
        raise LessonError(f"Nobody is called {who!r}. Allowed are a name that is kept, student:12 and member:3.")
    raise LessonError("Please say which one:\n" + "\n".join(found))


def _named(store: Store, name: str) -> list[str]:
    key = name_key(" ".join(name.split()))
    members = (
        f"member:{one.id}  {one.name}, class {own.name}"
        for own in store.classes.all(archived=True)
        for one in store.classes.members(own.id, archived=True)
        if name_key(one.name) == key
    )
    students = (
        f"student:{one.id}  {one.name}, lesson {lesson.id} “{lesson.title}”, {lesson.started_at:%Y-%m-%d}"
        for lesson in (*store.lessons.running(), *store.lessons.ended())
        for one in store.people.students(lesson.id)
        if one.named and name_key(one.name) == key
    )
    return [*members, *students]
