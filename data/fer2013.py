"""Reads FER2013 in the form of its Kaggle release: a folder, a zip of that folder, or `fer2013.csv`.

`train/<label>/Training_N.jpg`, `test/<label>/PublicTest_N.jpg` and, in a full release,
`test/<label>/PrivateTest_N.jpg`: 48x48 grey JPEG. The split is in the file's name.
Goodfellow et al. 2013, "Challenges in Representation Learning", arXiv:1307.0414.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from data import fer2013_csv
from data.pictures import LABELS, SIDE, SPLITS, UNREADABLE, DataError, Pictures, decode

__all__ = ["LABELS", "SIDE", "SPLITS", "DataError", "Pictures", "is_release", "read"]


def read(path: Path, split: str) -> Pictures:
    """All pictures of one split, in the order of their names.

    A broken, wrongly sized or wrongly labelled file is passed over and named.
    Raises DataError when the path, the split or every picture is missing.
    """
    if split not in SPLITS:
        raise DataError(f"split is one of {', '.join(SPLITS)}, got {split!r}")
    if table := fer2013_csv.find(path):
        return fer2013_csv.read(table, split)
    images, labels, names, passed_over = [], [], [], []
    for name, read_bytes in _files(path, split):
        label = PurePosixPath(name).parent.name
        if label not in LABELS:
            passed_over.append(f"{name}: label {label!r} is none of {', '.join(LABELS)}")
            continue
        try:
            image = _decode(read_bytes())
        except UNREADABLE as error:
            passed_over.append(f"{name}: {error}")
            continue
        images.append(image)
        labels.append(label)
        names.append(name)
    if not images:
        raise DataError(
            f"{path} holds no readable {split} picture ({len(passed_over)} passed over); "
            f"expected <label>/{split}_N.jpg in train/ or test/"
        )
    return Pictures(split, np.stack(images), tuple(labels), tuple(names), tuple(passed_over))


def is_release(path: Path) -> bool:
    """`path` looks like FER2013: its table, a zip, or files named as its release names them."""
    if fer2013_csv.find(path) or _only_zip(path):
        return True
    if path.is_file():
        return zipfile.is_zipfile(path)
    return any(any(path.rglob(f"{split}_*.jpg")) for split in SPLITS)


def _only_zip(path: Path) -> Path | None:
    zips = sorted(path.glob("*.zip"))
    return zips[0] if len(zips) == 1 else None


def _files(path: Path, split: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Names, each with what reads it."""
    if path.is_dir():
        files, packed = sorted(path.rglob(f"{split}_*.jpg")), _only_zip(path)
        if not files and packed:
            yield from _files(packed, split)
        for file in files:
            yield file.relative_to(path).as_posix(), file.read_bytes
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if PurePosixPath(name).name.startswith(f"{split}_"):
                    yield name, partial(archive.read, name)
    else:
        raise DataError(f"{path} is neither a folder nor a zip of FER2013's Kaggle release, nor its fer2013.csv")


def _decode(content: bytes) -> NDArray[np.uint8]:
    image = np.asarray(decode(content), dtype=np.uint8)
    if image.shape != (SIDE, SIDE):
        raise ValueError(f"is {image.shape[1]}x{image.shape[0]}, expected {SIDE}x{SIDE}")
    return image
