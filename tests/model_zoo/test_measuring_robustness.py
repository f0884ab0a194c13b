"""What a network still sees in faces that are dark, turned, hidden, blurred or noisy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.__main__ import main
from model_zoo.measuring import disturbances, figures, results, robustness
from model_zoo.measuring.disturbances import DISTURBANCES, Disturbance
from model_zoo.measuring.evaluation import wilson
from model_zoo.measuring.results import ResultsError
from model_zoo.measuring.robustness import Robustness
from tests import little_network
from tests.data.pictures import tiny_release

SIDE = 48


@pytest.fixture(scope="module")
def faces() -> NDArray[np.uint8]:
    """Four smooth pictures with some detail in them."""
    random = np.random.default_rng(0)
    down, across = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = [128 + 90 * np.sin(6 * down + place) * np.cos(5 * across) for place in range(4)]
    return np.clip(np.stack(waves) + random.normal(0, 12, (4, SIDE, SIDE)), 0, 255).astype(np.uint8)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return little_network.write(tmp_path)


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results")
    return tiny_release(tmp_path / "data")


@pytest.fixture
def measured() -> Robustness:
    plain = robustness.Step(0, None, 0.7, (0.6, 0.8))
    rows = tuple(
        robustness.Row(
            each.name,
            each.unit,
            tuple(robustness.Step(place + 1, amount, 0.5, (0.38, 0.62)) for place, amount in enumerate(each.amounts)),
        )
        for each in DISTURBANCES
    )
    return Robustness("tiny", "0" * 64, "FER2013", "PublicTest", 99, plain, rows)


def named(name: str) -> Disturbance:
    return next(each for each in DISTURBANCES if each.name == name)


def test_there_are_the_nine_of_the_issue() -> None:
    assert [each.name for each in DISTURBANCES] == [
        "darker light",
        "brighter light",
        "rotation",
        "hidden eyes",
        "hidden mouth",
        "blur",
        "low resolution",
        "noise",
        "JPEG",
    ]


@pytest.mark.parametrize("each", DISTURBANCES, ids=lambda each: each.name)
def test_each_changes_more_with_every_strength_and_always_alike(each: Disturbance, faces: NDArray[np.uint8]) -> None:
    kept = faces.copy()
    changed = [each.change(faces, amount) for amount in each.amounts]
    assert np.array_equal(faces, kept)
    for amount, pictures in zip(each.amounts, changed, strict=True):
        assert pictures.shape == faces.shape
        assert pictures.dtype == np.uint8
        assert np.array_equal(pictures, each.change(faces, amount))
    distances = [float(np.abs(pictures.astype(float) - faces).mean()) for pictures in changed]
    assert distances[0] > 0
    assert distances == sorted(distances)


def test_light_is_multiplied_and_what_is_too_bright_is_lost() -> None:
    grey = np.full((1, SIDE, SIDE), 100, np.uint8)
    assert np.all(disturbances.light(grey, 0.5) == 50)
    assert np.all(disturbances.light(grey, 3) == 255)


def test_every_other_picture_turns_the_other_way(faces: NDArray[np.uint8]) -> None:
    same = np.stack([faces[0], faces[0]])
    there, back = disturbances.rotated(same, 90)
    assert np.array_equal(np.rot90(there, 2), back)
    assert np.array_equal(disturbances.rotated(same, 0), same)


@pytest.mark.parametrize(("name", "row"), [("hidden eyes", 0.39), ("hidden mouth", 0.77)])
def test_a_bar_hides_its_part_of_the_face_and_no_other(name: str, row: float, faces: NDArray[np.uint8]) -> None:
    strongest = named(name).change(faces, named(name).amounts[-1])
    hidden = (strongest == np.rint(faces.mean(axis=(1, 2)))[:, np.newaxis, np.newaxis]).all(axis=0)
    rows = np.flatnonzero(hidden[:, SIDE // 2])
    assert rows.mean() + 0.5 == pytest.approx(row * SIDE, abs=1)
    assert not hidden[:, 0].any()
    other = round((0.39 if row > 0.5 else 0.77) * SIDE)
    assert np.array_equal(strongest[:, other], faces[:, other])


def test_both_pupils_lie_under_the_bar(faces: NDArray[np.uint8]) -> None:
    """In FER2013's pictures the eyes lie 0.38 of the side apart, their middle at (0.50, 0.39)."""
    bar = named("hidden eyes").change(faces, named("hidden eyes").amounts[0]) != faces
    assert all(bar[:, round(0.39 * SIDE), round(column * SIDE)].any() for column in (0.31, 0.69))


def test_a_disturbance_has_five_strengths() -> None:
    with pytest.raises(ValueError, match=r"haze has 5 strengths, got 2: \(1, 2\)"):
        Disturbance("haze", "metres", (1, 2), disturbances.light)


def test_a_part_of_the_pictures_is_taken_evenly() -> None:
    assert robustness.evenly(10, None) == list(range(10))
    assert robustness.evenly(10, 99) == list(range(10))
    assert robustness.evenly(10, 4) == [0, 2, 5, 7]
    with pytest.raises(ResultsError, match="at least 1, got 0"):
        robustness.evenly(10, 0)


def test_each_step_is_the_accuracy_on_the_changed_pictures() -> None:
    """A scorer that calls a bright picture happy and a dark one sad, and pictures that are happy."""

    def score(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        rows = np.zeros((len(images), 7))
        rows[np.arange(len(images)), np.where(images.mean(axis=(1, 2)) > 99, 3, 4)] = 1
        return rows

    images = np.stack([np.full((SIDE, SIDE), grey, np.uint8) for grey in (100, 150, 200, 250)])
    calls: list[None] = []
    plain, (row,) = robustness.measure(
        score, images, ["happy"] * 4, [named("darker light")], done=lambda: calls.append(None)
    )
    assert (plain.strength, plain.amount, plain.accuracy) == (0, None, 1)
    assert [step.amount for step in row.steps] == [0.8, 0.6, 0.4, 0.25, 0.1]
    assert [step.accuracy for step in row.steps] == [0.75, 0.5, 0.25, 0, 0]
    assert row.steps[1].interval95 == wilson(2, 4)
    assert len(calls) == 6


def test_the_command_prints_and_keeps_what_it_measured(
    card: Path, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["robustness", str(card), "--data", str(release), "--pictures", "7", "--json", "--save"]) == 0
    out, err = capsys.readouterr()
    printed = Robustness.from_json(out)
    assert printed.n == 7
    assert [len(row.steps) for row in printed.rows] == [5] * 9
    assert robustness.load_all(results.RESULTS) == [printed]
    assert printed.file_name == "robustness-little.json"
    assert "python -m model_zoo table shows it" in err
    # The file lies among the evaluations and is none.
    assert results.load_all(results.RESULTS) == []


def test_the_curves_are_a_page_of_its_own(card: Path, release: Path, tmp_path: Path) -> None:
    page = tmp_path / "robustness.html"
    assert main(["robustness", str(card), "--data", str(release), "--pictures", "2", "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "<h1>How much little still sees</h1>" in text
    assert text.count("<tr>") == 1 + 1 + 9 * 5
    for each in DISTURBANCES:
        assert each.name in text


def test_the_curves_begin_at_the_plain_picture(measured: Robustness) -> None:
    figure = figures.robustness_curves(measured)
    assert [curve.name for curve in figure.data] == [each.name for each in DISTURBANCES]
    for curve in figure.data:
        assert list(curve.x) == [0, 1, 2, 3, 4, 5]
        assert list(curve.y) == [0.7] + [0.5] * 5
        assert list(curve.error_y.array) == pytest.approx([0.1] + [0.12] * 5)
        assert list(curve.error_y.arrayminus) == pytest.approx([0.1] + [0.12] * 5)


def test_its_table_has_a_line_for_each_strength(card: Path, release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["robustness", str(card), "--data", str(release)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "little, 14 pictures of PublicTest"
    assert len(lines) == 2 + 1 + 9 * 5
    assert lines[2].startswith("nothing ")
    assert not results.RESULTS.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--pictures", "0"], "at least 1, got 0"),
        (["--page", "nowhere/page.html"], "--page is a file in a folder that exists, got 'nowhere/page.html'"),
        (["--split", "PrivateTest"], "holds no readable PrivateTest picture"),
    ],
)
def test_what_cannot_be_measured_is_said(
    arguments: list[str], reason: str, card: Path, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["robustness", str(card), "--data", str(release), *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_the_readmes_table_begins_with_the_plain_picture(measured: Robustness) -> None:
    lines = robustness.table([measured]).splitlines()
    assert "`tiny` on 99 pictures of PublicTest" in lines[0]
    assert "at most 12.0% to either side" in lines[0]
    assert lines[2] == "| disturbed by | amount in | 0 | 1 | 2 | 3 | 4 | 5 |"
    assert lines[4].startswith("| darker light | times the light | 70.0% | 50.0% (0.8) | 50.0% (0.6) |")
    assert len(lines) == 4 + 9


def test_two_networks_get_a_table_each(measured: Robustness) -> None:
    assert robustness.table([measured, replace(measured, network="other")]).count("| disturbed by |") == 2
    assert robustness.table([]) == "Nothing is measured yet.\n"


def test_a_broken_file_is_named(measured: Robustness, tmp_path: Path) -> None:
    kept = json.loads(measured.to_json())
    del kept["rows"][0]["steps"][2]
    (tmp_path / "robustness-tiny.json").write_text(json.dumps(kept))
    with pytest.raises(ResultsError, match=r"robustness-tiny.json: darker light has steps of strength 1 to 5, got"):
        robustness.load_all(tmp_path)
    (tmp_path / "robustness-tiny.json").write_text("{}")
    with pytest.raises(ResultsError, match="no measured robustness"):
        robustness.load_all(tmp_path)
