"""Where in a student's own pictures the face is looked for, and how thoroughly: what each frame costs.

Where there was no face for a while, each frame is given a glance, and once a second a thorough look. A phone may be
held sideways, and YuNet finds a face that lies on its side too, but less surely: so the picture is turned to each side
as well, once a second without a face and once in ten with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain import Face, Image
from monitor.vision.detection import Detector, quarter_turned

THOROUGH_EVERY_S = 1.0
"""From one thorough look to the next where nobody is."""
GONE_AFTER_S = 2.0
"""Without a face for so long, a frame gets a glance: whoever only looked down is found at once, at any distance."""
ROUND_EVERY_S, ROUND_AGAIN_S = 1.0, 10.0
"""From one look at the picture turned to each side to the next: without a face, and with one."""
THOROUGH_EVERY = 5
"""So many such looks from one that finds small faces, too, to the next; the first is one."""
SURER = 0.05
USUAL_CLASS = 30
"""Of more cameras each is looked at thoroughly the less often, so that all together cost no more for it."""


@dataclass
class Lookout:
    """What is remembered of one stream between its frames: no pixels."""

    quarter_turns: int = 0
    _thorough_at: datetime | None = None
    _seen_at: datetime | None = None
    _round_at: datetime | None = None
    _round_found_at: datetime | None = None
    _rounds: int = 0

    def look(self, detector: Detector, picture: Image, at: datetime, cameras: int = 1) -> tuple[Image, list[Face]]:
        """The picture as it is upright, and the faces in it, the largest first. `cameras`: of the whole class."""
        image = quarter_turned(picture, self.quarter_turns)
        seldom = max(1.0, cameras / USUAL_CLASS)
        faces = self._upright(detector, image, at, seldom)
        last, every = (self._round_found_at, ROUND_AGAIN_S) if faces else (self._round_at, ROUND_EVERY_S)
        if _due(last, at, seldom * every):
            image, faces = self._look_round(detector, picture, image, faces, at)
        self._seen_at = at if faces else self._seen_at
        return image, faces

    def _upright(self, detector: Detector, image: Image, at: datetime, seldom: float) -> list[Face]:
        gone = _due(self._seen_at, at, GONE_AFTER_S)
        if gone and not _due(self._thorough_at, at, seldom * THOROUGH_EVERY_S):
            return detector.glance(image)
        self._thorough_at = at
        return detector.detect(image)

    def _look_round(
        self, detector: Detector, picture: Image, image: Image, faces: list[Face], at: datetime
    ) -> tuple[Image, list[Face]]:
        """The picture turned so that its face is found most surely; what was chosen once has an advantage."""
        advantage = SURER if self._round_found_at else 0.0
        surest = _surest(faces) + advantage if faces else 0.0
        look = detector.glance if self._rounds % THOROUGH_EVERY else detector.detect
        for turns in {0, 1, 2, 3} - {self.quarter_turns}:
            turned = quarter_turned(picture, turns)
            found = look(turned)
            if _surest(found) > surest:
                image, faces, surest, self.quarter_turns = turned, found, _surest(found), turns
        self._rounds += 1
        self._round_at = at
        self._round_found_at = at if faces else self._round_found_at
        return image, faces


def _surest(faces: list[Face]) -> float:
    return max((face.confidence for face in faces), default=0.0)


def _due(last: datetime | None, now: datetime, every: float) -> bool:
    """Also after the clock was set back."""
    return last is None or not 0 <= (now - last).total_seconds() < every
