"""`purge`: what has been kept for long enough is deleted, and what was deleted leaves the files."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from monitor import settings
from monitor.commands.terminal import ACTOR, say, say_json
from monitor.errors import BackupError, StoreUnavailable
from monitor.people.audit import Action
from monitor.store.forgetting import Deleted
from monitor.store.retention import Due
from monitor.store.store import Store, open_store


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    purge = commands.add_parser(
        "purge",
        help="delete lessons that were kept for their time",
        description="Deletes each lesson that ended more days ago than its class, or the setting keep_days, says, and "
        "takes what was deleted out of the database's files. A running dashboard does the same once an hour.",
    )
    purge.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
    purge.add_argument("--json", action="store_true", help="say it as JSON")
    purge.add_argument(
        "--remember", type=Path, metavar="FILE", help="also write down what was deleted: no names, random numbers only"
    )
    purge.add_argument(
        "--deleted",
        type=Path,
        metavar="FILE",
        help="also delete again what --remember wrote down there, as after a restore of PostgreSQL",
    )
    purge.set_defaults(run=_purge)


def _purge(arguments: argparse.Namespace) -> None:
    chosen = settings.load()
    store = open_store(chosen.database_url)
    gone = store.retention.due(datetime.now(UTC), chosen.keep_days)
    again = 0
    if arguments.dry_run:
        swept = False
    else:
        store.retention.delete(gone)
        again = _again(store, arguments.deleted) if arguments.deleted else 0
        store.audit.note(ACTOR, Action.PURGE, "database", detail=f"lessons={len(gone)}, again={again}")
        swept = swept_now(store)
    if arguments.remember:
        _remember(store, arguments.remember)
    if arguments.json:
        say_json({"dry_run": arguments.dry_run, "lessons": list(map(_as_json, gone)), "again": again, "swept": swept})
        return
    _say(gone, again, arguments)
    if not arguments.dry_run:
        say_whether_swept(swept)


def _remember(store: Store, file: Path) -> None:
    found = [{"uid": one.uid, "kind": one.kind, "at": one.at.isoformat()} for one in store.forgetting.deleted()]
    try:
        file.write_text(json.dumps(found, indent=1), encoding="utf-8")
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from error


def _again(store: Store, file: Path) -> int:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        gone = [Deleted(str(one["uid"]), str(one["kind"]), datetime.fromisoformat(one["at"])) for one in read]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"{file} is no list of what was deleted, as `purge --remember` writes it: {error}") from error
    store.forgetting.remember(gone)
    return store.forgetting.again()


def swept_now(store: Store) -> bool:
    """Whether what was deleted is in none of the database's files. Where somebody else is at work in them, a running
    dashboard does it later."""
    try:
        return store.forgetting.sweep()
    except StoreUnavailable:
        return False


def say_whether_swept(swept: bool) -> None:
    if not swept:
        say("The database is in use: its file holds what was deleted until a running dashboard, or `purge`, sweeps it.")


def _say(gone: tuple[Due, ...], again: int, arguments: argparse.Namespace) -> None:
    word = "would be deleted" if arguments.dry_run else "deleted"
    for one in gone:
        say(f"lesson {one.lesson_id}, over since {one.since:%Y-%m-%d}, kept for {one.days} days: {word}")
    if again:
        say(f"{again} lessons, students, classes and places on a roster had come back: deleted again")
    if not gone and not again:
        say("No lesson is older than it is kept.")


def _as_json(one: Due) -> dict[str, object]:
    return {"lesson": one.lesson_id, "over_since": one.since.isoformat(), "days": one.days}
