from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage

from data import sequences
from data.sequences import FaceSequence
from model_zoo import recipes, registry
from model_zoo.__main__ import main
from model_zoo.emotions import EMOTIONS, Emotion
from model_zoo.measuring import crossvalidation
from model_zoo.measuring.crossvalidation import crossvalidate_sequences, for_few, shortened
from model_zoo.recipes import Recipe, recipe
from model_zoo.sequences.sequence_training import train_windows
from tests.data.cohn_kanade import add, small_set
from tests.data.pictures import tiny_release
from tests.model_zoo import tiny

GREY = 30
SMALL = {
    "lstm": tiny.smaller("lstm", cells=4),
    "cnn_lstm": tiny.smaller("cnn_lstm", widths=(2, 2, 2), cells=4),
    "tiny": tiny.SPEC,
}


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, spec in SMALL.items():
        monkeypatch.setitem(registry._specs, name, spec)
    monkeypatch.setitem(recipes.RECIPES, "tiny", tiny.RECIPE)
    return tmp_path


def test_every_sequence_is_scored_once_by_a_network_that_never_saw_its_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sequences.read(small_set(tmp_path / "ck")).sequences
    seen: list[set[int]] = []

    def watched(*given: Any, **named: Any) -> object:
        seen.append({len(given[2].labels), len(given[3].labels)})
        return train_windows(*given, **named)

    def score(faces: NDArray[np.uint8]) -> NDArray[np.float64]:
        return np.full((len(faces), 7), 1 / 7)

    monkeypatch.setattr(crossvalidation, "train_windows", watched)
    plan = shortened(recipe("lstm"), 1)
    done = crossvalidate_sequences(SMALL["lstm"], plan, found, score, tmp_path / "folds", count=2)
    assert len(done.errors) == 2
    assert seen == [{3}, {3}]
    assert done.groups == 5
    assert done.evaluation.n == len(found) == 6
    assert done.error == pytest.approx(np.mean(done.errors))
    assert done.deviation == pytest.approx(np.std(done.errors, ddof=1))
    assert {path.name for path in (tmp_path / "folds").iterdir()} == {"fold-1", "fold-2"}


@pytest.mark.long
def test_what_the_frames_show_is_learned_and_named_on_new_people(tmp_path: Path) -> None:
    """Three expressions, each a grey of its own, of six people."""
    found = [_grey(tmp_path, f"S{person}", label) for person in range(6) for label in ("angry", "fear", "happy")]

    def score(faces: NDArray[np.uint8]) -> NDArray[np.float64]:
        return np.asarray(np.eye(7)[faces[:, 0, 0] // GREY])

    plan = replace(recipe("lstm"), sizes=((30, 16),), rate=0.03)
    done = crossvalidate_sequences(SMALL["lstm"], plan, found, score, tmp_path / "folds", count=2)
    assert done.evaluation.accuracy == 1
    assert (done.error, done.deviation) == (0, 0)


def _grey(folder: Path, person: str, label: str) -> FaceSequence:
    file = folder / f"{person}-{label}.png"
    PillowImage.fromarray(np.full((48, 48), EMOTIONS.index(Emotion(label)) * GREY, np.uint8)).save(file)
    return FaceSequence(person, label, label, (file, file), ())


@pytest.mark.parametrize("name", ["lstm", pytest.param("cnn_lstm", marks=pytest.mark.long), "tiny"])
def test_the_command_runs_on_cohn_kanades_layout(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(small_set(tmp_path / "ck"), "S099/001", None)
    arguments = ["crossvalidate", name, "--data", "ck", "--folds", "2", "--epochs", "1", "--json"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    printed = json.loads(out)
    assert (printed["network"], printed["evaluation"]["n"], len(printed["errors"])) == (name, 6, 2)
    assert "passed over S099/001: has no label" in err


def test_pictures_are_divided_with_their_copies_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny_release(tmp_path / "data")
    assert main(["crossvalidate", "tiny", "--data", "data", "--folds", "2", "--epochs", "1"]) == 0
    out = capsys.readouterr().out
    assert "tiny on Training: 14 cases in 14 groups that stay together (people, or copies of a picture), 2 folds" in out
    assert "error of a fold" in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["lstm", "--data", "data"], "is not Cohn-Kanade in its own layout"),
        (["lstm", "--data", "ck", "--folds", "9"], "5 people cannot be divided into 9 parts"),
        (["vgg99", "--data", "data"], "no network is named 'vgg99'"),
    ],
)
def test_what_cannot_be_divided_is_said(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_release(tmp_path / "data")
    small_set(tmp_path / "ck")
    assert main(["crossvalidate", *arguments]) == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]


def test_a_recipe_for_few_sequences_takes_steps_enough_and_forgets_the_first() -> None:
    plan = for_few(recipe("lstm"), 260)
    assert plan.batch == 16
    steps = plan.epochs * 17
    assert 1 / (1 - plan.average) == pytest.approx(0.1 * steps)
    assert for_few(Recipe(((1, 16),)), 3).average == 0
    assert shortened(Recipe(((2, 28), (3, 44))), 7).sizes == ((7, 44),)
