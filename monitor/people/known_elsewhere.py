"""Somebody whom the school's own sign-in knows: which account that is, and with which role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from monitor.errors import InvalidAccount, NotSignedIn
from monitor.people.accounts import Account, Role
from monitor.people.audit import Action
from monitor.people.provider import Person
from monitor.store.store import Store
from monitor.words import _

Roles = Mapping[Any, Sequence[str]]


def role_for(person: Person, roles: Roles) -> Role | None:
    """The first of administrator, teacher, observer, student whose list has the address, its @domain or a group."""
    email = person.email.casefold()
    domain = "@" + email.rpartition("@")[2]
    for role in Role:
        for one in roles.get(role, ()):
            if one.casefold() in (email, domain) if "@" in one else one in person.groups:
                return role
    return None


def sign_in_known(store: Store, person: Person, roles: Roles, at: datetime) -> tuple[Account, str]:
    """The account, and the secret of a new session. Raises NotSignedIn, and InvalidAccount."""
    wanted = role_for(person, roles)
    own = store.accounts.of_subject(person.subject) or _first_time(store, person, wanted, at)
    if own.disabled:
        raise NotSignedIn(_("Your account here is disabled. An administrator can let you in again."))
    if own.by_provider and wanted != own.role:
        own = _follow(store, own, wanted, at)
    return own, store.sign_ins.begin(own.id, at)


def _first_time(store: Store, person: Person, wanted: Role | None, at: datetime) -> Account:
    try:
        waiting = store.accounts.meet(person.email, person.subject)
        if waiting is None and wanted is not None:
            waiting = store.accounts.admit(person.email, wanted, person.subject, at)
            store.audit.note("provider", Action.ROLES, "account", waiting.id, f"added {wanted}")
    except InvalidAccount as error:
        raise NotSignedIn(str(error)) from error
    return waiting or _nobody()


def _follow(store: Store, own: Account, wanted: Role | None, at: datetime) -> Account:
    """The role is another than the last time; with none any more all sessions end."""
    if wanted is None:
        store.sign_ins.end_others(own.id, "", at)
        _nobody()
    store.audit.note("provider", Action.ROLES, "account", own.id, f"role={wanted}")
    return store.accounts.give_role(own.id, wanted, by_provider=True)


def _nobody() -> NoReturn:
    raise NotSignedIn(
        _(
            "The school's sign-in knows you, but this dashboard does not: nothing here is open to you. Those who look "
            "after it can invite you under your e-mail address, or give your group a role."
        )
    )
