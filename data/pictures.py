"""What every reader of single pictures hands out, and what it says when it cannot."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SPLITS = ("Training", "PublicTest", "PrivateTest")
SIDE = 48
UNREADABLE = (OSError, ValueError, SyntaxError, zipfile.BadZipFile, zlib.error, PillowImage.DecompressionBombError)


class DataError(ValueError):
    """A data set cannot be read: the message says what was found and what is expected."""


@dataclass(frozen=True)
class Pictures:
    """`images` (n, 48, 48) uint8; `labels` and `names` of the same length; `passed_over`: file and reason.

    `shares` (n, 7): which part of the people who were asked chose each label, in the order of LABELS; None where
    one label is all that is known.
    """

    split: str
    images: NDArray[np.uint8]
    labels: tuple[str, ...]
    names: tuple[str, ...]
    passed_over: tuple[str, ...] = field(default=())
    shares: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if self.images.ndim != 3 or self.images.dtype != np.uint8:
            raise DataError(f"images are (n, height, width) uint8, got {self.images.shape} {self.images.dtype}")
        if not len(self.images) == len(self.labels) == len(self.names):
            raise DataError(
                f"images, labels and names do not match: {len(self.images)}, {len(self.labels)} and {len(self.names)}"
            )
        if self.shares is not None and self.shares.shape != (len(self.images), len(LABELS)):
            raise DataError(f"shares are ({len(self.images)}, {len(LABELS)}), got {self.shares.shape}")

    def __len__(self) -> int:
        return len(self.images)

    def digests(self) -> tuple[str, ...]:
        """A content hash per picture: equal pixels, equal digest."""
        return tuple(hashlib.sha256(image.tobytes()).hexdigest() for image in self.images)

    def uncopied(self, others: Pictures) -> list[int]:
        """The places of those pictures whose pixels do not also stand in `others`."""
        known = set(others.digests())
        return [place for place, digest in enumerate(self.digests()) if digest not in known]

    def without(self, others: Pictures) -> Pictures:
        """These pictures less those whose pixels also stand in `others`."""
        return self.chosen(self.uncopied(others), self.split)

    def chosen(self, places: list[int], split: str) -> Pictures:
        """The pictures at `places`, under the name of a `split`."""
        return Pictures(
            split,
            self.images[places],
            tuple(self.labels[place] for place in places),
            tuple(self.names[place] for place in places),
            self.passed_over,
            None if self.shares is None else self.shares[places],
        )


def decode(content: bytes) -> PillowImage.Image:
    """A grey picture. Raises one of UNREADABLE."""
    if not content:
        raise ValueError("is empty")
    with PillowImage.open(io.BytesIO(content)) as picture:
        return picture.convert("L")
