"""Name and password in, a session out; and how the first administrator comes to be."""

from __future__ import annotations

from datetime import datetime

from monitor.errors import WrongPassword
from monitor.people.accounts import Account
from monitor.people.passwords import LONGEST, Hasher, new_password
from monitor.store.store import Store
from monitor.words import _


def sign_in(store: Store, hasher: Hasher, name: str, password: str, at: datetime) -> str:
    """The secret of a new session. Raises WrongPassword, the same for an unknown name as for a wrong password."""
    found = store.accounts.secret_of(name)
    right = hasher.matches(None if found is None else found[1], password)
    if found is None or not right:
        raise WrongPassword(_("This name and this password do not belong together."))
    account, kept = found
    if hasher.outdated(kept):
        store.accounts.set_password(account.id, hasher.hash(password))
    return store.sign_ins.begin(account.id, at)


def change_password(
    store: Store, hasher: Hasher, account: Account, old: str, new: str, at: datetime, token: str
) -> None:
    """All other sessions end; `token`: the secret of the one that goes on. Raises WrongPassword and WeakPassword."""
    found = store.accounts.secret_of(account.name)
    if not hasher.matches(None if found is None else found[1], old[: 4 * LONGEST]):
        raise WrongPassword(_("This is not the password you have now."))
    store.accounts.set_password(account.id, hasher.hash(new_password(new, account.name)))
    store.sign_ins.end_others(account.id, token, at)
