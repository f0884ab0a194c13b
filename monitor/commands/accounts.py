"""`accounts` and `statement`: who may sign in, and where and for what this installation is used."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from monitor import settings
from monitor.commands.terminal import say, say_json, say_table
from monitor.people.accounts import Account, Role, role_of
from monitor.people.audit import Action
from monitor.people.purpose import Purpose, Statement, purpose_of, purpose_words
from monitor.store.accounts import RESET_FOR
from monitor.store.store import Store, open_store

ACTOR = "command"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    accounts = commands.add_parser("accounts", help="list, add, reset, disable or enable accounts")
    deeds = accounts.add_subparsers(required=True)
    listing = deeds.add_parser("list", help="all accounts by name")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(run=_list)
    new = deeds.add_parser("add", help="a new account; prints the link by which it gets its password")
    new.add_argument("name", help="to sign in with")
    new.add_argument(
        "--role", default=Role.TEACHER.value, help=f"one of {', '.join(Role)}; {Role.TEACHER} if not given"
    )
    new.set_defaults(run=_add)
    for word, run, told in (
        ("reset", _reset, "print a link by which the account gets another password"),
        ("disable", _disable, "nobody signs in under it, and who is signed in is so no longer"),
        ("enable", _enable, "it may sign in again"),
    ):
        deed = deeds.add_parser(word, help=told)
        deed.add_argument("name")
        deed.set_defaults(run=run)
    stating = commands.add_parser("statement", help="show, or state, where and for what this installation is used")
    stating.add_argument("--purpose", choices=[one.value for one in Purpose])
    stating.add_argument("--words", default="", help="the place, and the legal basis")
    stating.add_argument("--author", default="", help="the name of an account")
    stating.set_defaults(run=_state)


def _list(arguments: argparse.Namespace) -> None:
    known = _store().accounts.all()
    if arguments.json:
        say_json([{"name": one.name, "role": one.role, "disabled": one.disabled} for one in known])
    elif known:
        say_table(("name", "role", "state"), [_row(one) for one in known])
    else:
        say("There is no account yet. The dashboard prints a link when it starts.")


def _row(one: Account) -> tuple[str, str, str]:
    state = "disabled" if one.disabled else ""
    return one.name, one.role or "none yet", state


def _add(arguments: argparse.Namespace) -> None:
    store, role = _store(), role_of(arguments.role)
    made = store.accounts.create(arguments.name, role, datetime.now(UTC))
    store.audit.note(ACTOR, Action.ROLES, "account", made.id, f"added {role}")
    _say_link(store.accounts.invite(made.id, datetime.now(UTC)))


def _reset(arguments: argparse.Namespace) -> None:
    store = _store()
    one = store.accounts.named(arguments.name)
    store.audit.note(ACTOR, Action.ROLES, "account", one.id, "reset")
    _say_link(store.accounts.invite(one.id, datetime.now(UTC), RESET_FOR))


def _disable(arguments: argparse.Namespace) -> None:
    store = _store()
    one = store.accounts.disable(store.accounts.named(arguments.name).id, datetime.now(UTC))
    store.audit.note(ACTOR, Action.ROLES, "account", one.id, "disabled")
    say(f"{one.name} is disabled.")


def _enable(arguments: argparse.Namespace) -> None:
    store = _store()
    one = store.accounts.enable(store.accounts.named(arguments.name).id)
    store.audit.note(ACTOR, Action.ROLES, "account", one.id, "enabled")
    say(f"{one.name} may sign in again.")


def _state(arguments: argparse.Namespace) -> None:
    store = _store()
    if arguments.purpose is not None:
        author = store.accounts.named(arguments.author).name
        words = purpose_words(arguments.words)
        store.statements.add(Statement(purpose_of(arguments.purpose), words, author, datetime.now(UTC)))
    stated = store.statements.current()
    if stated is None:
        say("Nothing is stated yet, so no camera starts and no video is analysed.")
    else:
        say(f"{stated.purpose}: {stated.words} ({stated.author}, {stated.at:%Y-%m-%d})")


def _say_link(token: str) -> None:
    address = settings.load().public_url.rstrip("/") or "http://localhost:8501"
    say(f"{address}/invitation?token={token}")


def _store() -> Store:
    return open_store(settings.load().database_url)
