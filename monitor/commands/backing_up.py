"""`backup` and `restore`: the database in one file, and back."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor import settings
from monitor.commands.forgetting import say_whether_swept, swept_now
from monitor.commands.terminal import ACTOR, say
from monitor.errors import LessonError
from monitor.insight.publishing import publish_ended
from monitor.people.audit import Action
from monitor.store.backup import Contents
from monitor.store.store import Store, open_store


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = commands.add_parser(
        "backup",
        help="write the whole database to a file, also during a lesson",
        description="Writes what is kept at this moment to one file, and checks that it can be read. It holds names "
        "and scores: encrypt it, and delete it when its lessons would be deleted.",
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--replace", action="store_true", help="write over a file that is there")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore",
        help="bring back the state of a backup",
        description="All lessons, classes and students become those of the backup, but for lessons that are running, "
        "which stay. What was deleted in the meantime stays deleted, and the audit log goes on.",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--yes", action="store_true", help="do not ask")
    restore.set_defaults(run=_restore)


def _backup(arguments: argparse.Namespace) -> None:
    store = open_store(settings.load().database_url)
    size = store.backup.write(arguments.file, arguments.replace)
    store.audit.note(ACTOR, Action.BACKUP, "database")
    say(f"wrote {arguments.file}: {size / 1e6:.1f} MB, checked")


def _restore(arguments: argparse.Namespace) -> None:
    chosen = settings.load()
    store = open_store(chosen.database_url)
    found = store.backup.contents(arguments.file)
    if not arguments.yes and not _agreed(store, found):
        say("Nothing was changed.")
        return
    lessons = store.backup.restore(arguments.file, datetime.now(UTC), chosen.keep_days)
    store.audit.note(ACTOR, Action.RESTORE, "database", detail=f"lessons={lessons}")
    publish_ended(store)
    swept = swept_now(store)
    say(f"Restored: there are {lessons} lessons now.")
    say_whether_swept(swept)


def _agreed(store: Store, found: Contents) -> bool:
    """Raises LessonError where nobody is there to ask."""
    if not sys.stdin.isatty():
        raise LessonError("A restore asks first, and nobody is there to answer: say --yes.")
    newest = f", the last of {found.newest[:10]}" if found.newest else ""
    say(f"The backup has {found.lessons} lessons{newest}; the database has {len(store.lessons.ended())} that are over.")
    say(f"All of those are replaced. Lessons that are running now stay: {len(store.lessons.running())}.")
    return input("Restore? There is no undo, unless you make a backup first. [y/N] ").strip().casefold() in ("y", "yes")
