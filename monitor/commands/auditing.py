"""`audit`: the log of who did what, and whether anybody changed it."""

from __future__ import annotations

import argparse

from monitor import settings
from monitor.commands.terminal import here, say, say_json, say_table
from monitor.people.audit import EMPTY, Action, Entry, Head
from monitor.store.store import Store, open_store


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    audit = commands.add_parser("audit", help="who did what, and whether the log of it was changed")
    what = audit.add_subparsers(required=True)
    listing = what.add_parser("list", help="the newest entries")
    listing.add_argument("--count", type=int, default=50, help="how many at most (50)")
    listing.add_argument("--action", choices=[one.value for one in Action], help="only of this kind")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(run=_list)
    check = what.add_parser(
        "verify",
        help="whether the log is as it was written",
        description="Reads the whole log. It prints the log's head; given again another time, that shows whether the "
        "end was cut off since, or everything written anew. Keep it where nobody who may write the database can.",
    )
    check.add_argument("--head", help="what an earlier run printed: the log must still contain it")
    check.set_defaults(run=_verify)


def _list(arguments: argparse.Namespace) -> None:
    wanted = Action(arguments.action) if arguments.action else None
    found = _store().audit.newest(max(arguments.count, 0), wanted)
    if arguments.json:
        say_json([_as_json(one) for one in found])
    elif found:
        say_table(("entry", "at", "who", "did", "to", "detail"), [_row(one) for one in found])
    else:
        say("There is no entry of this kind." if wanted else "There is no entry yet.")


def _verify(arguments: argparse.Namespace) -> int:
    """1 when something was changed."""
    remembered = Head.read(arguments.head) if arguments.head else EMPTY
    verdict = _store().audit.verify(remembered)
    if verdict.fault:
        say(f"The audit log was changed: {verdict.fault}.")
        return 1
    say(f"The audit log is as it was written: {verdict.head.id} entries.")
    say(f"head {verdict.head}")
    return 0


def _store() -> Store:
    return open_store(settings.load().database_url)


def _row(one: Entry) -> tuple[str, ...]:
    deed = one.deed
    at = f"{deed.at.astimezone(here()):%Y-%m-%d %H:%M:%S}"
    return str(one.id), at, deed.actor, deed.action, _object(one), deed.detail


def _object(one: Entry) -> str:
    return one.deed.kind if one.deed.number is None else f"{one.deed.kind} {one.deed.number}"


def _as_json(one: Entry) -> dict[str, object]:
    deed = one.deed
    return {
        "entry": one.id,
        "at": deed.at.isoformat(),
        "actor": deed.actor,
        "action": deed.action,
        "kind": deed.kind,
        "number": deed.number,
        "detail": deed.detail,
        "hash": one.hash,
    }
