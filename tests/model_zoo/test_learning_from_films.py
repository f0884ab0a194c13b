"""From simulated students, seen face by face, to a network that looks at faces in sequence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model_zoo import recipes, registry, scoring
from model_zoo.__main__ import main
from model_zoo.commands import streaming
from model_zoo.learning.batches import scaling_of
from model_zoo.learning.training import callbacks_of, recipe_of
from model_zoo.measuring import results
from model_zoo.recipes import Recipe
from model_zoo.sequences.films import FilmedBatches, Films, filmed, score_films, train_on_films
from model_zoo.sequences.sequence_comparison import Comparison
from model_zoo.sequences.simulation import SimulationError, simulate
from model_zoo.weights import WeightsCard, WeightsError, load_card
from monitor.errors import ClassifierError
from monitor.vision.sequences import SequenceNetwork
from tests.model_zoo import tiny
from tests.model_zoo.test_learning_from_streams import epochs_in_curves
from tests.model_zoo.test_training_a_network import Kill, weights_of

SPEC = tiny.smaller("cnn_lstm", widths=(2, 2, 2), cells=4)
PLAN = Recipe(sizes=((2, 8),), batch=3, optimizer="adam", rate=0.01, precision="float32", label_smoothing=0)
FILMS = Films(students=4, frames=16, shown_students=2, shown_frames=16, shown_seed=5)


def test_windows_are_those_of_the_students_one_after_the_other(tmp_path: Path) -> None:
    training, _ = tiny.pictures(tmp_path)
    faces, labels = filmed(training, students=2, frames=16, length=8, seed=3)
    assert (faces.shape, labels.shape) == ((4, 8, 48, 48), (4, 8))
    second = simulate(training, 16, student=1, seed=3)
    np.testing.assert_array_equal(faces[2:].reshape(16, 48, 48), second.faces)
    np.testing.assert_array_equal(labels[2:].ravel(), second.labels)
    with pytest.raises(SimulationError, match="whole windows of 8, got 20"):
        filmed(training, students=1, frames=20, length=8, seed=0)


def test_an_epoch_has_students_of_its_own_and_always_the_same(tmp_path: Path) -> None:
    training, _ = tiny.pictures(tmp_path)
    batches = FilmedBatches(training, PLAN, 8, 0, FILMS)
    assert [len(batches[index][0]) for index in range(len(batches))] == [3, 3, 2]
    first = [batches[index] for index in range(len(batches))]
    batches.start_epoch(1)
    assert not np.array_equal(batches[0][0], first[0][0])
    again = FilmedBatches(training, PLAN, 8, 0, FILMS)
    again.start_epoch(1)
    for index in range(len(batches)):
        for one, other in zip(batches[index], again[index], strict=True):
            np.testing.assert_array_equal(one, other)


def test_each_frame_is_scored_by_the_window_that_ends_with_it(tmp_path: Path) -> None:
    training, _ = tiny.pictures(tmp_path)
    scaling, seen = scaling_of(training), []

    def network(windows: np.ndarray) -> np.ndarray:
        seen.append(windows)
        return np.broadcast_to(windows.mean(axis=(2, 3)), (*windows.shape[:2], 7))

    rows = score_films(network, 8, scaling, training, students=2, frames=40, seed=1)
    assert rows.shape == (2, 40, 7)
    assert {len(windows) for windows in seen} == {32, 8}
    faces = (simulate(training, 40, 1, 1).faces.astype(np.float32) - scaling[0]) / scaling[1]
    np.testing.assert_allclose(rows[1, :, 0], faces.mean(axis=(1, 2)), atol=1e-4)
    np.testing.assert_allclose(seen[2][20, ..., 0], faces[13:21], atol=1e-5)


def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training, public_test = tiny.pictures(tmp_path / "data")
    unbroken = train_on_films(SPEC, PLAN, training, public_test, tmp_path / "unbroken", FILMS)
    there = "model_zoo.sequences.sequence_training.callbacks_of"
    monkeypatch.setattr(there, lambda *given: [*callbacks_of(*given), Kill(epoch=1)])
    with pytest.raises(KeyboardInterrupt):
        train_on_films(SPEC, PLAN, training, public_test, tmp_path / "run", FILMS)
    monkeypatch.setattr(there, callbacks_of)
    resumed = train_on_films(SPEC, PLAN, training, public_test, tmp_path / "run", FILMS)
    assert epochs_in_curves(tmp_path / "run") == [0, 1]
    for one, other in zip(weights_of(unbroken), weights_of(resumed), strict=True):
        np.testing.assert_array_equal(one, other)
    kept = recipe_of(tmp_path / "run")
    assert (kept["mean"], kept["deviation"]) == scaling_of(training)
    assert kept["simulated"]["streams"]["Training"] == {"students": 8, "frames": 16}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> WeightsCard:
    """Trained and exported by the commands from a tiny release."""
    place = tmp_path_factory.mktemp("place")
    tiny.pictures(place / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for name, number in (("FRAMES", 16), ("LEARNED_STUDENTS", 2), ("SHOWN_STUDENTS", 2)):
            patch.setattr(streaming, name, number)
        patch.setattr(streaming, "FILMED_STUDENTS", 3)
        patch.setattr(streaming, "FILMED_FRAMES", 16)
        patch.setitem(registry._specs, "cnn_lstm", SPEC)
        patch.setitem(recipes.RECIPES, "cnn_lstm", replace(PLAN, sizes=((1, 8),)))
        assert main(["train", "cnn_lstm", "--data", "data"]) == 0
        assert main(["export", "cnn_lstm", "--data", "data", "--to", "weights"]) == 0
    return load_card(place / "weights" / "cnn_lstm.json")


def test_its_card_says_that_it_looks_at_faces_in_sequence(shipped: WeightsCard) -> None:
    assert (shipped.window, shipped.scored_by, shipped.input_shape) == (8, None, (8, 48, 48, 1))
    assert shipped.counts == {"Training": 48, "PublicTest": 32}
    assert shipped.scores["split"] == "simulated streams of PublicTest"
    assert 0 <= shipped.scores["accuracy"] <= 1
    assert 0 <= shipped.scores["frame_by_frame_accuracy"] <= 1
    assert any("nobody was filmed" in note for note in shipped.notes)
    rows = scoring.open_network(shipped)(np.zeros((2, 8, 48, 48, 1), np.float32))
    assert rows.shape == (2, 8, 7)


def test_it_is_compared_on_the_same_students(
    shipped: WeightsCard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = shipped.folder.parent
    monkeypatch.chdir(place)
    for name, number in (("FRAMES", 16), ("LEARNED_STUDENTS", 2)):
        monkeypatch.setattr(streaming, name, number)
    monkeypatch.setattr(results, "RESULTS", place / "results")
    card = str(shipped.folder / "cnn_lstm.json")
    capsys.readouterr()
    assert main(["sequences", "--data", "data", "--students", "2", "--cnn_lstm", card, "--json"]) == 0
    found = Comparison.from_json(capsys.readouterr().out)
    assert found.ways[-1].way == "cnn_lstm"
    assert {each.other for each in found.differences if each.way == "cnn_lstm"} == {"frame by frame", "lstm"}
    assert found.files["cnn_lstm"] == shipped.files["cnn_lstm.onnx"].sha256


def test_it_scores_no_single_faces_and_no_live_ones(shipped: WeightsCard) -> None:
    with pytest.raises(WeightsError, match="cnn_lstm takes windows of 8 frames with a face each, not single ones"):
        scoring.score_with(scoring.open_network(shipped), shipped, np.zeros((1, 48, 48), np.uint8))
    with pytest.raises(ClassifierError, match="looks at the faces of 8 moments, which nobody keeps"):
        SequenceNetwork(shipped)
