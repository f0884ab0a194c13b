"""`train NAME --votes fer2013new.csv`: ten people's votes in place of one label."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from data import fer2013_csv
from data.pictures import LABELS, SIDE
from model_zoo import recipes, registry
from model_zoo.__main__ import main
from model_zoo.learning.batches import targets_of
from model_zoo.learning.training import TrainingError, keep_recipe
from tests.model_zoo import tiny

RECIPE = replace(tiny.RECIPE, sizes=((1, 20),))
PER_LABEL = 2


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    """`fer2013.csv` with two pictures a label and split, and votes of which seven go to the label, three to neutral."""
    random, rows, votes = (
        np.random.default_rng(0),
        ["emotion,pixels,Usage"],
        [f"Usage,name,{','.join(fer2013_csv.VOTES)}"],
    )
    for split in ("Training", "PublicTest"):
        for label in range(len(LABELS)):
            for _ in range(PER_LABEL):
                pixels = " ".join(map(str, random.integers(0, 256, SIDE * SIDE)))
                rows.append(f"{label},{pixels},{split}")
                counts = np.eye(len(LABELS), dtype=int)[label] * 7
                counts[-1] += 3
                votes.append(f"{split},x,{','.join(map(str, counts))}")
    table, voted = tmp_path / fer2013_csv.FILE, tmp_path / fer2013_csv.VOTES_FILE
    table.write_text("\n".join(rows) + "\n")
    voted.write_text("\n".join(votes) + "\n")
    return table, voted


def test_the_targets_are_the_shares_of_the_votes_and_smoothed_like_labels(tables: tuple[Path, Path]) -> None:
    pictures = fer2013_csv.read_voted(*tables, "Training")
    plain, smoothed = targets_of(pictures), targets_of(pictures, 0.1)
    assert plain[0].tolist() == pytest.approx([0.7, 0, 0, 0, 0, 0, 0.3])
    np.testing.assert_allclose(smoothed, plain * 0.9 + 0.1 / 7, atol=1e-6)
    np.testing.assert_allclose(smoothed.sum(axis=1), 1, rtol=1e-6)


def test_the_command_learns_from_them_and_says_so_in_the_recipe(
    tables: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.names()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(registry._specs, "tiny", tiny.SPEC)
    monkeypatch.setitem(recipes.RECIPES, "tiny", RECIPE)
    table, votes = map(str, tables)
    assert main(["train", "tiny", "--data", table, "--votes", votes]) == 0
    assert json.loads((tmp_path / "runs" / "tiny" / "recipe.json").read_text())["soft_labels"] is True
    assert json.loads((tmp_path / "runs" / "tiny" / "tiny.json").read_text())["recipe"]["soft_labels"] is True

    tiny.pictures(tmp_path / "folders")
    capsys.readouterr()
    assert main(["train", "tiny", "--data", "folders", "--votes", votes]) == 2
    assert "--votes needs that table as --data, got folders" in capsys.readouterr().err


def test_a_training_does_not_go_from_labels_to_votes(tmp_path: Path) -> None:
    now = {"network": "tiny", **asdict(RECIPE)}
    (tmp_path / "checkpoint").mkdir()
    (tmp_path / "checkpoint" / "training_metadata.json").write_text('{"epoch": 1}')
    (tmp_path / "recipe.json").write_text(json.dumps(now))  # as it was before votes could be learned from
    keep_recipe(tmp_path, now | {"soft_labels": False})
    with pytest.raises(TrainingError, match=r"'soft_labels': False.* cannot go on with .*'soft_labels': True"):
        keep_recipe(tmp_path, now | {"soft_labels": True})
