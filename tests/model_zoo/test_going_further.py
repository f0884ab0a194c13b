"""`train NAME --further`: from the weights that are shipped already, by a recipe of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model_zoo import recipes, registry, weights
from model_zoo.__main__ import main
from model_zoo.errors import ModelZooError
from model_zoo.learning.batches import scaling_of
from model_zoo.learning.starting import begin, begin_from_shipped
from model_zoo.weights import WeightsFile, load_card
from tests.model_zoo import tiny

FIRST = replace(tiny.RECIPE, sizes=((1, 20),), start="faces")
FURTHER = replace(tiny.RECIPE, sizes=((2, tiny.SIDE),), start="shipped")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights, in which `tiny` is; it learned from the pictures of the folder `data`."""
    registry.names()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(weights, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setitem(registry._specs, "tiny", tiny.SPEC)
    monkeypatch.setitem(recipes.RECIPES, "tiny", FIRST)
    monkeypatch.setitem(recipes.FURTHER, "tiny", FURTHER)
    monkeypatch.setattr("model_zoo.learning.starting.begin_from_faces", lambda *_: "faces")
    tiny.pictures(Path("data"))
    assert main(["train", "tiny", "--data", "data"]) == 0
    assert main(["export", "tiny", "--data", "data", "--to", "weights"]) == 0
    return tmp_path / "weights"


def test_it_begins_with_what_is_shipped(shipped: Path) -> None:
    training, _ = tiny.pictures(Path("data"))
    model = tiny.SPEC.of_any_size().build()
    assert begin(model, FURTHER, training.images, scaling_of(training)) == "shipped"
    before = keras.saving.load_model(shipped / "tiny.keras")
    for ours, theirs in zip(model.get_weights(), before.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_card_tells_all_that_came_before(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    was = load_card("tiny")
    assert main(["train", "tiny", "--data", "data", "--further"]) == 0
    assert "export tiny --data data --from runs/tiny-further" in capsys.readouterr().out
    assert main(["export", "tiny", "--data", "data", "--from", "runs/tiny-further", "--to", "weights"]) == 0
    card = load_card("tiny")
    assert (card.recipe["begun_from"], card.recipe["epochs_trained"]) == ("shipped", 2)
    assert card.recipe["before"] == {"sha256": was.files["tiny.keras"].sha256, "recipe": dict(was.recipe)}
    assert card.recipe["before"]["recipe"]["begun_from"] == "faces"
    words = " ".join(card.notes)
    assert "HSE-FaceRes" in words  # whose licence goes with what was made of it
    assert "went on from what was shipped before" in words


def test_it_resumes_though_something_else_is_shipped_by_then(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["train", "tiny", "--data", "data", "--further"]) == 0
    folder = Path("runs/tiny-further")
    begun = json.loads((folder / "recipe.json").read_text())
    source = ["--from", str(folder), "--from-checkpoint"]
    assert main(["export", "tiny", "--data", "data", *source, "--to", "weights"]) == 0
    assert load_card("tiny").files["tiny.keras"].sha256 != begun["before"]["sha256"]
    # One epoch is left, as after a kill.
    monkeypatch.setitem(recipes.FURTHER, "tiny", replace(FURTHER, sizes=((3, tiny.SIDE),)))
    (folder / "recipe.json").write_text(json.dumps(begun | {"sizes": [[3, tiny.SIDE]]}))
    assert main(["train", "tiny", "--data", "data", "--further"]) == 0
    assert load_card(folder / "tiny.json").recipe["before"] == begun["before"]


def test_what_is_not_what_its_card_says_is_not_gone_on_from(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shipped / "tiny.keras").write_bytes(b"cut")
    assert main(["train", "tiny", "--data", "data", "--further"]) == 2
    assert "tiny.keras is cut short" in capsys.readouterr().err
    assert not Path("runs/tiny-further/recipe.json").exists()


def test_pictures_in_another_light_are_refused(shipped: Path) -> None:
    with pytest.raises(ModelZooError, match=r"those of this data set have 100\.00 and 50\.00"):
        begin_from_shipped(tiny.SPEC.build(), (100.0, 50.0))


def test_only_some_have_a_recipe_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "mini_xception", "--data", "data", "--further"]) == 2
    assert "no recipe to go further by is named 'mini_xception'; known are classroom" in capsys.readouterr().err


def test_what_is_shipped_can_go_further() -> None:
    """Its weights fit the network of today."""
    for name, plan in recipes.FURTHER.items():
        card = load_card(name)
        assert plan.start == "shipped"
        assert begin_from_shipped(registry.spec(name).of_any_size().build(), (card.mean, card.deviation)) == "shipped"
        assert card.files[f"{name}.keras"] == WeightsFile.of(card.folder / f"{name}.keras")
