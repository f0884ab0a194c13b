"""Who agreed to being measured, to which words, and when; and who took that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.errors import InvalidName
from monitor.words import _

SAID_LENGTH = 120
NOTICE_LENGTH = 10_000


class Giver(StrEnum):
    STUDENT = "student"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Consent:
    """`notice`: the version of the words that were read, `2026-3 de`; empty for a guardian, of whom the teacher writes
    in `said` who agreed and how. Raises InvalidName for a note that is too long."""

    giver: Giver
    given_at: datetime
    notice: str = ""
    said: str = ""
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        if len(self.said) > SAID_LENGTH or not self.said.isprintable():
            raise InvalidName(_("A note of a consent has up to {n} printable characters.").format(n=SAID_LENGTH))

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Notice:
    """The school's own words, in Markdown, by language. `{lesson}` and `{days}` in them are filled in."""

    number: int
    written_at: datetime
    texts: dict[str, str]

    def in_language(self, language: str) -> str:
        """Another language's where it is not written in this one."""
        return self.texts.get(language) or next(iter(self.texts.values()))


def version(number: int, language: str) -> str:
    """As a consent bears it: `school-2 de`."""
    return f"school-{number} {language}"


def filled(text: str, lesson: str, days: int) -> str:
    return text.replace("{lesson}", lesson).replace("{days}", str(days))
