"""`python -m monitor accounts` and `statement`."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from monitor.people.accounts import Role
from monitor.store.store import Store
from tests.commands.conftest import Say


def link(said: str) -> str:
    found = re.search(r"/invitation\?token=(\S+)", said)
    assert found is not None
    return found[1]


def test_an_account_is_added_and_its_link_works(run: Say, store: Store) -> None:
    assert "There is no account yet" in run("accounts", "list")[1]
    code, said, _ = run("accounts", "add", "ada", "--role", "observer")
    invited = store.accounts.invited(link(said), datetime.now(UTC))
    assert (code, invited.name, invited.role) == (0, "ada", Role.OBSERVER)
    assert run("accounts", "list")[1].split() == ["name", "role", "state", "ada", "observer"]
    assert json.loads(run("accounts", "list", "--json")[1]) == [{"name": "ada", "role": "observer", "disabled": False}]


def test_a_lost_password_is_reset_by_a_new_link(run: Say, store: Store) -> None:
    first = link(run("accounts", "add", "ada")[1])
    again = link(run("accounts", "reset", "ADA")[1])
    assert first != again
    assert store.accounts.invited(again, datetime.now(UTC)).name == "ada"


def test_an_account_is_disabled_and_let_in_again(run: Say, store: Store) -> None:
    run("accounts", "add", "ada")
    assert run("accounts", "disable", "ada")[:2] == (0, "ada is disabled.\n")
    assert store.accounts.named("ada").disabled
    run("accounts", "enable", "ada")
    assert not store.accounts.named("ada").disabled


def test_what_cannot_be_is_said(run: Say) -> None:
    assert run("accounts", "reset", "eve") == (2, "", "There is no account “eve”.\n")
    code, _, told = run("accounts", "add", "eve", "--role", "boss")
    assert code == 2
    assert "administrator, teacher, observer, student, got 'boss'" in told
    code, _, told = run("statement", "--purpose", "research", "--words", "Vote 12", "--author", "nobody")
    assert (code, "There is no account" in told) == (2, True)


def test_the_purpose_is_stated_and_shown(run: Say) -> None:
    assert "simulation: Actors in room 12 (eve" in run("statement")[1]
    run("accounts", "add", "ada")
    code, said, _ = run("statement", "--purpose", "research", "--words", "Vote 12", "--author", "ada")
    assert (code, said.startswith("research: Vote 12 (ada, ")) == (0, True)


def test_what_a_command_did_stands_in_the_audit_log_without_a_name(run: Say, store: Store) -> None:
    run("accounts", "add", "ada")
    (entry,) = store.audit.newest(1)
    assert (entry.deed.actor, entry.deed.kind, entry.deed.detail) == ("command", "account", "added teacher")
