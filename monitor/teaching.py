"""What a teacher brings to a lesson: classes with their students, markers, and rules that raise quiet alerts.

All records are frozen and refuse bad values when they are made, as in `domain`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.errors import InvalidMarker, InvalidRule
from monitor.words import _, later

MARKER_LENGTH = 120
LONGEST_RULE_S = 3600


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class that has lessons. `guests`: whether somebody who is not on its roster may join them; `keep_days`: how
    long its lessons are kept, None as the settings say."""

    id: int
    name: str
    guests: bool
    created_at: datetime
    archived_at: datetime | None = None
    keep_days: int | None = None

    @property
    def archived(self) -> bool:
        return self.archived_at is not None


@dataclass(frozen=True, slots=True)
class Member:
    """A student on the roster of a class, over all of its lessons."""

    id: int
    class_id: int
    name: str
    archived_at: datetime | None = None

    @property
    def archived(self) -> bool:
        return self.archived_at is not None


class MarkerKind(StrEnum):
    """What a marker says began. The order is that of the buttons and of the keys 1 to 6."""

    TOPIC = "new topic"
    EXERCISE = "exercise"
    QUESTION = "question"
    QUIZ = "quiz"
    BREAK = "break"
    NOTE = "note"

    @property
    def word(self) -> str:
        """What a person reads."""
        return _(KIND_WORDS[self])


KIND_WORDS = {
    MarkerKind.TOPIC: later("new topic"),
    MarkerKind.EXERCISE: later("exercise"),
    MarkerKind.QUESTION: later("question"),
    MarkerKind.QUIZ: later("quiz"),
    MarkerKind.BREAK: later("break"),
    MarkerKind.NOTE: later("own text"),
}


@dataclass(frozen=True, slots=True)
class Marker:
    """A teacher's note at a moment. With `until` it is a span; one that is `left_out` counts for no figure.

    A span without an end goes on to the end of the lesson. Raises InvalidMarker.
    """

    id: int
    lesson_id: int
    at: datetime
    kind: MarkerKind
    text: str = ""
    until: datetime | None = None
    left_out: bool = False

    def __post_init__(self) -> None:
        if len(self.text) > MARKER_LENGTH or not self.text.isprintable():
            told = _("A marker's text has up to {most} printable characters, got {text}.")
            raise InvalidMarker(told.format(most=MARKER_LENGTH, text=repr(self.text)))
        if self.until is not None and self.until <= self.at:
            told = _("A span ends after it begins, got {start} to {end} (UTC).")
            raise InvalidMarker(told.format(start=f"{self.at:%H:%M:%S}", end=f"{self.until:%H:%M:%S}"))

    @property
    def is_span(self) -> bool:
        """A break is one even before its end is known."""
        return self.until is not None or self.left_out or self.kind is MarkerKind.BREAK

    @property
    def words(self) -> str:
        """The teacher's own text, else the kind, in the language that is spoken here."""
        return self.text or self.kind.word


def edge(at: datetime) -> int:
    """The first whole second (since 1970) at or after `at`: from it on, a marker set at `at` counts."""
    return math.ceil(at.timestamp())


class Measure(StrEnum):
    """What a rule watches, of the class and never of one student."""

    MOOD = "mood"
    FACE_VISIBLE = "face visible"

    @property
    def word(self) -> str:
        return _("mood of the class") if self is Measure.MOOD else _("share of faces that are visible")


@dataclass(frozen=True, slots=True)
class Rule:
    """Raises an alert when `measure` stays below (or above) `limit` for `seconds`.

    `limit` is −1…1 for the mood, 0…1 for the share of the measured students whose face is visible.
    Raises InvalidRule.
    """

    id: int
    measure: Measure
    below: bool
    limit: float
    seconds: int
    on: bool = True

    def __post_init__(self) -> None:
        least = -1.0 if self.measure is Measure.MOOD else 0.0
        if not least <= self.limit <= 1:
            told = _("The limit of the {measure} is {least} to 1, got {limit}.")
            raise InvalidRule(told.format(measure=self.measure.word, least=int(least), limit=self.limit))
        if not 1 <= self.seconds <= LONGEST_RULE_S:
            told = _("A rule waits 1 to {most} seconds, got {seconds}.")
            raise InvalidRule(told.format(most=LONGEST_RULE_S, seconds=self.seconds))


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that fired in a lesson, with the rule as it stood then. `over_at`: when it no longer held."""

    id: int
    lesson_id: int
    rule: Rule
    at: datetime
    over_at: datetime | None = None
    dismissed_at: datetime | None = None
