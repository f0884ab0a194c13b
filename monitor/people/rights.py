"""What a role may do with a class or lesson, by whose it is. `docs/roles.md` says the same for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.people.accounts import Role


class Standing(StrEnum):
    """How a class or lesson stands to an account. A lesson of a shared class is shared with it."""

    OWN = "own"
    EDIT = "shared to edit"
    READ = "shared to read"
    NOBODYS = "nobody's"
    OTHERS = "other's"


class Right(StrEnum):
    FIGURES = "figures"
    """Of the class as a whole, never of one student."""
    NAMES = "names"
    """And all that is told of one student."""
    EDIT = "edit"
    DELETE = "delete"
    SHARE = "share"


ALL = frozenset(Right)
NOTHING: frozenset[Right] = frozenset()
TEACHES = {
    Standing.OWN: ALL,
    Standing.EDIT: frozenset((Right.FIGURES, Right.NAMES, Right.EDIT)),
    Standing.READ: frozenset((Right.FIGURES, Right.NAMES)),
}
DELETES = frozenset((Right.DELETE,))
ALLOWED: dict[Role, dict[Standing, frozenset[Right]]] = {
    Role.ADMINISTRATOR: {**TEACHES, Standing.NOBODYS: DELETES, Standing.OTHERS: DELETES},
    Role.TEACHER: TEACHES,
    Role.OBSERVER: dict.fromkeys((Standing.OWN, Standing.EDIT, Standing.READ), frozenset((Right.FIGURES,))),
    Role.STUDENT: {},
}


def rights(role: Role | None, standing: Standing) -> frozenset[Right]:
    return NOTHING if role is None else ALLOWED[role].get(standing, NOTHING)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account at the door of a lesson: with its code, perhaps with the secret of a seat in it."""

    code: str = ""
    seat: str = ""


NOBODY = Guest()
