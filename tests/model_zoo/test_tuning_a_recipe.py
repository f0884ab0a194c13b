"""`tune NAME`: short trainings by other choices, kept as they end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import optuna
import pytest
from keras import layers

from model_zoo import recipes, registry
from model_zoo.__main__ import main
from model_zoo.learning import tuning
from model_zoo.learning.optimizers import optimizer_of
from model_zoo.learning.tuning import TuningError, choose, open_study, short, terms_of, trials_of, varied
from model_zoo.recipes import OPTIMIZERS, SCHEDULES, Recipe
from model_zoo.registry import ModelSpec
from tests.model_zoo import tiny

PLAN = Recipe(sizes=((4, 28), (6, 44)), warm_up_epochs=2, average=0.998)
TERMS = terms_of(PLAN, epochs=2, pictures=500, of=1000, seed=0)
ASKED = ["tune", "tiny", "--data", "data", "--epochs", "1", "--pictures", "7"]


def network(spec: ModelSpec, widths: tuple[int, ...] = (4, 8), dropout: float = 0.1) -> keras.Model:
    inputs = x = keras.Input(spec.input_shape, name="face")
    for number, width in enumerate(widths):
        x = layers.Conv2D(width, 3, strides=4, name=f"conv{number}")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Dense(7, name="logits")(x)
    return keras.Model(inputs, layers.Activation("softmax", dtype="float32", name="probabilities")(x), name=spec.name)


SPEC = ModelSpec("tiny", (tiny.SIDE, tiny.SIDE, 1), "none", None, network)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    registry.names()
    tiny.pictures(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(registry._specs, "tiny", SPEC)
    monkeypatch.setitem(recipes.RECIPES, "tiny", replace(tiny.RECIPE, sizes=((1, tiny.SIDE),)))
    return tmp_path


def test_two_trials_make_a_table_and_a_page_and_a_third_goes_on_from_them(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ASKED, "--trials", "2"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["trial", "accuracy", "optimizer", "schedule", "rate", "width", "dropout", "seconds"]
    assert sorted(row.split()[0] for row in rows) == ["1", "2"]
    assert (workplace / "runs" / "tune" / "tiny.html").read_text().count('class="plotly-graph-div"') == 1

    assert main([*ASKED, "--trials", "3", "--json"]) == 0
    kept = json.loads(capsys.readouterr().out)
    assert (kept["network"], kept["epochs"], kept["pictures"], kept["of"]) == ("tiny", 1, 7, 14)
    assert [each["number"] for each in kept["trials"]] == [0, 1, 2]
    assert all(len(each["accuracies"]) == 1 for each in kept["trials"])

    assert main(["tune", "tiny", "--data", "data", "--epochs", "2", "--pictures", "7", "--trials", "3"]) == 2
    assert "began with {'epochs': 1} and cannot go on with {'epochs': 2}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (["--trials", "0"], "--trials is 1 or more, got 0"),
        (["--pictures", "99"], "1 to 14 pictures, got 1 and 99"),
        (["--epochs", "0"], "1 epoch or more"),
    ],
)
def test_a_search_that_cannot_be_is_refused(
    wrong: list[str], reason: str, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ASKED, *wrong]) == 2
    assert reason in capsys.readouterr().err
    assert not (workplace / "runs").exists()


def test_a_network_of_sequences_is_not_tuned(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "lstm", "--data", "data"]) == 2
    assert "lstm learns from sequences" in capsys.readouterr().err


def test_a_trial_that_was_killed_is_tried_again_but_once(tmp_path: Path) -> None:
    file = tmp_path / "tiny.db"
    killed = open_study(file, "tiny", TERMS).ask()
    choices = choose(killed, SPEC)
    again = open_study(file, "tiny", TERMS).ask()
    assert choose(again, SPEC) == choices
    third = open_study(file, "tiny", TERMS).ask()
    assert choose(third, SPEC) != choices
    assert trials_of(open_study(file, "tiny", TERMS)) == []


def test_a_search_does_not_go_on_by_another_recipe(tmp_path: Path) -> None:
    open_study(tmp_path / "tiny.db", "tiny", TERMS)
    with pytest.raises(TuningError, match=r"began with .* and cannot go on with .*: move it away"):
        open_study(tmp_path / "tiny.db", "tiny", terms_of(replace(PLAN, decay=0.5), 2, 500, 1000, 0))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_choice_makes_a_recipe(optimizer: str) -> None:
    low, high = tuning.RATES[optimizer]
    for schedule in SCHEDULES:
        given = {
            "optimizer": optimizer,
            "schedule": schedule,
            f"rate of {optimizer}": high,
            "width": 0.5,
            "dropout": 0.2,
        }
        choices = choose(optuna.trial.FixedTrial(given), SPEC)
        recipe = short(PLAN, SPEC, TERMS, choices)
        assert (recipe.optimizer, recipe.schedule, recipe.rate) == (optimizer, schedule, high)
        assert low < high
        assert optimizer_of(recipe, 3) is not None


def test_a_short_training_keeps_the_parts_of_a_long_one() -> None:
    recipe = short(PLAN, SPEC, TERMS, {"optimizer": "adam", "schedule": "cosine", "rate": 0.01})
    assert recipe.sizes == ((2, 44),)
    assert recipe.warm_up_epochs / recipe.epochs == pytest.approx(PLAN.warm_up_epochs / PLAN.epochs)
    # 10 epochs of 1000 pictures against 2 of 500: a tenth of the steps, so a tenth of the steps to look back.
    assert 1 / (1 - recipe.average) == pytest.approx(1 / (1 - PLAN.average) / 10)


def test_the_chosen_width_and_dropout_reach_the_network() -> None:
    model = varied(SPEC, {"width": 1.5, "dropout": 0.3}).build()
    assert [model.get_layer(f"conv{number}").filters for number in range(2)] == [6, 12]
    assert model.get_layer("dropout").rate == pytest.approx(0.3)


def test_sizes_that_an_architecture_does_not_take_are_not_searched() -> None:
    given = {"optimizer": "adam", "schedule": "cosine", "rate of adam": 0.001}
    assert set(choose(optuna.trial.FixedTrial(given), tiny.SPEC)) == {"optimizer", "schedule", "rate"}
    assert varied(tiny.SPEC, given).build().count_params() == tiny.SPEC.build().count_params()


@pytest.mark.parametrize("name", ["classroom", "classroom_small", "shallow_cnn", "deep_cnn"])
def test_the_networks_of_the_class_take_a_width_and_a_dropout(name: str) -> None:
    spec = registry.spec(name)
    half = varied(spec, {"width": 0.5, "dropout": 0.6}).build()
    assert half.count_params() < 0.5 * spec.build().count_params()
    assert {layer.rate for layer in half.layers if isinstance(layer, layers.Dropout)} == {0.6}


def test_the_grid_of_the_reference_comes_first_and_once(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(set(tuning.GRID)) == 6 * 5
    for trials in ("1", "2"):
        assert main([*ASKED, "--trials", trials, "--grid", "--json"]) == 0
        tried = [each["choices"] for each in json.loads(capsys.readouterr().out)["trials"]]
    assert [(each["optimizer"], each["schedule"]) for each in tried] == list(tuning.GRID[:2])
    assert {(each["width"], each["dropout"]) for each in tried} == {(1.0, 0.1)}
    study = open_study(workplace / "runs" / "tune" / "tiny.db", "tiny", _terms_kept(workplace))
    waiting = study.get_trials(states=[optuna.trial.TrialState.WAITING])
    assert len(waiting) == len(tuning.GRID) - 2


def _terms_kept(workplace: Path) -> dict[str, object]:
    file = workplace / "runs" / "tune" / "tiny.db"
    study = optuna.load_study(study_name="tiny", storage=f"sqlite:///{file.resolve().as_posix()}")
    return dict(study.user_attrs["terms"])
