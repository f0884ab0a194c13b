"""`train NAME --teacher A+B`: what other networks say of a picture in place of its one label."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model_zoo import recipes, registry
from model_zoo.__main__ import main
from model_zoo.learning.batches import one_hot
from model_zoo.learning.distilling import taught_by
from model_zoo.scoring import score_together
from model_zoo.weights import load_cards
from tests.model_zoo import tiny

RECIPE = replace(tiny.RECIPE, sizes=((1, 20),))


@pytest.fixture
def taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A network that was trained on the pictures of the folder `data`; its card's path."""
    registry.names()
    monkeypatch.chdir(tmp_path)
    for name in ("tiny", "pupil"):
        monkeypatch.setitem(registry._specs, name, replace(tiny.SPEC, name=name))
        monkeypatch.setitem(recipes.RECIPES, name, RECIPE)
    tiny.pictures(Path("data"))
    assert main(["train", "tiny", "--data", "data"]) == 0
    return "runs/tiny/tiny.json"


def test_most_of_what_is_learned_is_the_mean_of_the_teachers_and_the_rest_the_label(taught: str) -> None:
    pictures, _ = tiny.pictures(Path("data"))
    cards = load_cards(taught)
    told = taught_by(cards, pictures)
    assert told.shares is not None
    said = score_together(cards, pictures.images)
    np.testing.assert_allclose(told.shares, 0.7 * said + 0.3 * one_hot(pictures.labels), atol=1e-6)
    np.testing.assert_allclose(told.shares.sum(axis=1), 1, atol=1e-6)
    assert told.labels == pictures.labels


def test_the_card_of_a_pupil_names_its_teacher(taught: str) -> None:
    assert main(["train", "pupil", "--data", "data", "--teacher", taught]) == 0
    for file in ("recipe.json", "pupil.json"):
        kept = json.loads(Path("runs/pupil", file).read_text())
        recipe = kept.get("recipe", kept)
        assert (recipe["teacher"], recipe["soft_labels"], recipe["label_smoothing"]) == ("tiny", True, 0)
    assert json.loads(Path("runs/tiny/recipe.json").read_text())["teacher"] is None
    assert main(["train", "pupil", "--data", "data", "--teacher", taught]) == 0  # it has ended


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pupil", "--teacher", "nobody"], "nobody"),
        (["pupil", "--teacher", "lstm"], "lstm"),
        (["pupil", "--teacher", "classroom", "--votes", "votes.csv"], "either --votes or --teacher"),
        (["lstm", "--teacher", "classroom"], "--teacher is for networks of single pictures"),
    ],
)
def test_what_cannot_teach_is_refused(
    taught: str, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *words, "--data", "data"]) == 2
    assert told in capsys.readouterr().err
    assert not Path("runs/pupil/recipe.json").exists()
