"""What a teacher brings to a lesson: classes with their students, markers, and rules that raise quiet alerts.

All records are frozen and refuse bad values when they are made, as in `domain`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.errors import InvalidMarker, InvalidRule

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
            raise InvalidMarker(f"A marker's text has up to {MARKER_LENGTH} printable characters, got {self.text!r}.")
        if self.until is not None and self.until <= self.at:
            raise InvalidMarker(f"A span ends after it begins, got {self.at:%H:%M:%S} to {self.until:%H:%M:%S} (UTC).")

    @property
    def is_span(self) -> bool:
        """A break is one even before its end is known."""
        return self.until is not None or self.left_out or self.kind is MarkerKind.BREAK

    @property
    def words(self) -> str:
        """The teacher's own text, else the kind."""
        return self.text or self.kind.value


def edge(at: datetime) -> int:
    """The first whole second (since 1970) at or after `at`: from it on, a marker set at `at` counts."""
    return math.ceil(at.timestamp())


class Measure(StrEnum):
    """What a rule watches, of the class and never of one student."""

    MOOD = "mood"
    FACE_VISIBLE = "face visible"


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
            raise InvalidRule(f"The limit of the {self.measure.value} is {least:.0f} to 1, got {self.limit!r}.")
        if not 1 <= self.seconds <= LONGEST_RULE_S:
            raise InvalidRule(f"A rule waits 1 to {LONGEST_RULE_S} seconds, got {self.seconds!r}.")


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that fired in a lesson, with the rule as it stood then. `over_at`: when it no longer held."""

    id: int
    lesson_id: int
    rule: Rule
    at: datetime
    over_at: datetime | None = None
    dismissed_at: datetime | None = None
