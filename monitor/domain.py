"""What a lesson is made of. All records are frozen and refuse bad values when they are made.

Pictures exist only in `Frame`, which nothing stores; what is kept is a `Sample`, which has no pixels.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EmotionScores
from monitor.errors import InvalidName

Image = NDArray[np.uint8]
"""BGR, (height, width, 3)."""

NAME_LENGTH = 60
# Unseen, but between the parts of an emoji and in scripts such as Persian's a letter like any other. Among Latin
# letters it would only make two names out of one.
JOINER = re.compile("(?<=[^\x00-\u024f])[\u200c\u200d](?=[^\x00-\u024f])")


class View(StrEnum):
    """Whom a stream shows: one student at the student's own camera, or a room with many."""

    OWN = "own"
    ROOM = "room"


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of one stream at one moment."""

    stream: str
    image: Image
    at: datetime
    view: View = View.OWN

    def __post_init__(self) -> None:
        _aware(self.at)
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            raise ValueError(f"an image is (height, width, 3) uint8, got {self.image.shape} {self.image.dtype}")


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels; (x, y) is the upper left corner and may lie outside of the picture."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        if not (self.width > 0 and self.height > 0):
            raise ValueError(f"a box has a positive width and height, got {self.width!r} x {self.height!r}")

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Square:
    """The part of a picture that FER2013 would have kept of a face: centre (x, y) and side in pixels."""

    centre: tuple[float, float]
    side: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face found in a picture; `cut` is what a network is shown of it."""

    box: Box
    confidence: float
    cut: Square


@dataclass(frozen=True, slots=True)
class Track:
    """One face followed through a stream, with how many faces there were beside it."""

    stream: str
    number: int
    face: Face
    others: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame says of one face. `scores`, `track` and `box` are None where no face was found.

    `faces` were found in the frame, `track` is the number of the one that is read, `box` where it is in
    the picture turned upright.
    """

    stream: str
    at: datetime
    scores: EmotionScores | None
    faces: int
    picture: Picture
    track: int | None = None
    box: Box | None = None


class Picture(StrEnum):
    """Whether a picture can show a face at all."""

    FINE = "fine"
    BLACK = "black"
    FROZEN = "frozen"


class Presence(StrEnum):
    """What a student last chose. A lost connection is not a choice: it shows in the samples."""

    INVITED = "invited"
    HERE = "here"
    PAUSED = "paused"
    LEFT = "left"


class Source(StrEnum):
    """What a lesson was measured from."""

    LIVE = "live"
    VIDEO = "video"


class Shown(StrEnum):
    """Whom a lesson's figures are of, for all who are not the student: each is stricter than the one before."""

    NAMES = "names"
    PSEUDONYMS = "pseudonyms"
    CLASS = "class only"

    def stricter_than(self, other: Shown) -> bool:
        return LEVELS.index(self) > LEVELS.index(other)


LEVELS = tuple(Shown)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One class session. `made_up` marks the sample lesson; `ended_at` is None while it runs; `class_id` is None for
    a lesson of no kept class; `guests`: whether somebody who is not on its list may join; `keep_days`: what its
    students are told, None as the settings say; `shown`: how much is."""

    id: int
    title: str
    code: str
    started_at: datetime
    ended_at: datetime | None
    network: str
    detector: str
    made_up: bool = False
    class_id: int | None = None
    source: Source = Source.LIVE
    guests: bool = True
    keep_days: int | None = None
    shown: Shown = Shown.NAMES

    @property
    def running(self) -> bool:
        return self.ended_at is None

    def duration(self, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.started_at


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody in one lesson: `member_id` is who that is on the roster of the class, None for a guest.

    `pseudonym`: number and name are made up, and lead to nobody without the key. `named` is False for a face of the
    room camera that nobody has named yet: it counts for the class only.
    """

    id: int
    lesson_id: int
    name: str
    presence: Presence
    presence_at: datetime
    member_id: int | None = None
    named: bool = True
    pseudonym: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One second of one student: the only thing that is stored of a face.

    `at` is the start of the second; `frames` were analysed in it, `faces` of them showed a face;
    `scores` is the mean over those and None where there were none.
    """

    student_id: int
    at: datetime
    scores: EmotionScores | None
    faces: int
    frames: int

    def __post_init__(self) -> None:
        _aware(self.at)
        if self.at.microsecond:
            raise ValueError(f"a sample starts on a whole second, got {self.at.isoformat()}")
        if not 0 <= self.faces <= self.frames or self.frames < 1:
            raise ValueError(f"of 1 or more frames, 0 to all show a face; got {self.faces!r} of {self.frames!r}")
        if (self.scores is None) != (self.faces == 0):
            raise ValueError(f"scores and faces go together, got {self.scores!r} with {self.faces!r} faces")


def student_name(text: str) -> str:
    """A name as it is kept: trimmed, inner space collapsed, ë as one character. Raises InvalidName."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise InvalidName("A name is needed: at least one letter.")
    if len(name) > NAME_LENGTH:
        raise InvalidName(f"A name has at most {NAME_LENGTH} characters; this one has {len(name)}.")
    if not JOINER.sub("", name).isprintable():
        raise InvalidName(f"A name consists of printable characters, got {name!r}.")
    return name


def name_key(name: str) -> str:
    """Ada and ADA are one student."""
    return name.casefold()[:120]


def _aware(at: datetime) -> None:
    if at.tzinfo is None or at.utcoffset() != timedelta(0):
        raise ValueError(f"times are aware and in UTC, got {at.isoformat()}")
