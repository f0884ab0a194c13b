"""Who has an account, and what a role is."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.errors import InvalidAccount
from monitor.words import _, later

NAME_LENGTH = 120


class Role(StrEnum):
    """What an account may do; `docs/roles.md` has the whole table. Nobody that the administrator has not judged yet
    has a role."""

    ADMINISTRATOR = "administrator"
    TEACHER = "teacher"
    OBSERVER = "observer"
    STUDENT = "student"

    @property
    def teaches(self) -> bool:
        """May have lessons and classes of one's own."""
        return self in (Role.ADMINISTRATOR, Role.TEACHER)


ROLES = (later("administrator"), later("teacher"), later("observer"), later("student"))
"""The words, for the catalogue."""


@dataclass(frozen=True, slots=True)
class Account:
    """`role` is None until an administrator gives one. `by_provider`: it is what the school's own sign-in says."""

    id: int
    name: str
    role: Role | None
    created_at: datetime
    disabled_at: datetime | None = None
    by_provider: bool = False

    def __post_init__(self) -> None:
        if account_name(self.name) != self.name:
            raise InvalidAccount(
                _("an account's name is kept trimmed and in NFC, got {came}").format(came=repr(self.name))
            )

    @property
    def disabled(self) -> bool:
        return self.disabled_at is not None


def account_name(text: str) -> str:
    """A name to sign in with, as it is kept; an address is one too. Raises InvalidAccount."""
    name = unicodedata.normalize("NFC", text.strip())
    if not name or len(name) > NAME_LENGTH or not name.isprintable() or " " in name:
        raise InvalidAccount(
            _("A name to sign in with has 1 to {most} printable characters and no space, got {name!r}.").format(
                most=NAME_LENGTH, name=text[: 2 * NAME_LENGTH]
            )
        )
    return name


def role_of(text: str) -> Role:
    """Raises InvalidAccount, which names the roles."""
    try:
        return Role(text.strip().casefold())
    except ValueError as error:
        allowed = ", ".join(Role)
        raise InvalidAccount(
            _("A role is one of {allowed}, got {role!r}.").format(allowed=allowed, role=text)
        ) from error
