"""Trains a network of sequences frame by frame, as paper 004 does: each frame of a window is scored, and its cross
entropy with its own label is learned. Checkpoints and resuming are those of `training.py`.

`train_on_streams` has simulated students of Training to learn from and of PublicTest to be scored on after each epoch
(`streams.py` says how). The last epoch's weights are handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from model_zoo.architectures.recurrent import frame_scores
from model_zoo.emotions import EMOTIONS
from model_zoo.learning.batches import Scaling
from model_zoo.learning.norms import measure_norms
from model_zoo.learning.optimizers import optimizer_of
from model_zoo.learning.training import (
    FINAL,
    Epochs,
    TrainingError,
    callbacks_of,
    describe,
    has_ended,
    keep_recipe,
    trained,
)
from model_zoo.recipes import Recipe
from model_zoo.registry import ModelSpec
from model_zoo.sequences.streams import ScoredStreams, windows

STRIDE = 4
"""Frames from the start of one window to that of the next: neighbours are nearly the same."""

AS_THEY_ARE = (0.0, 1.0)
"""Mean and deviation of inputs that are not standardised: probabilities."""


@dataclass(frozen=True)
class Windows:
    """`inputs` (n, frames, …) as the network takes them; `labels` (n, frames), places in `EMOTIONS`."""

    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.labels.ndim != 2 or self.inputs.shape[:2] != self.labels.shape or not len(self.labels):
            raise TrainingError(
                f"windows are (n, frames, …) with labels (n, frames), got {self.inputs.shape} and {self.labels.shape}"
            )


def targets_of(labels: NDArray[np.int64], smoothing: float = 0.0) -> NDArray[np.float32]:
    """(n, frames) → (n, frames, 7): 1 − smoothing on the label, the rest spread evenly."""
    rows = np.eye(len(EMOTIONS), dtype=np.float32)[labels]
    return np.asarray(rows * (1 - smoothing) + smoothing / len(EMOTIONS), dtype=np.float32)


class FrameBatches(Epochs, Protocol):
    """Batches of windows and of the targets of each of their frames; `some` of the windows, for the norms."""

    def __len__(self) -> int: ...

    def some(self) -> NDArray[np.float32]: ...


class WindowBatches(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """Shuffled batches, the last one short. The order of an epoch depends on (seed, epoch) alone."""

    def __init__(self, learned: Windows, recipe: Recipe, seed: int) -> None:
        super().__init__()
        self.learned, self.recipe, self.seed = learned, recipe, seed
        self.targets = targets_of(learned.labels, recipe.label_smoothing)
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        self.order = np.random.default_rng((self.seed, epoch)).permutation(len(self.learned.labels))

    def __len__(self) -> int:
        return -(-len(self.learned.labels) // self.recipe.batch)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rows = self.order[index * self.recipe.batch : (index + 1) * self.recipe.batch]
        return self.learned.inputs[rows], self.targets[rows]

    def some(self) -> NDArray[np.float32]:
        return self.learned.inputs


def train_on_streams(
    spec: ModelSpec, recipe: Recipe, training: ScoredStreams, public_test: ScoredStreams, folder: Path, seed: int = 0
) -> keras.Model:
    """Trains in `folder` on windows of simulated streams, going on from a checkpoint found there."""
    length = frames_of(spec)
    learned, validation = (Windows(*windows(each, length, STRIDE)) for each in (training, public_test))
    counts = {each.split: {"students": each.students, "frames": each.frames} for each in (training, public_test)}
    about = {"simulated": {"manner": asdict(training.manner), "streams": counts, "stride": STRIDE}}
    return train_windows(spec, recipe, learned, validation, folder, seed, about)


def train_windows(
    spec: ModelSpec,
    recipe: Recipe,
    learned: Windows,
    validation: Windows,
    folder: Path,
    seed: int = 0,
    about: Mapping[str, Any] | None = None,
) -> keras.Model:
    """Trains in `folder`, going on from a checkpoint found there, and returns the network of summed frame scores.

    `about` is kept in `recipe.json`, beside the recipe. Leaves what `training.train` leaves. Raises TrainingError
    when the checkpoint began by another recipe or the windows are not what the network takes.
    """
    if learned.inputs.shape[1:] != spec.input_shape or validation.inputs.shape[1:] != spec.input_shape:
        raise TrainingError(f"{spec.name} takes windows of {spec.input_shape!r}, got {learned.inputs.shape[1:]!r}")
    return fit_frames(spec, recipe, WindowBatches(learned, recipe, seed), validation, folder, AS_THEY_ARE, seed, about)


def fit_frames(
    spec: ModelSpec,
    recipe: Recipe,
    batches: FrameBatches,
    validation: Windows,
    folder: Path,
    scaling: Scaling,
    seed: int = 0,
    about: Mapping[str, Any] | None = None,
) -> keras.Model:
    """The training itself, from `batches` of any kind whose inputs were standardised by `scaling`."""
    folder.mkdir(parents=True, exist_ok=True)
    keep_recipe(folder, describe(spec, recipe, scaling, seed) | dict(about or {}))
    if has_ended(folder, recipe) and (folder / FINAL).exists():
        return trained(spec, folder)
    keras.utils.set_random_seed(seed)
    keras.mixed_precision.set_dtype_policy(recipe.precision)
    frames = _compiled(spec, recipe, len(batches))
    # An ended training without its last file: a kill between the two costs one pass over the checkpoint.
    if has_ended(folder, recipe):
        _take_average(frames, folder)
    else:
        frames.fit(
            batches,
            epochs=recipe.epochs,
            validation_data=(validation.inputs, targets_of(validation.labels)),
            validation_batch_size=512 if spec.takes_scores else 64,  # of which each has several faces
            callbacks=callbacks_of(folder, batches),
            shuffle=False,  # the batches have an order of their own, which a resumed training finds again
        )
    keras.mixed_precision.set_dtype_policy("float32")
    model = spec.build()
    model.set_weights(frames.get_weights())
    measure_norms(model, batches.some())
    model.save_weights(folder / FINAL)
    return model


def frames_of(spec: ModelSpec) -> int:
    """Frames in a window. Raises TrainingError for a network of single pictures."""
    length = spec.input_shape[0]
    if spec.takes_pictures or length is None:
        raise TrainingError(f"{spec.name} takes single pictures {spec.input_shape!r}, not sequences")
    return length


def _compiled(spec: ModelSpec, recipe: Recipe, steps_per_epoch: int) -> keras.Model:
    frames = frame_scores(spec.build())
    frames.compile(
        optimizer=optimizer_of(recipe, steps_per_epoch),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=["accuracy"],
        jit_compile=False,  # unrolled cells take XLA longer to compile than they save
    )
    return frames


def _take_average(frames: keras.Model, folder: Path) -> None:
    frames.optimizer.build(frames.trainable_variables)
    frames.load_weights(folder / "checkpoint" / "latest.weights.h5")
    frames.optimizer.finalize_variable_values(frames.trainable_variables)
