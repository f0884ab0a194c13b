"""Reads Cohn-Kanade+ in its own layout: sequences of one face from neutral to the peak of an expression.

    cohn-kanade-images/S005/001/S005_001_00000001.png … S005_001_00000011.png
    Emotion/S005/001/S005_001_00000011_emotion.txt          3.0000000e+00, only where experts agreed
    Landmarks/S005/001/S005_001_00000011_landmarks.txt      68 lines of x and y

The label is that of the last frame. Lucey et al. 2010, "The Extended Cohn-Kanade Dataset (CK+)"; it is given out
on request and is not the project's to publish.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageOps

from data.pictures import SIDE, UNREADABLE, DataError, Pictures, decode

IMAGES, EMOTIONS, LANDMARKS = "cohn-kanade-images", "Emotion", "Landmarks"
NUMBERS = {0: "neutral", 1: "angry", 3: "disgust", 4: "fear", 5: "happy", 6: "sad", 7: "surprise"}
CONTEMPT = 2
POINTS = 68
FEWEST = 2
"""Frames of the shortest sequence that shows a change."""


@dataclass(frozen=True)
class FaceSequence:
    """One take of one person. `frames` are files in their order, the last shows `label` at its peak; `landmarks`
    are the files of those frames that have one."""

    person: str
    take: str
    label: str
    frames: tuple[Path, ...]
    landmarks: tuple[Path, ...]

    @property
    def name(self) -> str:
        return f"{self.person}/{self.take}"

    def evenly(self, count: int) -> tuple[Path, ...]:
        """`count` frames from the first to the last; some twice when there are fewer."""
        places = np.linspace(0, len(self.frames) - 1, count).round().astype(int)
        return tuple(self.frames[place] for place in places)

    def points(self) -> NDArray[np.float32]:
        """(frames with landmarks, 68, 2): x and y in pixels. Raises DataError for a file that holds others."""
        return np.stack([_points(file) for file in self.landmarks])


@dataclass(frozen=True)
class Sequences:
    """What a folder holds; `passed_over`: sequence or file, and reason."""

    sequences: tuple[FaceSequence, ...]
    passed_over: tuple[str, ...]


def is_cohn_kanade(path: Path) -> bool:
    return (path / IMAGES).is_dir()


def read(path: Path) -> Sequences:
    """All labelled sequences by person and take. Sequences without a label (in the original, 266 of 593) or of
    contempt, which no network here knows, are passed over and named, as are broken frames.

    Raises DataError when no sequence is left.
    """
    if not is_cohn_kanade(path):
        raise DataError(f"{path} has no folder {IMAGES}/: it is not Cohn-Kanade+ in its own layout")
    sequences: list[FaceSequence] = []
    passed_over: list[str] = []
    for folder in sorted(each for each in (path / IMAGES).glob("*/*") if each.is_dir()):
        try:
            sequences.append(_sequence(path, folder, passed_over))
        except DataError as error:
            passed_over.append(f"{folder.parent.name}/{folder.name}: {error}")
    if not sequences:
        raise DataError(f"{path} holds no labelled sequence ({len(passed_over)} passed over)")
    return Sequences(tuple(sequences), tuple(passed_over))


def load(file: Path) -> NDArray[np.uint8]:
    """(height, width) grey. Raises DataError when it is broken."""
    try:
        return np.asarray(decode(file.read_bytes()), dtype=np.uint8)
    except UNREADABLE as error:
        raise DataError(f"{file.name}: {error}") from error


def peaks(found: Sequences) -> Pictures:
    """The last frame of each sequence, 48x48, the middle square. A broken one is passed over and named.

    Raises DataError when none is left.
    """
    images, kept, passed_over = [], [], list(found.passed_over)
    for each in found.sequences:
        try:
            images.append(as_face(load(each.frames[-1])))
        except DataError as error:
            passed_over.append(f"{each.name}: {error}")
            continue
        kept.append(each)
    if not images:
        raise DataError(f"no last frame can be read ({len(passed_over)} passed over)")
    labels, names = tuple(each.label for each in kept), tuple(each.name for each in kept)
    return Pictures("peaks", np.stack(images), labels, names, tuple(passed_over))


def as_face(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width) → (48, 48), the middle square."""
    fitted = ImageOps.fit(PillowImage.fromarray(image), (SIDE, SIDE), PillowImage.Resampling.BOX)
    return np.asarray(fitted, dtype=np.uint8)


def _sequence(path: Path, folder: Path, passed_over: list[str]) -> FaceSequence:
    person, take = folder.parent.name, folder.name
    label = _label(path / EMOTIONS / person / take)
    frames = [file for file in sorted(folder.glob("*.png")) if _is_whole(file, passed_over)]
    if len(frames) < FEWEST:
        raise DataError(f"has {len(frames)} readable frames, expected at least {FEWEST}")
    marks = [path / LANDMARKS / person / take / f"{frame.stem}_landmarks.txt" for frame in frames]
    return FaceSequence(person, take, label, tuple(frames), tuple(mark for mark in marks if mark.is_file()))


def _label(folder: Path) -> str:
    files = sorted(folder.glob("*_emotion.txt"))
    if not files:
        raise DataError("has no label")
    if len(files) > 1:
        raise DataError(f"has {len(files)} labels: {', '.join(file.name for file in files)}")
    text = files[0].read_text(errors="replace").strip()
    try:
        number = float(text)
    except ValueError:
        number = -1
    if number == CONTEMPT:
        raise DataError("shows contempt, which is none of the seven")
    if number not in NUMBERS:
        raise DataError(f"{files[0].name} is 0 to 7, got {text!r}")
    return NUMBERS[int(number)]


def _is_whole(file: Path, passed_over: list[str]) -> bool:
    """Looks at the head of a picture only; `load` finds what is broken further in."""
    try:
        with PillowImage.open(file) as picture:
            picture.verify()
    except UNREADABLE as error:
        passed_over.append(f"{file.name}: {error}")
        return False
    return True


def _points(file: Path) -> NDArray[np.float32]:
    try:
        points = np.loadtxt(file, dtype=np.float32, ndmin=2)
    except (OSError, ValueError) as error:
        raise DataError(f"{file.name}: {error}") from error
    if points.shape != (POINTS, 2):
        raise DataError(f"{file.name} has {points.shape} numbers, expected ({POINTS}, 2)")
    return points
