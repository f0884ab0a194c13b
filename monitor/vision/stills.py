"""Reads one still picture: every face in it, the seven probabilities of each, and where the network looked."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import PIL.Image
import PIL.ImageOps
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS, Emotion, EmotionScores
from model_zoo.explaining.occlusion import occlusion
from monitor.domain import Face, Image
from monitor.errors import PictureError
from monitor.vision.classification import Classifier, Cut
from monitor.vision.detection import Detector
from monitor.words import _

LARGEST_PIXELS = 50_000_000
LARGEST_SIDE = 1600
MOST_FACES = 12


@dataclass(frozen=True, eq=False)
class StillFace:
    """`cut`: what the network was shown; `looked`: (side, side) of 0 … 1, see `model_zoo.explaining.occlusion`."""

    face: Face
    scores: EmotionScores
    cut: Cut
    looked: NDArray[np.float64]


class StillReader:
    """Has a detector and a classifier of its own; may be called from any thread, one call at a time."""

    def __init__(self, detector: Detector, classifier: Classifier) -> None:
        self.detector_name, self.network_name = detector.name, classifier.name
        self._detector, self._classifier, self._lock = detector, classifier, threading.Lock()

    def read(self, image: Image) -> list[StillFace]:
        """The largest face first, `MOST_FACES` at most."""
        with self._lock:
            faces = self._detector.detect(image)[:MOST_FACES]
            cuts = [self._classifier.cut(image, face.cut) for face in faces]
            scores = self._classifier.classify(cuts)
            return [
                StillFace(face, each, cut, self._looked(cut, each.top(1)[0][0]))
                for face, each, cut in zip(faces, scores, cuts, strict=True)
            ]

    def _looked(self, cut: Cut, emotion: Emotion) -> NDArray[np.float64]:
        place = EMOTIONS.index(emotion)

        def score(cuts: Sequence[Cut]) -> NDArray[np.float64]:
            return np.array([each.probabilities[place] for each in self._classifier.classify(cuts)])

        return occlusion(score, cut)


def decode(content: bytes) -> Image:
    """A picture file as BGR, upright, its longer side at most `LARGEST_SIDE` pixels. Raises PictureError."""
    try:
        with PIL.Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                told = _(
                    "This picture has {width} x {height} pixels; at most {most} million are read. "
                    "Please make it smaller."
                )
                most = LARGEST_PIXELS // 1_000_000
                raise PictureError(told.format(width=opened.width, height=opened.height, most=most))
            upright = PIL.ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        raise PictureError(_("This file cannot be read as a picture. JPEG, PNG and WebP are allowed.")) from error
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return np.ascontiguousarray(np.asarray(upright, dtype=np.uint8)[:, :, ::-1])
