"""Upper bodies for the faces of `tests.class_in_motion`: everyday clothes, of which many are dark and several alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from monitor.domain import Image

# BGR, each as often as it is worn: more than a third is black, navy or dark grey.
EVERYDAY = (
    *4 * ((26, 24, 24),),
    *2 * ((62, 42, 32),),
    *2 * ((72, 70, 70),),
    *2 * ((172, 170, 168),),
    *2 * ((230, 230, 228),),
    (142, 104, 74),
    (52, 42, 168),
    (72, 112, 62),
    (62, 160, 208),
    (182, 152, 218),
    (216, 188, 150),
    (58, 34, 92),
)
HAIR = ((24, 28, 36), (30, 44, 66), (44, 66, 100), (96, 140, 176))
STRIPED = 0.25
"""How many of the class."""


@dataclass(frozen=True)
class Outfit:
    """`torso` from the chin down, with `shape` 0…1; `hair` is what is seen of who looks down."""

    torso: Image
    shape: np.ndarray
    hair: tuple[int, int, int]


def outfits(chance: np.random.Generator, face: int, alike: bool) -> Iterator[Outfit]:
    """One after another. `face`: pixels of a face's width. `alike`: all wear the same, as where there is a uniform."""
    uniform = EVERYDAY[int(chance.integers(len(EVERYDAY)))]
    while True:
        colour, other = (EVERYDAY[int(one)] for one in chance.integers(len(EVERYDAY), size=2))
        cloth = np.full((2 * face, round(2.4 * face), 3), uniform if alike else colour, np.float32)
        if not alike and chance.random() < STRIPED:
            cloth[np.arange(len(cloth)) // (face // 5) % 2 == 1] = other
        shape = _shape(*cloth.shape[:2])
        torso = np.clip(cloth * _folds(chance, *cloth.shape[:2]), 0, 255).astype(np.uint8)
        yield Outfit(torso, shape, HAIR[int(chance.integers(len(HAIR)))])


def _folds(chance: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Folds and light, which comes from above."""
    coarse = chance.normal(1, 0.18, (7, 9)).astype(np.float32)
    light = np.linspace(1.12, 0.8, height, dtype=np.float32)[:, None]
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * light)[..., None]


def _shape(height: int, width: int) -> np.ndarray:
    """Shoulders, 1 inside and 0 outside with a soft rim."""
    mask = np.zeros((height, width), np.float32)
    top, middle = height // 6, (width // 2, height // 2)
    cv2.ellipse(mask, middle, (width // 2 - 2, height // 2 - top), 0, 180, 360, 1.0, -1)
    mask[middle[1] :, 2:-2] = 1
    return np.asarray(cv2.GaussianBlur(mask, (5, 5), 0))[..., None]
