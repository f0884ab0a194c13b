"""What a network says of the faces in picture files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EMOJI, EMOTIONS, Emotion, EmotionScores
from model_zoo.explaining.faces import PictureError, Square, cut, faces_in, read_picture

Score = Callable[[NDArray[np.uint8]], NDArray[np.floating]]
"""(n, field, field) grey values → (n, 7) probabilities."""


@dataclass(frozen=True)
class Found:
    """A face of a picture: its number there, from 1, and what is cut out of it, (field, field) grey values."""

    picture: Path
    number: int
    square: Square
    cut: NDArray[np.uint8]


@dataclass(frozen=True)
class Prediction:
    """One face and its scores."""

    face: Found
    scores: EmotionScores

    @property
    def top(self) -> Emotion:
        return self.scores.top(1)[0][0]

    def to_dict(self) -> dict[str, Any]:
        return {
            "picture": str(self.face.picture),
            "face": self.face.number,
            "centre": [round(value, 1) for value in self.face.square.centre],
            "side": round(self.face.square.side, 1),
            "top": self.top.value,
            "emoji": EMOJI[self.top],
            "probabilities": {each.value: round(self.scores[each], 4) for each in EMOTIONS},
        }


def look(paths: Iterable[Path], field: int, already_cut: bool = False) -> tuple[list[Found], list[str]]:
    """The faces of all pictures, and why others were passed over: unreadable, or without a face.

    `field` is the side in pixels of the training pictures of the network.
    Raises PictureError when no face is left, naming every reason.
    """
    found, passed_over = [], []
    for path in paths:
        try:
            picture = read_picture(path)
        except PictureError as error:
            passed_over.append(str(error))
            continue
        squares = faces_in(picture, already_cut)
        found += [Found(path, place + 1, each, cut(picture, each, field)) for place, each in enumerate(squares)]
        if not squares:
            passed_over.append(f"{path}: no face was found; --cut takes the whole picture for one")
    if not found:
        raise PictureError(f"a readable picture with a face is needed, got none: {'; '.join(passed_over)}")
    return found, passed_over


def predict(score: Score, faces: Sequence[Found]) -> list[Prediction]:
    """A prediction for each of one or more faces, in their order."""
    rows = score(np.stack([face.cut for face in faces]))
    return [Prediction(face, EmotionScores.of(row)) for face, row in zip(faces, rows, strict=True)]


def described(predictions: Sequence[Prediction]) -> str:
    """For a terminal: a line per face."""
    width = max(len("picture"), *(len(str(each.face.picture)) for each in predictions))
    named = " ".join(f"{emotion.value:>8}" for emotion in EMOTIONS)
    lines = [f"{'picture':<{width}} {'face':>4}  {named}  top"]
    for each in predictions:
        scores = " ".join(f"{each.scores[emotion]:>8.1%}" for emotion in EMOTIONS)
        top = f"{EMOJI[each.top]} {each.top.value}"
        lines.append(f"{each.face.picture!s:<{width}} {each.face.number:>4}  {scores}  {top}")
    return "\n".join(lines)
