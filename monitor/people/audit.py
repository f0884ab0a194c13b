"""What the audit log says: who did what, to what, and when, never under a person's name.

Each entry bears the SHA-256 of the entry before it and of itself. Whoever changes, removes or inserts one has to
write all that follow anew, and then the last hash is another: who remembers it (`Head`) sees that too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from monitor.errors import AuditError

BEGINNING = "0" * 64
# Numbers and the words of the code; a name, which somebody typed, does not fit in.
WORD = re.compile(r"[a-z][a-z_]{0,19}")
ACTOR = re.compile(r"[a-z][a-z_]{0,19}(:[0-9]{1,18})?")
DETAIL = re.compile(r"[a-z0-9_=,. -]{0,80}")


class Action(StrEnum):
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    VIEW_STUDENT = "view_student"
    EXPORT = "export"
    CONSENT = "consent"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    SHOW_LESS = "show_less"
    RETENTION = "retention"
    PURGE = "purge"
    BACKUP = "backup"
    RESTORE = "restore"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Deed:
    """`actor`: a word or a word with a number, such as `command`, `account:3`, `student:12`; so is what it was done to,
    as `kind` and `number`. `detail`: a few words of the code, such as `csv` or `lessons=3`."""

    at: datetime
    actor: str
    action: Action
    kind: str
    number: int | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        for what, text, form in (
            ("actor", self.actor, ACTOR),
            ("kind", self.kind, WORD),
            ("detail", self.detail, DETAIL),
        ):
            if not form.fullmatch(text):
                # What came is not said: it may be a name, and errors are logged.
                raise AuditError(f"The {what} of an audit entry matches {form.pattern!r}, and this one does not.")
        if self.at.tzinfo is None:
            raise AuditError(f"An audit entry happened at an aware time, got {self.at!r}.")


@dataclass(frozen=True, slots=True)
class Entry:
    """`id` counts from 1 without a gap."""

    id: int
    deed: Deed
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a log at some time: enough to notice later that the log was cut or written anew."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Head:
        """Of what `str` gives. Raises AuditError."""
        number, _colon, digest = text.strip().partition(":")
        if not (number.isascii() and number.isdigit() and re.fullmatch("[0-9a-f]{64}", digest)):
            raise AuditError(f"A head of the audit log looks like 12:0f3a… with 64 hex digits, got {text!r}.")
        return cls(int(number), digest)


EMPTY = Head(0, BEGINNING)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fault`: what was changed, in words; None when nothing was."""

    head: Head
    fault: str | None


def chained(before: Head, deed: Deed) -> Entry:
    """The next entry."""
    number = before.id + 1
    said = {
        "id": number,
        "at": deed.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": deed.actor,
        "action": deed.action.value,
        "kind": deed.kind,
        "number": deed.number,
        "detail": deed.detail,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return Entry(number, deed, hashlib.sha256(f"{before.hash}\n{text}".encode()).hexdigest())


def verify(entries: Iterable[Entry], remembered: Head = EMPTY) -> Verdict:
    """Of all entries, the oldest first. `remembered`: a head from earlier, which the log must contain."""
    head, seen = EMPTY, remembered == EMPTY
    try:
        for entry in entries:
            fault = _fault(head, entry)
            head = Head(entry.id, entry.hash)
            if fault is None and head.id == remembered.id and head != remembered:
                fault = f"entry {entry.id} is another than the remembered one: the log was written anew"
            if fault is not None:
                return Verdict(head, fault)
            seen = seen or head == remembered
    except (AuditError, ValueError) as error:
        return Verdict(head, f"after entry {head.id} comes what nobody could have written ({error})")
    if not seen:
        return Verdict(head, f"the log ends with entry {head.id}, and entry {remembered.id} is remembered: it was cut")
    return Verdict(head, None)


def _fault(before: Head, entry: Entry) -> str | None:
    if entry.id != before.id + 1:
        return f"after entry {before.id} comes entry {entry.id}: what was between them is gone"
    if chained(before, entry.deed).hash != entry.hash:
        return f"entry {entry.id} is not what was written after entry {before.id}"
    return None
