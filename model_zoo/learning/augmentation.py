"""Random changes to training pictures: geometry, flip, light, erased rectangles, and two pictures mixed into one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_zoo.preprocessing import standardise, warp


@dataclass(frozen=True)
class Augmentation:
    """How far each change may go; 0 switches it off.

    `rotation` and `shear` (upright lines lean) in degrees, `scale` and `shift` as a part of the side, `light` in
    standard deviations (brightness) and as a factor (contrast), `flip` and `erase` as probabilities.
    `mixup` and `cutmix` are the shares of batches that are mixed in either way, with weights from
    Beta(alpha, alpha); `mixing.py` says how. The alphas are those of the papers for ImageNet.
    """

    rotation: float = 12.0
    scale: float = 0.15
    shift: float = 0.12
    flip: float = 0.5
    light: float = 0.3
    erase: float = 0.5
    shear: float = 0.0
    mixup: float = 0.0
    cutmix: float = 0.0
    mixup_alpha: float = 0.2
    cutmix_alpha: float = 1.0

    def __post_init__(self) -> None:
        for name in ("flip", "erase", "mixup", "cutmix"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"{name} is a probability between 0 and 1, got {value!r}")
        if self.mixup + self.cutmix > 1:
            raise ValueError(
                "a batch is mixed in one way, so mixup and cutmix add up to 1 at most, "
                f"got {self.mixup!r} and {self.cutmix!r}"
            )
        if not 0 <= self.shear < 90:
            raise ValueError(f"shear is 0 to under 90 degrees, got {self.shear!r}")
        for name in ("mixup_alpha", "cutmix_alpha"):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"{name} is above 0, got {value!r}")


NO_AUGMENTATION = Augmentation(0, 0, 0, 0, 0, 0)


def augment(
    images: NDArray[np.uint8],
    field: int,
    side: int,
    mean: float,
    deviation: float,
    how: Augmentation,
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """A batch (n, height, width) uint8 → (n, side, side, 1) float32, changed at random and standardised.

    `field` is how many of the source's pixels the square shows before it is changed.
    """
    warped = np.stack([warp(image, _matrix(image.shape[0], field, side, how, random), side) for image in images])
    batch = standardise(warped, mean, deviation)
    count = len(batch)
    contrast = 1 + random.uniform(-how.light, how.light, (count, 1, 1, 1))
    brightness = random.uniform(-how.light, how.light, (count, 1, 1, 1))
    batch = (batch * contrast + brightness).astype(np.float32)
    for index in np.flatnonzero(random.random(count) < how.erase):
        _erase(batch[index], random)
    return batch


def _matrix(source: int, field: int, side: int, how: Augmentation, random: np.random.Generator) -> NDArray[np.float64]:
    """Target pixel → source pixel: shear, turn, scale, mirror about the middle, then shift."""
    angle = np.radians(random.uniform(-how.rotation, how.rotation))
    zoom = field / side * (1 + random.uniform(-how.scale, how.scale))
    shift = random.uniform(-how.shift, how.shift, 2) * source
    mirror = -1.0 if random.random() < how.flip else 1.0
    turn = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if how.shear:  # drawn only where it is asked for, so that other recipes' changes stay as they were
        turn = turn @ np.array([[1.0, np.tan(np.radians(random.uniform(-how.shear, how.shear)))], [0.0, 1.0]])
    turn[:, 0] *= mirror
    middle_of_target = np.full(2, (side - 1) / 2)
    middle_of_source = np.full(2, (source - 1) / 2)
    offset = middle_of_source + shift - turn @ middle_of_target
    return np.column_stack([turn, offset])


def _erase(picture: NDArray[np.float32], random: np.random.Generator) -> None:
    """Fill one rectangle of 2 to 20 % of the area with noise (Zhong et al. 2020, Random Erasing)."""
    side = picture.shape[0]
    area, aspect = random.uniform(0.02, 0.2) * side * side, np.exp(random.uniform(-1, 1))
    height = int(np.clip(np.sqrt(area * aspect), 1, side))
    width = int(np.clip(np.sqrt(area / aspect), 1, side))
    top, left = random.integers(0, side - height + 1), random.integers(0, side - width + 1)
    picture[top : top + height, left : left + width] = random.standard_normal((height, width, 1))
