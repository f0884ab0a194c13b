from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model_zoo.learning import training
from model_zoo.learning.batches import class_weights
from model_zoo.learning.optimizers import accuracies, has_stalled, optimizer_of, plateau_rate
from model_zoo.learning.training import TrainingError, epochs_done, train
from model_zoo.recipes import OPTIMIZERS, SCHEDULES, Recipe, recipe
from tests.model_zoo import tiny

RECIPE = Recipe(sizes=((10, 44),), rate=0.1, warm_up_epochs=1)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_lowers_a_loss_and_averages_its_weights(name: str) -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer=optimizer_of(replace(RECIPE, optimizer=name, schedule="constant"), 10), loss="mse")
    x = np.random.default_rng(0).standard_normal((64, 4)).astype(np.float32)
    losses = model.fit(x, x.sum(axis=1), epochs=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert model.optimizer.use_ema


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("cosine", {0: 0, 10: 0.1, 55: 0.05, 100: 0}),
        ("one_cycle", {0: 0.004, 30: 0.1, 100: 0}),
        ("restarts", {0: 0.1, 14: 0.1, 42: 0.1}),
        ("step", {0: 0.1, 19: 0.1, 20: 0.05, 99: 0.1 / 16}),
        ("plateau", {0: 0.1, 99: 0.1}),
        ("constant", {0: 0.1, 99: 0.1}),
    ],
)
def test_a_schedule_has_the_rates_of_its_name(schedule: str, rates: dict[int, float]) -> None:
    assert schedule in SCHEDULES
    optimizer = optimizer_of(replace(RECIPE, schedule=schedule), steps_per_epoch=10)
    for step, rate in rates.items():
        optimizer.iterations.assign(step)
        assert float(optimizer.learning_rate) == pytest.approx(rate, abs=1e-4)


def test_a_plateau_lowers_the_rate_by_a_quarter() -> None:
    assert plateau_rate(0.1, []) == 0.1
    assert plateau_rate(0.1, [0.5, 0.4, 0.4, 0.4, 0.5]) == 0.1
    assert plateau_rate(0.1, [0.5] * 6) == pytest.approx(0.075)
    assert plateau_rate(0.1, [0.5] * 11) == pytest.approx(0.05625)


def test_a_training_has_stalled_when_its_patience_brought_nothing() -> None:
    assert not has_stalled([0.5, 0.4, 0.4, 0.4, 0.4], None)
    assert not has_stalled([0.5, 0.4, 0.4, 0.4], 4)
    assert has_stalled([0.5, 0.4, 0.4, 0.4, 0.5], 4)
    assert not has_stalled([0.5, 0.4, 0.4, 0.4, 0.6], 4)


def test_every_emotion_weighs_the_same_in_sum() -> None:
    weights = class_weights(("happy",) * 6 + ("sad",) * 2)
    assert weights[3] * 6 == pytest.approx(weights[4] * 2)
    assert (weights[3] * 6 + weights[4] * 2) / 8 == pytest.approx(1)
    assert weights[0] == 0


@pytest.mark.parametrize(
    "wrong", [{"optimizer": "adamax"}, {"schedule": "linear"}, {"start": "vggface"}], ids=lambda each: next(iter(each))
)
def test_an_unknown_choice_lists_the_known(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))} is one of .*, got '{next(iter(wrong.values()))}'"):
        replace(RECIPE, **wrong)  # type: ignore[arg-type]


def test_a_stalled_training_ends_and_is_not_begun_again(tmp_path: Path) -> None:
    plan = replace(
        tiny.RECIPE,
        sizes=((6, tiny.SIDE),),
        rate=0.0,
        schedule="plateau",
        optimizer="adam",
        patience=2,
        class_weights=True,
    )
    pictures = tiny.pictures(tmp_path / "data")
    train(tiny.SPEC, plan, *pictures, tmp_path / "run")
    assert epochs_done(tmp_path / "run") == len(accuracies(tmp_path / "run")) < 6
    train(tiny.SPEC, plan, *pictures, tmp_path / "run")
    assert epochs_done(tmp_path / "run") < 6


def test_a_run_that_began_before_a_choice_existed_goes_on(tmp_path: Path) -> None:
    now = {"network": "classroom", **asdict(recipe("classroom"))}
    begun = {key: now[key] for key in now if key not in ("optimizer", "schedule", "class_weights", "patience", "start")}
    later = ("shear", "mixup", "cutmix", "mixup_alpha", "cutmix_alpha")
    begun["augmentation"] = {key: value for key, value in now["augmentation"].items() if key not in later}
    (tmp_path / "checkpoint").mkdir()
    (tmp_path / "checkpoint" / "training_metadata.json").write_text('{"epoch": 3}')
    (tmp_path / "recipe.json").write_text(json.dumps(begun))
    training.keep_recipe(tmp_path, now)
    with pytest.raises(TrainingError, match=r"began with \{'optimizer': 'nesterov'\}"):
        training.keep_recipe(tmp_path, now | {"optimizer": "adam"})
