"""What a data set holds, whichever of the readers it is for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from data import fer2013, folders, sequences
from data.pictures import SPLITS, DataError, Pictures
from data.splits import Copies, copies, counts

FER2013, FOLDERS, COHN_KANADE = "FER2013", "a folder for each emotion", "Cohn-Kanade+"


@dataclass(frozen=True)
class Description:
    """`counts`: how many of each label, by split. `pictures` are the readable ones of each split; for
    sequences their last frames. `frames` is the shortest and the longest sequence, `people` whom they show."""

    path: Path
    kind: str
    pictures: tuple[Pictures, ...]
    copies: Copies
    passed_over: tuple[str, ...]
    people: int | None = None
    frames: tuple[int, int] | None = None

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        return {each.split: counts(each.labels) for each in self.pictures}

    def to_json(self) -> str:
        return json.dumps(
            {
                "path": str(self.path),
                "kind": self.kind,
                "counts": self.counts,
                "files": self.copies.files,
                "distinct": self.copies.distinct,
                "crossing": [[*pair, count] for pair, count in self.copies.crossing.items()],
                "conflicting": self.copies.conflicting,
                "passed_over": self.passed_over,
                "people": self.people,
                "frames": self.frames,
            },
            indent=2,
        )


def describe(path: Path) -> Description:
    """Reads everything at `path` with the reader whose form it has. Raises DataError when nothing can be read."""
    if not path.exists():
        raise DataError(f"{path} does not exist")
    if sequences.is_cohn_kanade(path):
        return _of_sequences(path)
    if fer2013.is_release(path):
        return _of_pictures(path, FER2013, _readable(path))
    if folders.holds_emotions(path):
        read = [folders.read(path, split) for split in folders.splits_in(path)]
        return _of_pictures(path, FOLDERS, read)
    raise DataError(
        f"{path} is no data set known here: FER2013 (its folders, a zip of them, fer2013.csv), "
        f"Cohn-Kanade+ (with {sequences.IMAGES}/) or {FOLDERS}"
    )


def _readable(path: Path) -> list[Pictures]:
    """The splits of FER2013 that are there; a release without PrivateTest is usual."""
    found, reasons = [], []
    for split in SPLITS:
        try:
            found.append(fer2013.read(path, split))
        except DataError as error:
            reasons.append(str(error))
    if not found:
        raise DataError(reasons[0])
    return found


def _of_pictures(path: Path, kind: str, pictures: list[Pictures]) -> Description:
    passed_over = tuple(reason for each in pictures for reason in each.passed_over)
    return Description(path, kind, tuple(pictures), copies(pictures), passed_over)


def _of_sequences(path: Path) -> Description:
    found = sequences.read(path)
    peaks = sequences.peaks(found)
    lengths = [len(each.frames) for each in found.sequences]
    return Description(
        path,
        COHN_KANADE,
        (peaks,),
        copies([peaks]),
        peaks.passed_over,
        people=len({each.person for each in found.sequences}),
        frames=(min(lengths), max(lengths)),
    )
