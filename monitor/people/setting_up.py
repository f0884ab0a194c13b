"""How a new installation gets its first administrator and its statement of purpose."""

from __future__ import annotations

from monitor.people.accounts import Role
from monitor.people.passwords import Hasher
from monitor.people.purpose import Statement
from monitor.store.store import Store


def set_up(store: Store, hasher: Hasher, name: str, password: str, stated: Statement) -> str:
    """The secret of the administrator's first session. Whatever belonged to nobody is the administrator's. Raises
    InvalidAccount.

    `password` was found good; `stated.author` is `name`.
    """
    account = store.accounts.create(name, Role.ADMINISTRATOR, stated.at, hasher.hash(password))
    store.statements.add(stated)
    store.ownership.take_nobodys(account.id)
    return store.sign_ins.begin(account.id, stated.at)
