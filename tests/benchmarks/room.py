"""A room camera that looks at a moving class of nine: who is followed under the right name, and for how long.

`python -m tests.benchmarks.room --seconds 120 --fps 5`. The pictures are made in memory and go through the whole
pipeline, with YuNet and the shipped network; no server and no Chromium. A teacher is played: whoever appears as a new
face is given a name once, `NAMED_AFTER_S` later.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from monitor.domain import Box, Frame, View
from monitor.live.pipeline import Pipeline
from monitor.vision.classification import open_classifier
from monitor.vision.detection import open_detector
from tests.benchmarks.stage import say, spread
from tests.class_in_motion import ClassInMotion, Dress

NAMED_AFTER_S = 3.0
HIT = 0.6  # face widths between the centre of a track's box and the true one


@dataclass
class Teacher:
    """Gives each new track, once, the name of the person whom it shows at that moment."""

    names: dict[int, int] = field(default_factory=dict)
    appeared: dict[int, float] = field(default_factory=dict)
    named_at: dict[int, float] = field(default_factory=dict)

    def look(self, at: float, tracks: Mapping[int, Box], people: Mapping[int, Box]) -> None:
        for track, box in tracks.items():
            waited = at - self.appeared.setdefault(track, at)
            person = nearest(box, people)
            if track not in self.names and waited >= NAMED_AFTER_S and person is not None:
                self.names[track] = person
                self.named_at.setdefault(person, at)


@dataclass
class Tally:
    """`looks`: frames in which a person who was named before can be seen; `right` of them under the right name."""

    teacher: Teacher = field(default_factory=Teacher)
    looks: int = 0
    right: int = 0
    wrong: int = 0
    switches: int = 0
    shown_by: dict[int, int] = field(default_factory=dict)

    def take(self, at: float, tracks: Mapping[int, Box], people: Mapping[int, Box]) -> None:
        self.teacher.look(at, tracks, people)
        by_person: dict[int, list[int]] = defaultdict(list)
        for track, box in tracks.items():
            if (person := nearest(box, people)) is not None:
                by_person[person].append(track)
        for person in people:
            self._count(person, by_person[person])

    def _count(self, person: int, tracks: list[int]) -> None:
        """A switch: another track than before shows this person."""
        if tracks:
            self.switches += self.shown_by.get(person, tracks[0]) not in tracks
            self.shown_by[person] = tracks[0]
        if person in self.teacher.named_at:
            names = {self.teacher.names[track] for track in tracks if track in self.teacher.names}
            self.looks += 1
            self.right += person in names
            self.wrong += bool(names - {person})


def nearest(box: Box, people: Mapping[int, Box]) -> int | None:
    """Whose face lies where this box is."""
    away = {person: _apart(box, face) / face.width for person, face in people.items()}
    found = min(away, key=lambda person: away[person], default=None)
    return None if found is None or away[found] > HIT else found


def _apart(one: Box, other: Box) -> float:
    return float(np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]))


def follow(frames: Iterable[tuple[float, Mapping[int, Box], Mapping[int, Box]]]) -> Tally:
    """Of each frame: its moment in seconds, the tracks' boxes, the true boxes of whom can be seen."""
    tally = Tally()
    for at, tracks, people in frames:
        tally.take(at, tracks, people)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--fps", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7, help="another class, other gaps, other clothes")
    parser.add_argument("--dress", type=Dress, choices=list(Dress), default=Dress.MIXED)
    wanted = parser.parse_args()
    yunet = Path(os.environ["YUNET"])
    media, costs = Path(os.environ["FACE_MEDIA"]), []
    scene = ClassInMotion(wanted.seconds, media, yunet, seed=wanted.seed, dress=wanted.dress)
    pipeline = Pipeline(open_detector("yunet", yunet), open_classifier("default"), 0.3)
    begun, frames = datetime(2026, 11, 23, 9, tzinfo=UTC), []
    for number in range(wanted.seconds * wanted.fps):
        at = number / wanted.fps
        frame = Frame("room", scene.picture(at), begun + timedelta(seconds=at), View.ROOM)
        before = time.process_time()
        readings = pipeline.read([frame])
        costs.append(1000 * (time.process_time() - before))
        boxes = {one.track: one.box for one in readings if one.track is not None and one.box is not None}
        frames.append((at, boxes, scene.boxes(at)))
    tally = follow(frames)
    say(
        benchmark="room",
        people=len(scene.people),
        seconds=wanted.seconds,
        fps=wanted.fps,
        seed=wanted.seed,
        dress=wanted.dress,
        share_under_the_right_name=round(tally.right / tally.looks, 4),
        share_under_a_wrong_name=round(tally.wrong / tally.looks, 4),
        identity_switches_per_minute=round(60 * tally.switches / wanted.seconds, 2),
        times_somebody_was_named=len(tally.teacher.names),
        face_seconds=round(tally.looks / wanted.fps),
        processor_ms_per_frame=spread(costs, 1),
    )


if __name__ == "__main__":
    main()
