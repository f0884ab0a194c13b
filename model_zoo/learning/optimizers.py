"""Optimizers and schedules of the learning rate, by the names that a recipe uses.

`OPTIMIZERS` and `SCHEDULES` hold those of Khaireddin and Chen 2021, arXiv:2105.03588, whose grid paper 001 repeats, and
the RMSprop of paper 002.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import keras

from model_zoo.recipes import Recipe

PLATEAU_FACTOR, PLATEAU_PATIENCE = 0.75, 5
STEP_FACTOR, STEPS = 0.5, 5  # halved after each fifth of the training
ONE_CYCLE_RISE, ONE_CYCLE_START = 0.3, 1 / 25


def optimizer_of(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """Keeps an exponential average of the weights; leaves biases and norms out of the weight decay."""
    optimizer = _optimizer(
        recipe,
        learning_rate=_schedule(recipe, steps_per_epoch),
        weight_decay=recipe.decay,
        use_ema=True,
        ema_momentum=recipe.average,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def _optimizer(recipe: Recipe, **shared: object) -> keras.optimizers.Optimizer:
    match recipe.optimizer:
        case "sgd" | "nesterov":
            return keras.optimizers.SGD(momentum=recipe.momentum, nesterov=recipe.optimizer == "nesterov", **shared)
        case "adam" | "amsgrad":
            return keras.optimizers.Adam(amsgrad=recipe.optimizer == "amsgrad", **shared)
        case "rmsprop":
            return keras.optimizers.RMSprop(**shared)
        case "adagrad":
            return keras.optimizers.Adagrad(**shared)
        case _:
            return keras.optimizers.Adadelta(**shared)


def _schedule(recipe: Recipe, steps_per_epoch: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    schedules, steps = keras.optimizers.schedules, recipe.epochs * steps_per_epoch
    match recipe.schedule:
        case "cosine":
            warm_up = round(recipe.warm_up_epochs * steps_per_epoch)
            return schedules.CosineDecay(
                0.0, decay_steps=max(1, steps - warm_up), warmup_target=recipe.rate, warmup_steps=warm_up
            )
        case "restarts":
            return schedules.CosineDecayRestarts(recipe.rate, first_decay_steps=max(1, steps // 7))
        case "one_cycle":
            rise = round(ONE_CYCLE_RISE * steps)
            return schedules.CosineDecay(
                recipe.rate * ONE_CYCLE_START,
                decay_steps=max(1, steps - rise),
                warmup_target=recipe.rate,
                warmup_steps=rise,
            )
        case "step":
            return schedules.ExponentialDecay(recipe.rate, max(1, steps // STEPS), STEP_FACTOR, staircase=True)
        case _:  # constant, or plateau, where a callback lowers it
            return recipe.rate


def accuracies(folder: Path) -> list[float]:
    """On PublicTest after each epoch, as `curves.csv` of a training keeps them; empty before the first."""
    curves = folder / "curves.csv"
    if not curves.exists():
        return []
    with curves.open(newline="") as file:
        return [float(row["val_accuracy"]) for row in csv.DictReader(file)]


def plateau_rate(rate: float, scores: Sequence[float]) -> float:
    """The rate after these epochs: three quarters of it each time that five brought no better score.

    A function of the curve alone, so a resumed training has the rate of an unbroken one.
    """
    best, waited = 0.0, 0
    for score in scores:
        best, waited = (score, 0) if score > best else (best, waited + 1)
        if waited == PLATEAU_PATIENCE:
            rate, waited = rate * PLATEAU_FACTOR, 0
    return rate


def has_stalled(scores: Sequence[float], patience: int | None) -> bool:
    """The last `patience` epochs brought no better score than those before; None waits for ever."""
    if patience is None or len(scores) <= patience:
        return False
    return max(scores[-patience:]) <= max(scores[:-patience])


class Watch(keras.callbacks.Callback):  # type: ignore[misc]  # keras has no types
    """Lowers the rate on a plateau and ends a training that has stalled, both by its curve in `folder`."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        super().__init__()
        self.recipe, self.folder = recipe, folder

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        if self.recipe.schedule == "plateau":
            self.model.optimizer.learning_rate = plateau_rate(self.recipe.rate, accuracies(self.folder))

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        if has_stalled(accuracies(self.folder), self.recipe.patience):
            self.model.stop_training = True
