from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.learning import training
from model_zoo.learning.batches import one_hot
from model_zoo.learning.norms import measure_norms
from model_zoo.learning.training import TrainingError, averaged, epochs_done, train, trained
from tests.model_zoo import tiny


class Kill(keras.callbacks.Callback):  # type: ignore[misc]  # keras has no types
    """Ends the process's training as a signal would, in the middle of an epoch."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.fatal, self.epoch = epoch, -1

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        if self.epoch == self.fatal:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, keras.Model]:
    folder = tmp_path_factory.mktemp("unbroken")
    pictures = tiny.pictures(folder / "data")
    return folder / "run", train(tiny.SPEC, tiny.RECIPE, *pictures, folder / "run")


def weights_of(model: keras.Model) -> list[NDArray[np.float32]]:
    return [np.asarray(values) for values in model.get_weights()]


def learned_by(model: keras.Model) -> list[NDArray[np.float32]]:
    """All but the norms' means and variances, which are measured again at the end."""
    return [np.asarray(weight) for weight in model.trainable_variables]


def epochs_in_curves(folder: Path) -> list[int]:
    with (folder / "curves.csv").open() as file:
        return [int(row["epoch"]) for row in csv.DictReader(file)]


def test_a_training_leaves_its_curve_its_recipe_and_its_weights(unbroken: tuple[Path, keras.Model]) -> None:
    folder, model = unbroken
    assert epochs_in_curves(folder) == [0, 1, 2]
    assert epochs_done(folder) == tiny.RECIPE.epochs == 3
    assert training.recipe_of(folder)["network"] == "tiny"
    for handed_over, kept in zip(weights_of(model), weights_of(trained(tiny.SPEC, folder)), strict=True):
        assert np.array_equal(handed_over, kept)


def test_the_checkpoint_holds_the_averaged_weights(unbroken: tuple[Path, keras.Model]) -> None:
    folder, model = unbroken
    for final, kept in zip(learned_by(model), learned_by(averaged(tiny.SPEC, tiny.RECIPE, folder)), strict=True):
        np.testing.assert_allclose(final, kept, atol=1e-6)


def test_norms_are_measured_on_pictures_as_they_are() -> None:
    model = tiny.SPEC.build()
    inputs = np.random.default_rng(0).standard_normal((64, tiny.SIDE, tiny.SIDE, 1)).astype(np.float32)
    before = [np.array(weight) for weight in learned_by(model)]
    measure_norms(model, inputs)
    seen = np.asarray(keras.ops.convert_to_numpy(model.get_layer("conv")(inputs)))
    norm = model.get_layer("norm")
    np.testing.assert_allclose(norm.moving_mean, seen.mean(axis=(0, 1, 2)), atol=1e-4)
    np.testing.assert_allclose(norm.moving_variance, seen.var(axis=(0, 1, 2)), rtol=1e-2)
    assert norm.momentum == 0.99
    assert all(np.array_equal(old, new) for old, new in zip(before, learned_by(model), strict=True))


def test_a_killed_training_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: tuple[Path, keras.Model]
) -> None:
    pictures = tiny.pictures(tmp_path / "data")
    callbacks = training.callbacks_of
    monkeypatch.setattr(training, "callbacks_of", lambda *given: [*callbacks(*given), Kill(epoch=2)])
    with pytest.raises(KeyboardInterrupt):
        train(tiny.SPEC, tiny.RECIPE, *pictures, tmp_path / "run")
    assert epochs_done(tmp_path / "run") == 2
    with pytest.raises(TrainingError, match="after 2 epochs its training has not ended"):
        trained(tiny.SPEC, tmp_path / "run")

    monkeypatch.setattr(training, "callbacks_of", callbacks)
    resumed = train(tiny.SPEC, tiny.RECIPE, *pictures, tmp_path / "run")
    assert epochs_in_curves(tmp_path / "run") == [0, 1, 2]
    # The same weights prove the same momentum, average, order and changes of the pictures.
    for one, other in zip(weights_of(unbroken[1]), weights_of(resumed), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_training_that_has_ended_is_not_begun_again(tmp_path: Path, unbroken: tuple[Path, keras.Model]) -> None:
    folder = shutil.copytree(unbroken[0], tmp_path / "run")
    pictures = tiny.pictures(tmp_path / "data")
    (folder / training.FINAL).unlink()
    for _ in ("from its checkpoint", "from what that left"):
        again = train(tiny.SPEC, tiny.RECIPE, *pictures, folder)
        for one, other in zip(weights_of(unbroken[1]), weights_of(again), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)
    assert epochs_in_curves(folder) == [0, 1, 2]


def test_a_training_does_not_go_on_by_another_recipe(tmp_path: Path, unbroken: tuple[Path, keras.Model]) -> None:
    folder = shutil.copytree(unbroken[0], tmp_path / "run")
    longer = replace(tiny.RECIPE, sizes=((1, 20), (3, tiny.SIDE)))
    with pytest.raises(TrainingError, match=r"began with .*'sizes': \[\[1, 20\], \[2, 44\]\].* cannot go on"):
        train(tiny.SPEC, longer, *tiny.pictures(tmp_path / "data"), folder)


def test_a_folder_without_a_training_says_so(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no checkpoint"):
        averaged(tiny.SPEC, tiny.RECIPE, tmp_path)
    with pytest.raises(TrainingError, match=r"no recipe\.json"):
        training.recipe_of(tmp_path)


def test_a_checkpoint_half_written_is_refused(tmp_path: Path, unbroken: tuple[Path, keras.Model]) -> None:
    folder = shutil.copytree(unbroken[0], tmp_path / "run")
    latest = folder / "checkpoint" / "latest.weights.h5"
    latest.write_bytes(latest.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="cannot be read"):
        averaged(tiny.SPEC, tiny.RECIPE, folder)


def test_smoothed_labels_keep_a_sum_of_one() -> None:
    rows = one_hot(("happy", "neutral"), smoothing=0.1)
    assert rows[0, 3] == pytest.approx(0.9 + 0.1 / 7)
    assert rows[1, 0] == pytest.approx(0.1 / 7)
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-6)
