"""Simulated students as faces: what a network learns from, and is judged by, that looks at each face itself.

Of a stream that another network scores, seven numbers a frame are kept (`streams.py`); faces would be too many. So they
are simulated when they are needed: each epoch of a training has students of its own, of whom a few thousand show most
of the pictures in some epochs, and a student that is judged is seen one at a time. In a frame without a face the
network sees black.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from data.fer2013 import Pictures
from model_zoo.learning.batches import Scaling, scaling_of
from model_zoo.preprocessing import standardise
from model_zoo.recipes import Recipe
from model_zoo.registry import ModelSpec
from model_zoo.scoring import Network
from model_zoo.sequences.sequence_training import Windows, fit_frames, frames_of, targets_of
from model_zoo.sequences.simulation import Manner, SimulationError, simulate
from model_zoo.sequences.streams import window_of_each_frame

EPOCHS_APART = 10_000
FOR_NORMS = 1024  # windows
AT_ONCE = 32  # windows that are scored: the first convolution of each takes megabytes


@dataclass(frozen=True)
class Films:
    """How many simulated `students` of how many `frames` an epoch learns from, and who is shown to it after each.
    Frames are whole windows."""

    students: int
    frames: int
    shown_students: int
    shown_frames: int
    shown_seed: int


class FilmedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """Shuffled batches of windows, the last one short. Students and order of an epoch depend on (seed, epoch) alone."""

    def __init__(self, pictures: Pictures, recipe: Recipe, length: int, seed: int, films: Films) -> None:
        super().__init__()
        self.pictures, self.recipe, self.length, self.seed = pictures, recipe, length, seed
        self.films, self.scaling = films, scaling_of(pictures)
        self.epoch: int | None = None

    def start_epoch(self, epoch: int) -> None:
        if epoch == self.epoch:
            return
        self.epoch, seed = epoch, self.seed + EPOCHS_APART * epoch
        self.faces, self.labels = filmed(self.pictures, self.films.students, self.films.frames, self.length, seed)
        self.order = np.random.default_rng((self.seed, epoch)).permutation(len(self.labels))

    def __len__(self) -> int:
        return -(-self.films.students * (self.films.frames // self.length) // self.recipe.batch)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        self.start_epoch(self.epoch or 0)  # Keras looks at a batch before the first epoch
        rows = self.order[index * self.recipe.batch : (index + 1) * self.recipe.batch]
        return standardise(self.faces[rows], *self.scaling), targets_of(self.labels[rows], self.recipe.label_smoothing)

    def some(self) -> NDArray[np.float32]:
        self.start_epoch(self.epoch or 0)
        return standardise(self.faces[self.order[:FOR_NORMS]], *self.scaling)


def train_on_films(
    spec: ModelSpec,
    recipe: Recipe,
    training: Pictures,
    public_test: Pictures,
    folder: Path,
    films: Films,
    seed: int = 0,
) -> keras.Model:
    """Trains in `folder`, going on from a checkpoint found there, on other students of `training` in each epoch; scored
    on those of `public_test`. Leaves what `train_windows` leaves."""
    length = frames_of(spec)
    batches = FilmedBatches(training, recipe, length, seed, films)
    faces, labels = filmed(public_test, films.shown_students, films.shown_frames, length, films.shown_seed)
    shown = Windows(standardise(faces, *batches.scaling), labels)
    streams = {
        training.split: {"students": films.students * recipe.epochs, "frames": films.frames},
        public_test.split: {"students": films.shown_students, "frames": films.shown_frames},
    }
    about = {"simulated": {"manner": asdict(Manner()), "streams": streams, "stride": length}}
    return fit_frames(spec, recipe, batches, shown, folder, batches.scaling, seed, about)


def filmed(
    pictures: Pictures, students: int, frames: int, length: int, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Windows of `students`, (n, length, side, side) and their labels (n, length), one after the other.

    Raises SimulationError unless `frames` are whole windows.
    """
    if frames % length:
        raise SimulationError(f"the frames of a stream are whole windows of {length}, got {frames!r}")
    streams = [simulate(pictures, frames, student, seed) for student in range(students)]
    faces = np.concatenate([each.faces for each in streams])
    labels = np.concatenate([each.labels for each in streams])
    return faces.reshape(-1, length, *faces.shape[1:]), labels.reshape(-1, length)


def score_films(
    network: Network, length: int, scaling: Scaling, pictures: Pictures, students: int, frames: int, seed: int
) -> NDArray[np.float32]:
    """(students, frames, 7): each frame by the window that ends with it, of the same students that `score_streams`
    scores by that seed."""
    rows = []
    for student in tqdm(range(students), desc=f"watching {pictures.split}", unit="student", disable=None):
        faces = standardise(simulate(pictures, frames, student, seed).faces, *scaling)
        windows = window_of_each_frame(faces, length, ahead=0)
        batches = (windows[start : start + AT_ONCE] for start in range(0, frames, AT_ONCE))
        rows.append(np.concatenate([network(batch)[:, -1] for batch in batches]))
    return np.stack(rows)
