"""Reads any folder that holds a folder of pictures for each emotion: `happy/`, `train/happy/`, `x/test/7-happiness/`.

Many data sets are handed round in this form (RAF-DB, AffectNet, JAFFE, a class's own). Pictures of any size become
grey, 48x48, cut to the middle square.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageOps

from data.pictures import LABELS, SIDE, SPLITS, UNREADABLE, DataError, Pictures, decode

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".tif", ".tiff", ".webp")
SMALLEST = 24
"""Pixels of a side below which a face is no more than a guess."""
WORDS = {
    "angry": ("angry", "anger"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "fearful", "afraid", "scared"),
    "happy": ("happy", "happiness", "joy", "smile"),
    "sad": ("sad", "sadness"),
    "surprise": ("surprise", "surprised"),
    "neutral": ("neutral",),
}
SPLIT_WORDS = {
    "Training": ("train", "training"),
    "PublicTest": ("publictest", "val", "valid", "validation", "dev"),
    "PrivateTest": ("privatetest", "test", "testing"),
}
EVERYTHING = "all"
"""The split of pictures that stand in no folder of SPLIT_WORDS; `splits.divide` makes three of it."""


def holds_emotions(path: Path) -> bool:
    """Some folder in `path` bears the name of an emotion."""
    return path.is_dir() and any(label_of(each.name) for each in path.rglob("*") if each.is_dir())


def label_of(word: str) -> str | None:
    """The emotion that a folder's name means: `Happiness`, `03_happy` and `joy` are happy."""
    bare = _bare(word)
    return next((label for label in LABELS if bare in WORDS[label]), None)


def split_of(name: Path) -> str:
    """By the folders above a picture's own: the split whose word one of them is, else `all`."""
    for part in name.parts[:-2]:
        for split in SPLITS:
            if _bare(part) in SPLIT_WORDS[split]:
                return split
    return EVERYTHING


def splits_in(path: Path) -> tuple[str, ...]:
    """The splits that the folders of `path` name."""
    found = {split_of(file.relative_to(path)) for file in _files(path)}
    return tuple(split for split in (*SPLITS, EVERYTHING) if split in found)


def read(path: Path, split: str = EVERYTHING) -> Pictures:
    """All pictures of a split in the order of their names; a file that is no picture of an emotion is passed over
    and named.

    Raises DataError when nothing is left.
    """
    images, labels, names, passed_over = [], [], [], []
    for file in _files(path):
        name = file.relative_to(path)
        if split_of(name) != split:
            continue
        label = label_of(file.parent.name)
        if label is None:
            passed_over.append(f"{name.as_posix()}: folder {file.parent.name!r} is none of {', '.join(LABELS)}")
            continue
        try:
            image = _face(file)
        except UNREADABLE as error:
            passed_over.append(f"{name.as_posix()}: {error}")
            continue
        images.append(image)
        labels.append(label)
        names.append(name.as_posix())
    if not images:
        raise DataError(
            f"{path} holds no readable picture of the split {split!r} ({len(passed_over)} passed over); "
            f"expected a folder for each of {', '.join(LABELS)}"
        )
    return Pictures(split, np.stack(images), tuple(labels), tuple(names), tuple(passed_over))


def _bare(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower())


def _files(path: Path) -> Iterator[Path]:
    """What a person would take for a picture, and what lies beside pictures of an emotion."""
    if not path.is_dir():
        raise DataError(f"{path} is not a folder")
    for file in sorted(path.rglob("*")):
        hidden = file.name.startswith(".")
        if file.is_file() and not hidden and (file.suffix.lower() in ENDINGS or label_of(file.parent.name)):
            yield file


def _face(file: Path) -> NDArray[np.uint8]:
    picture = decode(file.read_bytes())
    if min(picture.size) < SMALLEST:
        raise ValueError(f"is {picture.width}x{picture.height}, expected at least {SMALLEST}x{SMALLEST}")
    if picture.size != (SIDE, SIDE):
        picture = ImageOps.fit(picture, (SIDE, SIDE), PillowImage.Resampling.BOX)
    return np.asarray(picture, dtype=np.uint8)
