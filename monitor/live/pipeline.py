"""From frames to readings: the middle of a frame's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EmotionScores
from monitor.domain import Face, Frame, Image, Picture, Reading, Track
from monitor.vision.classification import Classifier
from monitor.vision.detection import Detector, quarter_turned
from monitor.vision.picture import PictureCheck
from monitor.vision.sequences import SequenceNetwork, Window
from monitor.vision.smoothing import Smoother
from monitor.vision.tracking import OnlyFace

# Seconds from one look at a picture turned to each side to the next: without a face, and with one.
# A phone may be held sideways, and YuNet finds a face that lies on its side too, but less surely.
LOOK_ROUND_S, LOOK_AGAIN_S = 1.0, 10.0
SURER = 0.05


@dataclass
class _Stream:
    """What is remembered of one stream between its frames; no pixels but a coarse grid."""

    tracker: OnlyFace
    smoother: Smoother
    window: Window | None = None
    check: PictureCheck = field(default_factory=PictureCheck)
    quarter_turns: int = 0
    looked_round_at: datetime | None = None
    found_at: datetime | None = None


@dataclass(frozen=True)
class _Seen:
    """A frame between the detector and the classifier."""

    frame: Frame
    picture: Picture
    tracks: list[Track]
    cuts: list[NDArray[np.uint8]]


class Pipeline:
    """Owned by one thread."""

    def __init__(
        self, detector: Detector, classifier: Classifier, smoothing: float, sequences: SequenceNetwork | None = None
    ) -> None:
        """`smoothing` in seconds; a network of `sequences` takes its place."""
        self.detector, self.classifier = detector, classifier
        self.smoothing, self.sequences = smoothing, sequences
        self._streams: dict[str, _Stream] = {}

    @property
    def network_name(self) -> str:
        """Of all that score a face, as a lesson keeps it."""
        return self.classifier.name + (f" + {self.sequences.name}" if self.sequences else "")

    def read(self, frames: Sequence[Frame]) -> list[Reading]:
        """One reading per frame, in their order. The faces of all frames are scored in one batch."""
        seen = [self._look(frame) for frame in frames]
        scores = self.classifier.classify([cut for one in seen for cut in one.cuts])
        tracks = [(track, one.frame.at) for one in seen for track in one.tracks]
        steadied = iter(self._steady(tracks, scores))
        return [_reading(one, [next(steadied) for _ in one.tracks]) for one in seen]

    def forget(self, stream: str) -> None:
        self._streams.pop(stream, None)

    def _look(self, frame: Frame) -> _Seen:
        state = self._streams.get(frame.stream)
        if state is None:
            window = self.sequences.window() if self.sequences else None
            state = _Stream(OnlyFace(frame.stream), Smoother(self.smoothing), window)
            self._streams[frame.stream] = state
        picture = state.check.look(frame.image, frame.at)
        if picture is not Picture.FINE:
            return _Seen(frame, picture, state.tracker.follow([]), [])
        image, faces = self._faces(frame, state)
        tracks = state.tracker.follow(faces)
        return _Seen(frame, picture, tracks, [self.classifier.cut(image, track.face.cut) for track in tracks])

    def _faces(self, frame: Frame, state: _Stream) -> tuple[Image, list[Face]]:
        image = quarter_turned(frame.image, state.quarter_turns)
        faces = self.detector.detect(image)
        due = (
            _due(state.found_at, frame.at, LOOK_AGAIN_S)
            if faces
            else _due(state.looked_round_at, frame.at, LOOK_ROUND_S)
        )
        return self._look_round(frame, state, image, faces) if due else (image, faces)

    def _look_round(self, frame: Frame, state: _Stream, image: Image, faces: list[Face]) -> tuple[Image, list[Face]]:
        """The picture turned so that its face is found most surely; what was chosen once has an advantage."""
        advantage = SURER if state.found_at else 0.0
        surest = _surest(faces) + advantage if faces else 0.0
        for turns in {0, 1, 2, 3} - {state.quarter_turns}:
            turned = quarter_turned(frame.image, turns)
            found = self.detector.detect(turned)
            if _surest(found) > surest:
                image, faces, surest, state.quarter_turns = turned, found, _surest(found), turns
        state.looked_round_at = frame.at
        state.found_at = frame.at if faces else state.found_at
        return image, faces

    def _steady(self, tracks: list[tuple[Track, datetime]], scores: list[EmotionScores]) -> list[EmotionScores]:
        """One for each track: by the network of sequences, all windows in one call, else smoothed."""
        faces = [(self._streams[track.stream], track.number, at) for track, at in tracks]
        pairs = list(zip(faces, scores, strict=True))
        if self.sequences is None:
            return [state.smoother.steady(number, each, at) for (state, number, at), each in pairs]
        windows = [state.window.after(number, each, at) for (state, number, at), each in pairs if state.window]
        return self.sequences.score(windows)


def _reading(seen: _Seen, scores: list[EmotionScores]) -> Reading:
    stream, at = seen.frame.stream, seen.frame.at
    if not seen.tracks:
        return Reading(stream, at, None, 0, seen.picture)
    return Reading(stream, at, scores[0], 1 + seen.tracks[0].others, seen.picture)


def _surest(faces: list[Face]) -> float:
    return max((face.confidence for face in faces), default=0.0)


def _due(last: datetime | None, now: datetime, every: float) -> bool:
    """Also after the clock was set back."""
    return last is None or not 0 <= (now - last).total_seconds() < every
