"""A class of nine in front of one camera: real faces of FACE_MEDIA in rows of three that sway, walk past one another
and are hidden for a while. Made in memory; where each face is at each moment is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from monitor.domain import Box, Image
from monitor.vision.detection import CROWD, YuNet, shrunk
from tests.outfits import Outfit, outfits

WIDTH, HEIGHT = 1280, 720
ROWS, COLUMNS = 3, 3
FACE = 74  # pixels: the width of YuNet's box
WALK_S, WALK_EVERY_S = 5.0, 15.0
HIDDEN_EVERY_S = 14.0
SHORTEST_GAP_S, LONGEST_GAP_S = 0.6, 2.5


class Dress(StrEnum):
    """`NONE`: heads without bodies, which are not there at all while they look down."""

    MIXED = "mixed"
    ALIKE = "alike"
    NONE = "none"


@dataclass(frozen=True)
class Somebody:
    """`patch` is cut around a face whose box is `FACE` wide and lies at `face` in it."""

    patch: Image
    face: Box
    seat: tuple[float, float]
    phase: float
    gaps: tuple[tuple[float, float], ...]
    outfit: Outfit

    def hidden(self, at: float) -> bool:
        return any(begin <= at < end for begin, end in self.gaps)


@dataclass(frozen=True)
class ClassInMotion:
    """`seconds` long; the same each time for the same seed."""

    seconds: float
    files: Path
    detector_file: Path
    calm: bool = False
    """Nobody walks and nobody is hidden."""
    seed: int = 7
    dress: Dress = Dress.MIXED

    @cached_property
    def people(self) -> list[Somebody]:
        chance = np.random.default_rng(self.seed)
        cuts = list(_cuts(self.files, YuNet(self.detector_file)))[: ROWS * COLUMNS]
        worn = outfits(np.random.default_rng([self.seed, 1]), FACE, self.dress is Dress.ALIKE)
        dressed = zip(cuts, islice(worn, len(cuts)), strict=True)
        return [self._seated(index, *cut, outfit, chance) for index, (cut, outfit) in enumerate(dressed)]

    def _seated(self, index: int, cut: Image, box: Box, outfit: Outfit, chance: np.random.Generator) -> Somebody:
        scale = FACE / box.width
        patch = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        face = Box(box.x * scale, box.y * scale, FACE, box.height * scale)
        row, column = divmod(index, COLUMNS)
        seat = (WIDTH * (column + 0.5) / COLUMNS, HEIGHT * (row + 0.5) / ROWS)
        phase = float(chance.uniform(0, 7))
        return Somebody(np.asarray(patch, np.uint8), face, seat, phase, self._gaps(index, chance), outfit)

    def _gaps(self, person: int, chance: np.random.Generator) -> tuple[tuple[float, float], ...]:
        """Who is on the way is not hidden, but by whom they pass."""
        if self.calm:
            return ()
        begins = np.arange(chance.uniform(4, HIDDEN_EVERY_S), self.seconds, HIDDEN_EVERY_S)
        gaps = [(float(at), float(at + chance.uniform(SHORTEST_GAP_S, LONGEST_GAP_S))) for at in begins]
        return tuple(gap for gap in gaps if not any(self._walk(person, at) for at in gap))

    def centre(self, person: int, at: float) -> tuple[float, float]:
        """Of the face."""
        one = self.people[person]
        x = one.seat[0] + 26 * math.sin(0.9 * at + one.phase) + 7 * math.sin(4.1 * at + 2 * one.phase)
        y = one.seat[1] + 11 * math.sin(1.3 * at + one.phase)
        return x + self._walk(person, at), y

    def _walk(self, person: int, at: float) -> float:
        """Every fifteen seconds one person walks past the neighbour at the right and comes back."""
        turn, into = divmod(at - 6, WALK_EVERY_S)
        walker = (int(turn) * 2) % ROWS * COLUMNS + int(turn) % (COLUMNS - 1)
        if self.calm or turn < 0 or person != walker or into > 2 * WALK_S:
            return 0.0
        return 0.66 * WIDTH / COLUMNS * (1 - math.cos(math.pi * into / WALK_S))

    def boxes(self, at: float) -> dict[int, Box]:
        """Where the faces are that can be seen: neither hidden nor behind another (who comes later stands in front).

        Who looks down still has a head."""
        here = {person: self._box(person, at) for person in range(len(self.people))}
        hidden = {person for person, one in enumerate(self.people) if one.hidden(at)}
        heads = {person: box for person, box in here.items() if self.dress is not Dress.NONE or person not in hidden}
        return {
            person: box
            for person, box in here.items()
            if person not in hidden
            if not any(covered(box, other) for front, other in heads.items() if front > person)
        }

    def _box(self, person: int, at: float) -> Box:
        x, y = self.centre(person, at)
        height = self.people[person].face.height
        return Box(x - FACE / 2, y - height / 2, FACE, height)

    def picture(self, at: float) -> Image:
        chance = np.random.default_rng(int(1000 * at))
        room = np.full((HEIGHT, WIDTH, 3), (148, 160, 150), np.uint8)
        for person, one in enumerate(self.people):
            centre = self.centre(person, at)
            if self.dress is not Dress.NONE:
                body = (centre[0] + one.seat[0] + self._walk(person, at)) / 2
                light = 1 + 0.12 * math.sin(0.7 * at + 3 * one.phase)
                _dress(room, one, centre, body, light, looks_down=one.hidden(at))
            if not one.hidden(at):
                _paste(room, one.patch, _ellipse(*one.patch.shape[:2]), _corner(one, centre))
        noise = chance.integers(-3, 4, (HEIGHT, WIDTH, 1), np.int16)
        seen: Image = np.clip(room.astype(np.int16) + noise, 0, 255).astype(np.uint8)
        return seen


def covered(box: Box, other: Box) -> bool:
    """A third or more of a face lies behind another head, which is larger than its face."""
    width = min(box.x + box.width, other.x + 1.2 * other.width) - max(box.x, other.x - 0.2 * other.width)
    height = min(box.y + box.height, other.y + 1.2 * other.height) - max(box.y, other.y - 0.2 * other.height)
    return width > 0 and height > 0 and 3 * width * height > box.area


def _cuts(files: Path, detector: YuNet) -> Iterator[tuple[Image, Box]]:
    """Heads with room around the face, and where the face lies in each."""
    for image in _pictures(files):
        for face in detector.detect(image, crowd=True):
            box, (height, width) = face.box, image.shape[:2]
            left, top = max(0, int(box.x - 0.3 * box.width)), max(0, int(box.y - 0.3 * box.height))
            right = min(width, int(box.x + 1.3 * box.width))
            bottom = min(height, int(box.y + 1.25 * box.height))
            yield image[top:bottom, left:right], Box(box.x - left, box.y - top, box.width, box.height)


def _pictures(files: Path) -> Iterator[Image]:
    for name in ("multi_face.jpg", "couple.jpg", "single_face.jpg"):
        yield shrunk(np.asarray(cv2.imread(str(files / name)), np.uint8), CROWD)[0]
    _, image = cv2.VideoCapture(str(files / "single_face.mp4")).read()
    yield np.asarray(image, np.uint8)


def _corner(one: Somebody, centre: tuple[float, float]) -> tuple[int, int]:
    """Of the patch, whose face's centre is there."""
    left = round(centre[0] - one.face.x - one.face.width / 2)
    return left, round(centre[1] - one.face.y - one.face.height / 2)


def _dress(
    room: Image, one: Somebody, centre: tuple[float, float], body: float, light: float, looks_down: bool
) -> None:
    """The body sways less than the head, and turns to and from the light."""
    torso, (x, y) = np.clip(light * one.outfit.torso, 0, 255).astype(np.uint8), centre
    corner = round(body - torso.shape[1] / 2), round(y + 0.35 * one.face.height)
    _paste(room, torso, one.outfit.shape, corner)
    if looks_down:
        head = np.full((round(1.25 * one.face.height), round(1.3 * FACE), 3), one.outfit.hair, np.uint8)
        corner = round(x - head.shape[1] / 2), round(y - 0.4 * one.face.height)
        _paste(room, head, _ellipse(*head.shape[:2]), corner)


def _paste(room: Image, patch: Image, mask: np.ndarray, corner: tuple[int, int]) -> None:
    """`mask`: 0…1; what lies outside of the picture is cut off."""
    (height, width), (left, top) = patch.shape[:2], corner
    x0, y0, x1, y1 = max(0, left), max(0, top), min(WIDTH, left + width), min(HEIGHT, top + height)
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = room[y0:y1, x0:x1]
    room[y0:y1, x0:x1] = (mask[part] * patch[part] + (1 - mask[part]) * under).astype(np.uint8)


def _ellipse(height: int, width: int) -> np.ndarray:
    """With a soft rim."""
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(np.clip((1.0 - np.hypot(x, y)) * 6, 0, 1), np.float32)[..., None]
