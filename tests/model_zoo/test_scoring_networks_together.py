"""`evaluate A+B+C`: the mean of several networks, each of which sees the pictures in its own size."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from data import fer2013
from model_zoo import exporting, scoring, weights
from model_zoo.__main__ import main
from model_zoo.measuring.evaluation import evaluate
from model_zoo.measuring.results import Result
from model_zoo.weights import WeightsError, load_cards
from tests.model_zoo import tiny

ORIGIN = exporting.Origin(mean=128.0, deviation=64.0, recipe={"seed": 0})
SIDES = {"large": 44, "small": 32, "smaller": 28}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cards of networks of different sizes, and the pictures in `data`."""
    folder = tmp_path_factory.mktemp("shelf")
    pictures = tiny.pictures(folder / "data")
    for seed, (name, side) in enumerate(SIDES.items()):
        keras.utils.set_random_seed(seed)
        spec = replace(tiny.SPEC, name=name, input_shape=(side, side, 1))
        exporting.export(spec, spec.build(), ORIGIN, *pictures, folder)
    return folder


@pytest.fixture(autouse=True)
def at_the_shelf(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", shelf)


def test_their_mean_is_what_is_scored(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures = fer2013.read(shelf / "data", "PublicTest")
    alone = [scoring.score(name, pictures, tta=True) for name in SIDES]
    together = scoring.score_together(load_cards("large+small+smaller"), pictures.images, tta=True)
    np.testing.assert_allclose(together, np.mean(alone, axis=0), atol=1e-7)
    asked = ["--data", str(shelf / "data"), "--split", "PublicTest", "--tta", "--json"]
    assert main(["evaluate", "large+small+smaller", *asked]) == 0
    result = Result.from_json(capsys.readouterr().out)
    assert result.evaluation == evaluate(np.mean(alone, axis=0), pictures.labels)
    assert result.network == "large+small+smaller"
    assert result.file_name == "large+small+smaller-PublicTest-ten-crops.json"
    assert result.sha256.split("+") == [load_cards(name)[0].files[f"{name}.onnx"].sha256 for name in SIDES]


def test_one_name_is_scored_as_ever(shelf: Path) -> None:
    pictures = fer2013.read(shelf / "data", "PublicTest")
    alone = scoring.score_together(load_cards("small"), pictures.images)
    assert np.array_equal(alone, scoring.score("small", pictures))


def test_a_card_whose_path_has_a_plus_in_it_is_one_card(shelf: Path, tmp_path: Path) -> None:
    path = tmp_path / "a+b.json"
    path.write_text((shelf / "small.json").read_text())
    assert [card.network for card in load_cards(str(path))] == ["small"]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ("large+vgg99", "no weights card 'vgg99'; shipped are large, small, smaller"),
        ("large+", r"a name on both sides of each plus, got 'large\+'"),
        ("large+small+large", "names large twice"),
    ],
)
def test_names_that_cannot_be_scored_are_said(names: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WeightsError, match=reason):
        load_cards(names)
    assert main(["evaluate", names, "--data", "data", "--split", "PublicTest"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_temperature_is_part_of_the_result(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["evaluate", "large+small", "--data", str(shelf / "data"), "--split", "PublicTest"]
    assert main([*asked, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)["calibration"]
    assert set(printed) == {"temperature", "halves", "ece_before_temperature", "ece_after_temperature"}
    assert main(asked) == 0
    words = f"after temperature {printed['ece_after_temperature']:.3f}; T {printed['temperature']:.2f}"
    assert words in capsys.readouterr().out


def test_the_page_shows_the_matrix_and_the_curve_and_needs_nothing_else(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["evaluate", "large+small", "--data", str(shelf / "data"), "--split", "PublicTest"]
    assert main([*asked, "--page", str(tmp_path / "page.html")]) == 0
    assert f"wrote {tmp_path / 'page.html'}" in capsys.readouterr().err
    text = (tmp_path / "page.html").read_text()
    assert "<h1>large+small on PublicTest</h1>" in text
    assert text.count('class="plotly-graph-div"') == 2
    assert "<script src=" not in text
    assert "<link" not in text
    assert main([*asked, "--page", str(tmp_path / "nowhere" / "page.html")]) == 2
    assert "--page is a file in a folder that exists" in capsys.readouterr().err
