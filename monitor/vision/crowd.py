"""Follows all the faces of a room's camera by where they are, how they move and, where two come close, the colours of
the clothes below them: nothing here knows a face again, and all is forgotten with the track.

Why our own: `trackers` brings the GUI build of OpenCV, which clashes with the headless one, `norfair` has no NumPy 2,
and `supervision` dropped its tracker. The method is theirs: predict each face (SORT, Bewley et al. 2016,
doi:10.1109/ICIP.2016.7533003), give the faces found to the faces followed at the least total distance (the Hungarian
method), and remember for a while who is hidden. Distances count in face widths instead of overlaps: at five frames a
second the faces of somebody who walks do not overlap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from monitor.domain import Box, Face, Image, Track
from monitor.vision.clothes import SIDES, Clothes, alike, clothes, learnt

GAP_S = 6.0
"""A face that is hidden for longer comes back as a new track."""
SURE_AFTER = 3
"""Sightings in a row that make a track; fewer are a false alarm."""
BLUR, BLUR_PER_S, BLUR_OF_WAY, WIDEST_BLUR = 0.25, 0.15, 0.35, 0.9
"""How far off, in face widths, a face is usually found from where it is expected: after one frame, more for each second
hidden, more for the way it would have gone by then, at most."""
GATE = 3.5
"""A face that is further away than so many times that is somebody else."""
SAME_SIZE = 0.25
"""By how much of its logarithm the width of a face differs from one look to the next."""
COAST_S, WALKING = 1.2, 0.8
"""For so long a hidden face is expected to go on as it went. Only who walks does, at about this many widths a second or
more: a head that sways turns back."""
TRUST, TRUST_MOTION = 0.8, 0.5
"""How much of the difference from what was expected is taken over, of the place and of the motion."""
COLOUR, NEITHER = 24.0, 0.65
"""How much other clothes count against a face, and the likeness that counts neither for nor against it."""
HIDDEN_S, UNLIKELY = 0.5, 5.0
"""A face that was hidden for so long does not come back in clothes, and at a place, that together cost more: that is
somebody else. One that stays in sight may put on a jacket."""
STRANGE, FAMILIAR = 0.45, 0.8
"""Likenesses of clothes that tell of somebody else, and of the same."""
MENDED_WITHIN = 5.0
"""Face widths between two who may have been taken for each other a moment ago."""
FAR = 1e6


@dataclass(frozen=True)
class _Look:
    """A face that is found."""

    face: Face
    clothes: Clothes


@dataclass
class _Followed:
    """Pixels and pixels a second. `number` is None until the track is sure."""

    centre: tuple[float, float]
    size: tuple[float, float]
    seen_at: datetime
    motion: tuple[float, float] = (0.0, 0.0)
    sightings: int = 1
    number: int | None = None
    worn: Clothes = field(default_factory=dict)

    def expected(self, at: datetime) -> tuple[float, float]:
        speed = self.speed
        way = min(self.hidden_s(at), COAST_S) * speed**2 / (speed**2 + WALKING**2)
        return self.centre[0] + self.motion[0] * way, self.centre[1] + self.motion[1] * way

    @property
    def speed(self) -> float:
        """Face widths a second."""
        return math.hypot(*self.motion) / self.size[0]

    def hidden_s(self, at: datetime) -> float:
        """Never below 0, also after the clock was set back."""
        return max(0.0, (at - self.seen_at).total_seconds())

    def cost(self, look: _Look, at: datetime) -> float:
        """How unlikely it is that this is the face, as −2 log p of a normal distribution; `FAR` is out of reach.

        So a face that was seen just now has to be nearer than one of which less is known.
        """
        cost, likeness = self._cost_of_place(look.face.box, at), alike(self.worn, look.clothes)
        if likeness is None or cost >= FAR:
            return cost
        cost += COLOUR * (NEITHER - likeness)
        return FAR if self.hidden_s(at) > HIDDEN_S and cost > UNLIKELY else cost

    def _cost_of_place(self, box: Box, at: datetime) -> float:
        x, y = self.expected(at)
        hidden = self.hidden_s(at)
        blur = min(WIDEST_BLUR, BLUR + BLUR_PER_S * hidden + BLUR_OF_WAY * self.speed * hidden**2)
        away = math.hypot(box.centre[0] - x, box.centre[1] - y) / ((self.size[0] + box.width) / 2)
        if away > GATE * blur:
            return FAR
        return (away / blur) ** 2 + 4 * math.log(blur) + (math.log(self.size[0] / box.width) / SAME_SIZE) ** 2

    def see(self, look: _Look, at: datetime) -> None:
        if len(look.clothes) == SIDES or not self.worn:  # where somebody is near, a part of it may be theirs
            self.worn = learnt(self.worn, look.clothes)
        box, elapsed = look.face.box, self.hidden_s(at)
        expected = self.expected(at)
        missed = (box.centre[0] - expected[0], box.centre[1] - expected[1])
        self.centre = (expected[0] + TRUST * missed[0], expected[1] + TRUST * missed[1])
        pull = TRUST_MOTION / max(elapsed, 0.05)
        self.motion = (self.motion[0] + pull * missed[0], self.motion[1] + pull * missed[1])
        self.size = (
            self.size[0] + TRUST * (box.width - self.size[0]),
            self.size[1] + TRUST * (box.height - self.size[1]),
        )
        self.seen_at = at
        self.sightings += 1

    def resize(self, factor: float) -> None:
        self.centre = (self.centre[0] * factor, self.centre[1] * factor)
        self.size = (self.size[0] * factor, self.size[1] * factor)
        self.motion = (self.motion[0] * factor, self.motion[1] * factor)


class ManyFaces:
    """Numbers count from 1 in each stream, in the order in which the faces became sure."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self._followed: list[_Followed] = []
        self._numbers = 0

    def follow(self, faces: list[Face], at: datetime, image: Image | None = None) -> list[Track]:
        self._followed = [one for one in self._followed if self._worth_waiting(one, at)]
        looks = [_Look(face, self._clothes(face, faces, at, image)) for face in faces]
        pairs = self._pair(looks, at)
        self._mend({id(one): looks[index] for index, one in pairs.items()}, at)
        seen = [self._see(looks[index], pairs.get(index), at) for index in range(len(faces))]
        # A false alarm is not waited for: a track that is not sure yet ends with the first frame without it.
        self._followed = [one for one in self._followed if one.number is not None or one.seen_at == at]
        return [
            Track(self.stream, one.number, face, len(faces) - 1)
            for one, face in zip(seen, faces, strict=True)
            if one.number is not None
        ]

    def resize(self, factor: float) -> None:
        for one in self._followed:
            one.resize(factor)

    def _worth_waiting(self, one: _Followed, at: datetime) -> bool:
        return one.hidden_s(at) <= GAP_S

    def _clothes(self, face: Face, faces: list[Face], at: datetime, image: Image | None) -> Clothes:
        if image is None:
            return {}
        there = [other.box.centre for other in faces if other is not face]
        return clothes(image, face.box, there + [one.expected(at) for one in self._followed if one.number is not None])

    def _pair(self, looks: list[_Look], at: datetime) -> dict[int, _Followed]:
        """For each face found the one followed that it is, where there is one: together as near as can be."""
        if not looks or not self._followed:
            return {}
        costs = np.array([[one.cost(look, at) for one in self._followed] for look in looks])
        rows, columns = _assigned(costs)
        return {
            int(row): self._followed[column]
            for row, column in zip(rows, columns, strict=True)
            if costs[row, column] < FAR
        }

    def _mend(self, looks: dict[int, _Look], at: datetime) -> None:
        """Who were taken for each other, as their clothes say that can be seen by now, get back their numbers."""
        for one in self._followed:
            for other in self._followed:
                if one is not other and one.number and other.number and self._mistaken(one, other, looks, at):
                    one.number, other.number = other.number, one.number
                    one.worn, other.worn = other.worn, one.worn

    def _mistaken(self, one: _Followed, other: _Followed, looks: dict[int, _Look], at: datetime) -> bool:
        """`one` can be seen in the clothes of `other`, who is hidden or can be seen in the clothes of `one`."""
        own, others = looks.get(id(one)), looks.get(id(other))
        if own is None or math.dist(own.face.box.centre, other.expected(at)) > MENDED_WITHIN * own.face.box.width:
            return False
        return _swapped(one, other, own) and (others is None or _swapped(other, one, others))

    def _see(self, look: _Look, one: _Followed | None, at: datetime) -> _Followed:
        if one is None:
            box = look.face.box
            one = _Followed(box.centre, (box.width, box.height), at, worn=look.clothes)
            self._followed.append(one)
        else:
            one.see(look, at)
        if one.number is None and one.sightings >= SURE_AFTER:
            self._numbers += 1
            one.number = self._numbers
        return one


def _swapped(taken_for: _Followed, truly: _Followed, look: _Look) -> bool:
    strange, familiar = alike(taken_for.worn, look.clothes), alike(truly.worn, look.clothes)
    return strange is not None and familiar is not None and strange < STRANGE and familiar > FAMILIAR


def get_ready() -> None:
    """What pairs faces takes a second to import: before the first picture of a room, or that waits for it."""
    _assigned(np.zeros((1, 1)))


def _assigned(costs: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows and columns of the least total (the Hungarian method)."""
    # Not above: the start of a server would wait for it, and few have a room's camera.
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    rows, columns = linear_sum_assignment(costs)
    return rows, columns
