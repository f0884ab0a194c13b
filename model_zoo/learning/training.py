"""Trains a network by its recipe, with checkpoints that survive a kill.

After each epoch the averaged weights are scored on PublicTest, which is what a network is chosen on.
The last epoch's weights are what is handed over: picking the best epoch of a noisy curve would
flatter the figure.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import keras

from data.fer2013 import Pictures
from model_zoo.errors import ModelZooError
from model_zoo.learning.augmentation import Augmentation
from model_zoo.learning.batches import Batches, Scaling, class_weights, one_hot, scaling_of
from model_zoo.learning.curves import FILE, Draw
from model_zoo.learning.norms import measure_norms
from model_zoo.learning.optimizers import Watch, accuracies, has_stalled, optimizer_of
from model_zoo.learning.starting import begin, freeze, what_was_shipped
from model_zoo.preprocessing import centre_crop, standardise
from model_zoo.recipes import Recipe
from model_zoo.registry import ModelSpec

FINAL = "final.weights.h5"


class TrainingError(ModelZooError):
    """A training's folder lacks what is asked of it; the message says what, and what to do."""


class Epochs(Protocol):
    """Batches that know their recipe and are told which epoch begins."""

    recipe: Recipe

    def start_epoch(self, epoch: int) -> None: ...


def train(
    spec: ModelSpec, recipe: Recipe, training: Pictures, public_test: Pictures, folder: Path, seed: int = 0
) -> keras.Model:
    """Trains in `folder`, going on from a checkpoint found there, and returns the float32 network.

    Leaves `curves.csv` (a row an epoch), `curves.html`, `tensorboard/`, `recipe.json` and `final.weights.h5` in
    `folder`. Learns from `training.shares` where it has them; scores on the labels of `public_test`.
    """
    if has_ended(folder, recipe):
        return _finished(spec, recipe, training, folder)
    return _handed_over(spec, fit(spec, recipe, training, public_test, folder, seed), training, folder)


def fit(
    spec: ModelSpec,
    recipe: Recipe,
    training: Pictures,
    public_test: Pictures,
    folder: Path,
    seed: int = 0,
    quiet: bool = False,
) -> keras.Model:
    """The training itself: what `train` does, without handing over weights. The float32 network it returns has the
    norms' statistics of the way, not of the end."""
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    keras.mixed_precision.set_dtype_policy(recipe.precision)
    scaling = scaling_of(training)
    batches = Batches(training, recipe, spec.side, scaling, seed)
    model = spec.of_any_size().build()
    beginning = _beginning(model, recipe, training, folder)
    _compile(model, recipe, beginning["begun_from"], steps_per_epoch=len(batches))
    described = describe(spec, recipe, scaling, seed) | {"soft_labels": training.shares is not None}
    keep_recipe(folder, described | beginning)
    validation = (
        standardise(centre_crop(public_test.images, spec.side), *scaling),
        one_hot(public_test.labels),
    )
    end = 0
    for epochs, side in recipe.sizes:
        end += epochs
        if epochs_done(folder) < end and not has_ended(folder, recipe):
            batches.side = side
            # Traced anew for each size: else TensorFlow leaves the size open, which bilinear enlarging refuses.
            model.train_function = model.test_function = None
            model.fit(
                batches,
                initial_epoch=end - epochs,
                epochs=end,
                validation_data=validation,
                validation_batch_size=512,
                class_weight=class_weights(training.labels) if recipe.class_weights else None,
                callbacks=callbacks_of(folder, batches),
                shuffle=False,  # the batches have an order of their own, which a resumed training finds again
                verbose=0 if quiet else "auto",
            )
    keras.mixed_precision.set_dtype_policy("float32")
    return _in_float32(spec, model)


def epochs_done(folder: Path) -> int:
    """How many epochs the checkpoint in `folder` has seen; 0 without one."""
    state = folder / "checkpoint" / "training_metadata.json"
    return int(json.loads(state.read_text())["epoch"]) if state.exists() else 0


def trained(spec: ModelSpec, folder: Path) -> keras.Model:
    """The float32 network of a training that has ended. Raises TrainingError when it has not."""
    final = folder / FINAL
    if not final.exists():
        raise TrainingError(
            f"{folder} has no {FINAL}: after {epochs_done(folder)} epochs its training has not ended; "
            f"`python -m model_zoo train {spec.name}` goes on, --from-checkpoint takes the weights so far"
        )
    model = spec.build()
    model.load_weights(final)
    return model


def averaged(spec: ModelSpec, recipe: Recipe, folder: Path) -> keras.Model:
    """The float32 network of the averaged weights in the checkpoint of a training that may go on.

    Raises TrainingError without a checkpoint, or when it is just being written.
    """
    checkpoint = folder / "checkpoint" / "latest.weights.h5"
    if not checkpoint.exists():
        raise TrainingError(f"{folder} has no checkpoint: one is written after each epoch")
    model = spec.of_any_size().build()
    _compile(model, recipe, str(recipe_of(folder).get("begun_from", "scratch")), steps_per_epoch=1)
    model.optimizer.build(model.trainable_variables)
    try:
        model.load_weights(checkpoint)
    except OSError as error:
        raise TrainingError(f"{checkpoint} cannot be read, perhaps it is being written: {error}") from error
    model.optimizer.finalize_variable_values(model.trainable_variables)
    return _in_float32(spec, model)


def recipe_of(folder: Path) -> dict[str, Any]:
    """What `recipe.json` in `folder` says. Raises TrainingError when there is none."""
    file = folder / "recipe.json"
    if not file.exists():
        raise TrainingError(f"{folder} has no recipe.json: no training began there")
    return dict(json.loads(file.read_text()))


def has_ended(folder: Path, recipe: Recipe) -> bool:
    done = epochs_done(folder)
    return done >= recipe.epochs or has_stalled(accuracies(folder)[:done], recipe.patience)


def keep_recipe(folder: Path, described: dict[str, Any]) -> None:
    """Raises TrainingError when a checkpoint would go on by another recipe than it began with."""
    text = json.dumps(described, indent=2) + "\n"
    if epochs_done(folder):
        begun, now = _with_defaults(recipe_of(folder)), json.loads(text)
        changed = [key for key in now if begun.get(key) != now[key] and key not in ("keras", "backend")]
        if changed:
            was, is_now = ({key: each.get(key) for key in changed} for each in (begun, now))
            raise TrainingError(f"{folder} began with {was!r} and cannot go on with {is_now!r}: move it away")
    (folder / "recipe.json").write_text(text)


def _with_defaults(begun: dict[str, Any]) -> dict[str, Any]:
    """A run that began before a field existed began with its default."""
    defaults = json.loads(json.dumps(asdict(Recipe(())))) | {"soft_labels": False, "begun_from": "scratch"}
    augmentation = asdict(Augmentation()) | begun.get("augmentation", {})
    return {**defaults, **begun, "augmentation": augmentation}


def _beginning(model: keras.Model, recipe: Recipe, training: Pictures, folder: Path) -> dict[str, Any]:
    """What its first epoch began with, also when it goes on from a checkpoint: `begun_from`, one of `STARTS`, and
    `before`, which weights those were, where it went on from what was shipped."""
    if epochs_done(folder):
        kept = recipe_of(folder)
        return {"begun_from": "scratch"} | {key: kept[key] for key in ("begun_from", "before") if key in kept}
    begun_from = begin(model, recipe, training.images, scaling_of(training))
    return {"begun_from": begun_from} | ({"before": what_was_shipped(model.name)} if begun_from == "shipped" else {})


def _finished(spec: ModelSpec, recipe: Recipe, training: Pictures, folder: Path) -> keras.Model:
    """A kill after the last epoch, before its weights were handed over, costs nothing."""
    if (folder / FINAL).exists():
        return trained(spec, folder)
    return _handed_over(spec, averaged(spec, recipe, folder), training, folder)


def _handed_over(spec: ModelSpec, model: keras.Model, training: Pictures, folder: Path) -> keras.Model:
    measure_norms(model, standardise(centre_crop(training.images, spec.side), *scaling_of(training)))
    model.save_weights(folder / FINAL)
    return model


def _compile(model: keras.Model, recipe: Recipe, begun_from: str, steps_per_epoch: int) -> None:
    if begun_from != "scratch":  # what begins at random has everything to learn
        freeze(model, recipe.frozen)
    model.compile(
        optimizer=optimizer_of(recipe, steps_per_epoch),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=["accuracy"],
        jit_compile=False,  # XLA makes convolutions on a CPU slower
    )


def _in_float32(spec: ModelSpec, trained: keras.Model) -> keras.Model:
    model = spec.build()
    model.set_weights(trained.get_weights())
    return model


def callbacks_of(folder: Path, batches: Epochs) -> list[keras.callbacks.Callback]:
    return [
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.start_epoch(epoch)),
        # Averaged weights are scored, the raw ones go on learning.
        keras.callbacks.SwapEMAWeights(),
        keras.callbacks.BackupAndRestore(folder / "checkpoint", delete_checkpoint=False, double_checkpoint=True),
        keras.callbacks.CSVLogger(folder / FILE, append=True),
        # After the logger, whose curve they read.
        Watch(batches.recipe, folder),
        Draw(folder, folder.name),
        keras.callbacks.TensorBoard(folder / "tensorboard", write_graph=False),
    ]


def describe(spec: ModelSpec, recipe: Recipe, scaling: Scaling, seed: int) -> dict[str, Any]:
    return {
        "network": spec.name,
        "seed": seed,
        "mean": scaling[0],
        "deviation": scaling[1],
        "backend": keras.backend.backend(),
        "keras": keras.__version__,
        **asdict(recipe),
    }
