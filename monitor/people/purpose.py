"""The statement without which no camera starts: where and for what this installation is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.errors import NoStatement
from monitor.words import _, later

LONGEST_WORDS = 2000


class Purpose(StrEnum):
    OUTSIDE_EU = "outside the EU"
    RESEARCH = "research"
    SIMULATION = "simulation"
    SAFETY = "medical or safety"


EXPLAINED = {
    Purpose.OUTSIDE_EU: later("Teaching outside the European Union, where the law of the place allows it"),
    Purpose.RESEARCH: later("Research with a legal basis of its own, such as the approval of an ethics committee"),
    Purpose.SIMULATION: later("A simulation: adults who agree play a class, and nobody is taught or judged"),
    Purpose.SAFETY: later("Medical or safety reasons, the exceptions that Article 5(1)(f) itself makes"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """`words`: the place, and what else the author says of it; `author`: the name of the account."""

    purpose: Purpose
    words: str
    author: str
    at: datetime

    def __post_init__(self) -> None:
        if self.words != purpose_words(self.words):
            raise NoStatement(
                _("the words of a statement are kept trimmed, got {came}").format(came=repr(self.words[:80]))
            )


def purpose_of(text: str) -> Purpose:
    """Raises NoStatement."""
    try:
        return Purpose(text)
    except ValueError as error:
        raise NoStatement(_("Please choose where and for what this installation is used.")) from error


def purpose_words(text: str) -> str:
    """As they are kept. Raises NoStatement where nothing is said."""
    words = text.strip()
    if not 3 <= len(words) <= LONGEST_WORDS:
        raise NoStatement(
            _("Please say in 3 to {most} characters where it is used, and on which legal basis.").format(
                most=LONGEST_WORDS
            )
        )
    return words


def law() -> tuple[str, ...]:
    """The law in plain words, a paragraph each."""
    return (
        _(
            "In the European Union, Article 5(1)(f) of the AI Act (Regulation 2024/1689) has since 2 February 2025 "
            "prohibited AI that infers the emotions of people in education, except for medical or safety reasons. "
            "That students or parents agree does not change it."
        ),
        _(
            "Elsewhere other laws apply: data-protection laws like the GDPR, in the United States FERPA (34 CFR 99.3) "
            "and the biometric laws of some states. A school must know which."
        ),
        _("Faces are no feelings, and the network is wrong in about three of ten. Nobody may be graded by it."),
    )


def needed(stated: Statement | None) -> Statement:
    """What stands before every camera and every video. Raises NoStatement."""
    if stated is None:
        raise NoStatement(
            _(
                "No camera can be started: nobody has said yet where and for what this installation is used. An "
                "administrator does so on the page “Administration”."
            )
        )
    return stated
