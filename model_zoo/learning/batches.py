"""What a training is fed: shuffled, changed, mixed batches and their targets."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from data.fer2013 import Pictures
from model_zoo.emotions import EMOTIONS, Emotion
from model_zoo.learning.augmentation import augment
from model_zoo.learning.mixing import mix
from model_zoo.recipes import Recipe

Scaling = tuple[float, float]


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """Shuffled, augmented batches. The order and the changes of an epoch depend on (seed, epoch) alone,
    so a resumed training sees what an unbroken one would have seen."""

    def __init__(self, pictures: Pictures, recipe: Recipe, field: int, scaling: Scaling, seed: int) -> None:
        super().__init__()
        self.pictures, self.recipe, self.field = pictures, recipe, field
        self.scaling, self.seed = scaling, seed
        self.side = recipe.sizes[0][1]
        self.targets = targets_of(pictures, recipe.label_smoothing)
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        self.epoch = epoch
        self.order = np.random.default_rng((self.seed, epoch)).permutation(len(self.pictures))

    def __len__(self) -> int:
        return len(self.pictures) // self.recipe.batch

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rows = self.order[index * self.recipe.batch : (index + 1) * self.recipe.batch]
        random = np.random.default_rng((self.seed, self.epoch, index))
        mean, deviation = self.scaling
        batch = augment(
            self.pictures.images[rows],
            self.field,
            self.side,
            mean,
            deviation,
            self.recipe.augmentation,
            random,
        )
        return mix(batch, self.targets[rows], self.recipe.augmentation, random)


def scaling_of(pictures: Pictures) -> Scaling:
    """Mean and standard deviation of all grey values of a set."""
    return float(pictures.images.mean()), float(pictures.images.std())


def one_hot(labels: tuple[str, ...], smoothing: float = 0.0) -> NDArray[np.float32]:
    """(n, 7): 1 − smoothing on the label, the rest spread evenly (Szegedy et al. 2016)."""
    order = {emotion.value: index for index, emotion in enumerate(Emotion)}
    rows = np.eye(len(EMOTIONS), dtype=np.float32)[[order[label] for label in labels]]
    return _smoothed(rows, smoothing)


def targets_of(pictures: Pictures, smoothing: float = 0.0) -> NDArray[np.float32]:
    """(n, 7): the shares of the people who voted, where they are known (FER+), else the one label; smoothed."""
    if pictures.shares is None:
        return one_hot(pictures.labels, smoothing)
    return _smoothed(pictures.shares, smoothing)


def _smoothed(rows: NDArray[np.float32], smoothing: float) -> NDArray[np.float32]:
    return np.asarray(rows * (1 - smoothing) + smoothing / len(EMOTIONS), dtype=np.float32)


def class_weights(labels: tuple[str, ...]) -> dict[int, float]:
    """By the index of an emotion: what makes each weigh the same in sum, and a picture 1 on average."""
    counts = {index: labels.count(emotion) for index, emotion in enumerate(EMOTIONS)}
    present = sum(count > 0 for count in counts.values())
    return {index: len(labels) / (present * count) if count else 0.0 for index, count in counts.items()}
