"""From frames to readings: the middle of a frame's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EmotionScores
from monitor.domain import Face, Frame, Image, Picture, Reading, Track, View
from monitor.live.spent import Spent, Stage
from monitor.settings import Settings
from monitor.vision.classification import Classifier, Scoring, open_classifier
from monitor.vision.crowd import GAP_S, ManyFaces
from monitor.vision.detection import Detector, open_detector
from monitor.vision.elsewhere import ClusterClassifier
from monitor.vision.lookout import Lookout
from monitor.vision.picture import PictureCheck
from monitor.vision.sequences import SequenceNetwork, Window, open_sequence_network
from monitor.vision.smoothing import Smoother
from monitor.vision.tracking import OnlyFace, Tracker


@dataclass
class _Followed:
    """What is remembered of one track between its frames: no pixels. The one place for it."""

    smoother: Smoother
    window: Window | None
    seen_at: datetime


@dataclass
class _Stream:
    """What is remembered of one stream between its frames; no pixels but a coarse grid, and in a room how often which
    colours were seen of the clothes below each face."""

    tracker: Tracker
    followed: dict[int, _Followed] = field(default_factory=dict)
    check: PictureCheck = field(default_factory=PictureCheck)
    lookout: Lookout = field(default_factory=Lookout)
    width: int | None = None


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
        self.spent = Spent()
        self._streams: dict[str, _Stream] = {}

    @property
    def network_name(self) -> str:
        """Of all that score a face, as a lesson keeps it."""
        return self.classifier.name + (f" + {self.sequences.name}" if self.sequences else "")

    @property
    def scoring(self) -> Scoring:
        return self.classifier.scoring

    def read(self, frames: Sequence[Frame]) -> list[Reading]:
        """A reading per face that is followed, the frames in their order. A frame without one is one reading,
        without scores; so is every frame of a student's own camera, which has one face at most.

        The faces of all frames are scored in one batch.
        """
        with self.spent.on(Stage.FACES):
            seen = [self._look(frame) for frame in frames]
        with self.spent.on(Stage.EMOTIONS):
            scores = self.classifier.classify([cut for one in seen for cut in one.cuts])
        tracks = [(track, one.frame.at) for one in seen for track in one.tracks]
        with self.spent.on(Stage.STEADIES):
            steadied = iter(self._steady(tracks, scores))
        return [reading for one in seen for reading in _readings(one, [next(steadied) for _ in one.tracks])]

    def forget(self, stream: str) -> None:
        self._streams.pop(stream, None)

    def _look(self, frame: Frame) -> _Seen:
        state = self._streams.get(frame.stream)
        if state is None:
            state = _Stream(ManyFaces(frame.stream) if frame.view is View.ROOM else OnlyFace(frame.stream))
            self._streams[frame.stream] = state
        picture = state.check.look(frame.image, frame.at)
        if picture is not Picture.FINE:
            return _Seen(frame, picture, state.tracker.follow([], frame.at), [])
        image, faces = self._faces(frame, state)
        if state.width is not None and state.width != image.shape[1]:
            state.tracker.resize(image.shape[1] / state.width)
        state.width = image.shape[1]
        tracks = state.tracker.follow(faces, frame.at, image)
        return _Seen(frame, picture, tracks, [self.classifier.cut(image, track.face.cut) for track in tracks])

    def _faces(self, frame: Frame, state: _Stream) -> tuple[Image, list[Face]]:
        if frame.view is View.ROOM:
            return frame.image, self.detector.detect(frame.image, crowd=True)
        return state.lookout.look(self.detector, frame.image, frame.at, len(self._streams))

    def _steady(self, tracks: list[tuple[Track, datetime]], scores: list[EmotionScores]) -> list[EmotionScores]:
        """One for each track: by the network of sequences, all windows in one call, else smoothed."""
        known = [(self._followed(track, at), at, each) for (track, at), each in zip(tracks, scores, strict=True)]
        if self.sequences is None:
            return [one.smoother.steady(each, at) for one, at, each in known]
        return self.sequences.score([one.window.after(each, at) for one, at, each in known if one.window])

    def _followed(self, track: Track, at: datetime) -> _Followed:
        """What is remembered of a track; a new one starts afresh, and those that are over are forgotten."""
        known = self._streams[track.stream].followed
        if track.number not in known:
            for number in [one for one, old in known.items() if (at - old.seen_at).total_seconds() > GAP_S]:
                del known[number]
            window = self.sequences.window() if self.sequences else None
            known[track.number] = _Followed(Smoother(self.smoothing), window, at)
        known[track.number].seen_at = at
        return known[track.number]


def open_pipeline(chosen: Settings) -> Pipeline:
    """One with a detector and networks of its own, as the settings say. Raises DetectorError, ClassifierError."""
    detector, local = open_detector(chosen.detector, chosen.yunet), open_classifier(chosen.network, chosen.threads)
    classifier = local if chosen.scoring == "local" else ClusterClassifier(local, chosen.scoring)
    sequences = open_sequence_network(chosen.sequence_network, local.card.network, chosen.threads)
    return Pipeline(detector, classifier, chosen.smoothing, sequences)


def _readings(seen: _Seen, scores: list[EmotionScores]) -> list[Reading]:
    stream, at = seen.frame.stream, seen.frame.at
    if not seen.tracks:
        return [Reading(stream, at, None, 0, seen.picture)]
    return [
        Reading(stream, at, each, 1 + track.others, seen.picture, track.number, track.face.box)
        for track, each in zip(seen.tracks, scores, strict=True)
    ]
