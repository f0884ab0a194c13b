"""From simulated streams to a shipped network of sequences."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model_zoo import recipes, registry, scoring
from model_zoo.__main__ import main
from model_zoo.commands import streaming
from model_zoo.errors import ModelZooError
from model_zoo.exporting import origin_of
from model_zoo.learning.training import TrainingError, callbacks_of, recipe_of
from model_zoo.measuring import results
from model_zoo.recipes import Recipe
from model_zoo.sequences import sequence_exporting, sequence_training
from model_zoo.sequences.sequence_comparison import Comparison, load_kept
from model_zoo.sequences.sequence_training import Windows, train_on_streams, train_windows
from model_zoo.weights import WeightsCard, WeightsError, load_card, verified
from tests.data.pictures import tiny_release
from tests.model_zoo import tiny
from tests.model_zoo.test_comparing_on_streams import made
from tests.model_zoo.test_training_a_network import Kill, weights_of

SPECS = {
    "lstm": tiny.smaller("lstm", cells=4),
    "bilstm": tiny.smaller("bilstm", cells=4),
}
PLAN = Recipe(sizes=((3, 16),), batch=16, optimizer="adam", rate=0.01, precision="float32", label_smoothing=0)
TRAINING, PUBLIC_TEST = made("Training"), made("PublicTest")


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, keras.Model]:
    folder = tmp_path_factory.mktemp("unbroken") / "run"
    return folder, train_on_streams(SPECS["lstm"], PLAN, TRAINING, PUBLIC_TEST, folder)


@pytest.fixture(scope="module")
def card(unbroken: tuple[Path, keras.Model], tmp_path_factory: pytest.TempPathFactory) -> WeightsCard:
    folder, model = unbroken
    target = tmp_path_factory.mktemp("weights")
    return sequence_exporting.export(SPECS["lstm"], model, origin_of(folder), load_card(), PUBLIC_TEST, target)


def epochs_in_curves(folder: Path) -> list[int]:
    with (folder / "curves.csv").open() as file:
        return [int(row["epoch"]) for row in csv.DictReader(file)]


def test_a_training_leaves_its_curve_and_says_what_was_simulated(unbroken: tuple[Path, keras.Model]) -> None:
    folder, _ = unbroken
    assert epochs_in_curves(folder) == [0, 1, 2]
    kept = recipe_of(folder)["simulated"]
    assert kept["streams"]["Training"] == {"students": 6, "frames": 40}
    assert kept["manner"]["frames_per_second"] == 5


def test_a_killed_training_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: tuple[Path, keras.Model]
) -> None:
    there = "model_zoo.sequences.sequence_training.callbacks_of"
    monkeypatch.setattr(there, lambda *given: [*callbacks_of(*given), Kill(epoch=2)])
    with pytest.raises(KeyboardInterrupt):
        train_on_streams(SPECS["lstm"], PLAN, TRAINING, PUBLIC_TEST, tmp_path / "run")
    monkeypatch.setattr(there, callbacks_of)
    resumed = train_on_streams(SPECS["lstm"], PLAN, TRAINING, PUBLIC_TEST, tmp_path / "run")
    assert epochs_in_curves(tmp_path / "run") == [0, 1, 2]
    # Exactly: averaged weights move so little that another order of the batches would hide in a tolerance.
    for one, other in zip(weights_of(unbroken[1]), weights_of(resumed), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_training_that_has_ended_is_not_begun_again(tmp_path: Path, unbroken: tuple[Path, keras.Model]) -> None:
    folder = shutil.copytree(unbroken[0], tmp_path / "run")
    (folder / "final.weights.h5").unlink()
    for _ in ("from its checkpoint", "from what that left"):
        again = train_on_streams(SPECS["lstm"], PLAN, TRAINING, PUBLIC_TEST, folder)
        for one, other in zip(weights_of(unbroken[1]), weights_of(again), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)
    with pytest.raises(TrainingError, match="cannot go on"):
        train_on_streams(SPECS["lstm"], replace(PLAN, rate=0.1), TRAINING, PUBLIC_TEST, folder)


def test_windows_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    short = Windows(np.zeros((2, 8, 7), np.float32), np.zeros((2, 8), np.int64))
    with pytest.raises(TrainingError, match=r"lstm takes windows of \(16, 7\), got \(8, 7\)"):
        train_windows(SPECS["lstm"], PLAN, short, short, tmp_path)
    with pytest.raises(TrainingError, match=r"got \(2, 8, 7\) and \(2, 9\)"):
        Windows(short.inputs, np.zeros((2, 9), np.int64))
    with pytest.raises(TrainingError, match="classroom takes single pictures"):
        sequence_training.frames_of(registry.spec("classroom"))


def test_its_card_says_what_it_takes_and_that_it_is_simulated(card: WeightsCard) -> None:
    assert load_card(card.folder / "lstm.json") == card
    assert set(card.files) == {"lstm.onnx", "lstm.keras"}
    assert (card.window, card.scored_by, card.input_shape) == (16, "classroom", (16, 7))
    assert card.scores["split"] == "simulated streams of PublicTest"
    assert card.counts == {"Training": 240, "PublicTest": 240}
    assert any("nobody was filmed" in note for note in card.notes)


def test_both_files_give_a_row_for_each_frame(card: WeightsCard) -> None:
    window = PUBLIC_TEST.scores[:, :16]
    rows = {each: scoring.open_network(card, each)(window) for each in ("onnx", "keras")}
    assert rows["onnx"].shape == (6, 16, 7)
    np.testing.assert_allclose(rows["onnx"].sum(axis=2), 1, atol=1e-5)
    np.testing.assert_allclose(rows["onnx"], rows["keras"], atol=1e-3)


def test_it_does_not_score_faces(card: WeightsCard) -> None:
    network = scoring.open_network(card)
    with pytest.raises(WeightsError, match="lstm takes windows of 16 frames that classroom has scored, not faces"):
        scoring.score_with(network, card, np.zeros((1, 48, 48), np.uint8))


@pytest.mark.parametrize("window", [0, 1])
def test_a_single_frame_that_another_network_has_scored_is_refused(card: WeightsCard, window: int) -> None:
    with pytest.raises(WeightsError, match=f"got window {window} and scored_by 'classroom'"):
        replace(card, window=window)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny release, short streams and small networks."""
    tiny_release(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    for name, number in (("FRAMES", 20), ("LEARNED_STUDENTS", 3), ("SHOWN_STUDENTS", 2)):
        monkeypatch.setattr(streaming, name, number)
    for name, spec in SPECS.items():
        monkeypatch.setitem(registry._specs, name, spec)
        monkeypatch.setitem(recipes.RECIPES, name, replace(PLAN, sizes=((1, 16),)))
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results")
    return tmp_path


def test_from_the_command_that_trains_to_the_comparison(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in SPECS:
        assert main(["train", name, "--data", "data"]) == 0
    assert main(["export", "lstm", "--data", "data", "--to", "weights"]) == 0
    assert load_card(workplace / "weights" / "lstm.json").network == "lstm"
    capsys.readouterr()
    cards = ["--lstm", "weights/lstm.json", "--bilstm", "runs/bilstm/bilstm.json"]
    assert main(["sequences", "--data", "data", "--students", "4", *cards, "--json", "--save"]) == 0
    printed = Comparison.from_json(capsys.readouterr().out)
    assert printed == load_kept(results.RESULTS)
    assert (printed.students, printed.frames, printed.split) == (4, 20, "PublicTest")
    assert set(printed.files) == {"lstm", "bilstm", "classroom"}
    assert json.loads(printed.to_json())["simulated"] is True
    assert (
        main(["sequences", "--data", "data", "--students", "4", *cards[2:], "--lstm", "runs/bilstm/bilstm.json"]) == 2
    )
    assert "--lstm takes a card of lstm, got one of 'bilstm'" in capsys.readouterr().err


def test_options_for_pictures_are_refused() -> None:
    with pytest.raises(ModelZooError, match="--votes is for networks of single pictures; lstm learns from simulated"):
        streaming.require_streams(SPECS["lstm"], votes=Path("fer2013new.csv"))


@pytest.mark.parametrize("name", sorted(SPECS))
def test_the_shipped_files_are_what_their_card_says_and_stay_small(name: str) -> None:
    shipped = load_card(name)
    assert sum(verified(shipped, file).stat().st_size for file in shipped.files) < 2e6
    assert shipped.recipe["epochs_trained"] == recipes.recipe(name).epochs
    rows = scoring.open_network(shipped)(np.full((1, *shipped.input_shape), 1 / 7, np.float32))
    assert rows.shape == (1, 16, 7)
