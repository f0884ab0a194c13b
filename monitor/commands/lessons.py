"""`lessons` and `delete`: which lessons there are, and one fewer."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from monitor import settings
from monitor.commands.forgetting import say_whether_swept, swept_now
from monitor.commands.terminal import ACTOR, here, say, say_json, say_table
from monitor.domain import Lesson, Shown
from monitor.errors import LessonError
from monitor.insight.suppression import LEAST, rounded_down
from monitor.people.audit import Action
from monitor.store.store import Store, open_store


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = commands.add_parser("lessons", help="list all lessons, the newest first")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(run=_list)
    delete = commands.add_parser("delete", help="delete a lesson with all of its students and samples, for good")
    takes_lesson(delete)
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=_delete)


def takes_lesson(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", type=int, metavar="LESSON", help="its number, as `lessons` lists it")


def _list(arguments: argparse.Namespace) -> None:
    store = open_store(settings.load().database_url)
    known = [*store.lessons.running(), *store.lessons.ended()]
    if arguments.json:
        say_json([_as_json(store, one) for one in known])
    elif known:
        say_table(("lesson", "began", "length", "students", "source", "title"), [_row(store, one) for one in known])
    else:
        say("There is no lesson yet.")


def _row(store: Store, lesson: Lesson) -> tuple[str, ...]:
    minutes, seconds = divmod(int(lesson.duration(datetime.now(UTC)).total_seconds()), 60)
    return (
        str(lesson.id),
        lesson.started_at.astimezone(here()).strftime("%Y-%m-%d %H:%M"),
        "running" if lesson.running else f"{minutes}:{seconds:02d}",
        _students(store, lesson),
        "made up" if lesson.made_up else lesson.source.value,
        lesson.title,
    )


def _students(store: Store, lesson: Lesson) -> str:
    students = len(store.people.students(lesson.id))
    if lesson.shown is not Shown.CLASS:
        return str(students)
    return f"{rounded_down(students)}+" if students >= LEAST else f"under {LEAST}"


def _as_json(store: Store, lesson: Lesson) -> dict[str, object]:
    return {
        "lesson": lesson.id,
        "title": lesson.title,
        "started_at": lesson.started_at.isoformat(),
        "ended_at": lesson.ended_at.isoformat() if lesson.ended_at else None,
        "students": len(store.people.students(lesson.id)) if lesson.shown is not Shown.CLASS else None,
        "shown": lesson.shown.value,
        "source": lesson.source.value,
        "made_up": lesson.made_up,
    }


def _delete(arguments: argparse.Namespace) -> None:
    store = open_store(settings.load().database_url)
    lesson = store.lessons.get(arguments.lesson)
    if not arguments.yes and not _agreed(store, lesson):
        say("Nothing was deleted.")
        return
    store.lessons.delete(lesson.id)
    store.audit.note(ACTOR, Action.DELETE, "lesson", lesson.id)
    swept = swept_now(store)
    say(f"Lesson {lesson.id} is deleted.")
    say_whether_swept(swept)


def _agreed(store: Store, lesson: Lesson) -> bool:
    """Raises LessonError where nobody is there to ask."""
    if not sys.stdin.isatty():
        raise LessonError("Deleting asks first, and nobody is there to answer: say --yes.")
    students = _students(store, lesson)
    asked = f"Delete “{lesson.title}” with all samples of its {students} students? There is no undo. [y/N] "
    return input(asked).strip().casefold() in ("y", "yes")
