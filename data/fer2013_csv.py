"""FER2013 as one table, `fer2013.csv`, and the votes of FER+ on its rows, `fer2013new.csv`.

`emotion,pixels,Usage`: a label 0 to 6, 2304 grey values, the split. FER+ has a row for each of those, in their order:
the split, a name, and how many of ten people chose each of eight expressions, `unknown`, or `NF`, no
face (Barsoum et al. 2016, arXiv:1608.01041).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.pictures import LABELS, SIDE, SPLITS, DataError, Pictures

FILE, VOTES_FILE = "fer2013.csv", "fer2013new.csv"
COLUMNS = ("emotion", "pixels", "Usage")
VOTES = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""FER+'s words in the order of LABELS; contempt, unknown and NF are none of the seven."""

Row = dict[str, str]


def find(path: Path) -> Path | None:
    """The table at `path`, or in it; None when `path` is something else."""
    if path.is_file() and path.suffix == ".csv":
        return path
    if (path / FILE).is_file():
        return path / FILE
    return None


def read(path: Path, split: str) -> Pictures:
    """The rows of one split; a row that is no picture is passed over and named by its line.

    Raises DataError when the table or every row of the split is missing.
    """
    images, labels, names, passed_over = [], [], [], []
    for line, row in _rows(path, COLUMNS):
        if row["Usage"] != split:
            if row["Usage"] not in SPLITS and split == SPLITS[0]:
                passed_over.append(f"{path.name}, line {line}: Usage {row['Usage']!r} is none of {', '.join(SPLITS)}")
            continue
        try:
            label, image = _label(row["emotion"]), _image(row["pixels"])
        except ValueError as error:
            passed_over.append(f"{path.name}, line {line}: {error}")
            continue
        images.append(image)
        labels.append(label)
        names.append(f"{split}_{line}")
    if not images:
        raise DataError(f"{path} holds no readable {split} picture ({len(passed_over)} passed over)")
    return Pictures(split, np.stack(images), tuple(labels), tuple(names), tuple(passed_over))


def read_voted(path: Path, votes: Path, split: str) -> Pictures:
    """The pictures of `read` with the `shares` of FER+'s votes; the label is the one with most votes.

    A picture for which nobody chose one of the seven is passed over and named.
    Raises DataError when the two tables have different rows.
    """
    pictures = read(path, split)
    table = dict(_rows(votes, ("Usage", *VOTES)))
    places, shares, passed_over = [], [], list(pictures.passed_over)
    for place, name in enumerate(pictures.names):
        row = table.get(int(name.rpartition("_")[2]))
        if row is None or row["Usage"] != split:
            raise DataError(f"{votes.name} does not belong to {path.name}: it has no {split} at the line of {name}")
        counted = np.array([_count(row[word]) for word in VOTES], dtype=np.float32)
        if not counted.sum():
            passed_over.append(f"{name}: nobody chose one of {', '.join(LABELS)}")
            continue
        places.append(place)
        shares.append(counted / counted.sum())
    if not places:
        raise DataError(f"{votes} has no vote for any of the {len(pictures)} {split} pictures")
    kept, rows = pictures.chosen(places, split), np.stack(shares)
    labels = tuple(LABELS[best] for best in rows.argmax(axis=1))
    return Pictures(split, kept.images, labels, kept.names, tuple(passed_over), rows)


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Line numbers as an editor shows them, and rows by the names of their columns."""
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(newline="", encoding="utf-8", errors="replace") as file:
            reader = csv.DictReader(file, skipinitialspace=True, restval="")
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path} lacks the columns {', '.join(missing)}; it has {reader.fieldnames!r}")
            for row in reader:
                yield reader.line_num, row
    except (OSError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table: {error}") from error


def _label(text: str) -> str:
    if not text.strip().isdecimal() or int(text) >= len(LABELS):
        raise ValueError(f"emotion is 0 to {len(LABELS) - 1}, got {text!r}")
    return LABELS[int(text)]


def _image(text: str) -> NDArray[np.uint8]:
    try:
        values = np.array(text.split(), dtype=np.int64)
    except OverflowError:
        raise ValueError("has grey values of over 19 digits, expected 0 to 255") from None
    if values.size != SIDE * SIDE:
        raise ValueError(f"has {values.size} pixels, expected {SIDE * SIDE}")
    if values.min() < 0 or values.max() > 255:
        raise ValueError(f"has grey values {values.min()} to {values.max()}, expected 0 to 255")
    return values.astype(np.uint8).reshape(SIDE, SIDE)


def _count(text: str) -> float:
    return float(text) if text.strip().isdecimal() else 0.0
