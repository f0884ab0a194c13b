from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from model_zoo import __main__ as commands
from model_zoo import recipes, registry
from model_zoo.__main__ import main
from model_zoo.measuring import results, robustness
from model_zoo.measuring.results import Result
from model_zoo.sequences import sequence_comparison
from tests.data.pictures import jpeg, place, tiny_release
from tests.model_zoo import tiny


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workplace")
    tiny_release(folder / "data")
    place(folder / "data", "PublicTest", "sad", 90, jpeg(0))
    place(folder / "data", "Training", "sad", 91, b"broken")
    return folder


@pytest.fixture(scope="module")
def run(workplace: Path) -> Path:
    """What `train` leaves behind, made once through the command itself."""
    with pytest.MonkeyPatch.context() as patch:
        _know_tiny(patch, workplace)
        assert main(["train", "tiny", "--data", "data"]) == 0
    return workplace / "runs" / "tiny"


@pytest.fixture(autouse=True)
def at_work(monkeypatch: pytest.MonkeyPatch, workplace: Path) -> None:
    _know_tiny(monkeypatch, workplace)


def _know_tiny(patch: pytest.MonkeyPatch, workplace: Path) -> None:
    registry.names()
    patch.chdir(workplace)
    patch.setitem(registry._specs, "tiny", tiny.SPEC)
    patch.setitem(recipes.RECIPES, "tiny", tiny.RECIPE)
    patch.setattr(results, "RESULTS", workplace / "results")


def test_train_ends_with_files_and_the_next_command(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert {path.name for path in run.iterdir()} >= {"tiny.onnx", "tiny.keras", "tiny.json", "curves.csv"}
    assert main(["train", "tiny", "--data", "data"]) == 0
    out, err = capsys.readouterr()
    assert "resumes after epoch 3 of 3" in out
    assert "python -m model_zoo export tiny --data data" in out
    assert "passed over train/sad/Training_91.jpg" in err


def test_a_training_takes_another_precision_than_its_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model_zoo.commands.training.RUNS", tmp_path)
    assert main(["train", "tiny", "--data", "data", "--precision", "mixed_bfloat16"]) == 0
    assert json.loads((tmp_path / "tiny" / "recipe.json").read_text())["precision"] == "mixed_bfloat16"


@pytest.mark.parametrize("source", [[], ["--from-checkpoint"]], ids=["ended", "checkpoint"])
def test_export_writes_a_card_that_evaluate_takes(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], source: list[str]
) -> None:
    assert main(["export", "tiny", "--data", "data", "--to", str(tmp_path), *source]) == 0
    card = str(tmp_path / "tiny.json")
    capsys.readouterr()
    assert main(["evaluate", card, "--data", "data", "--split", "PublicTest"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("15 pictures\naccuracy ")
    assert "surprise" in out


def test_evaluate_as_json_can_leave_copies_out_and_be_kept(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--split", "PublicTest", "--tta", "--without-copies", "--json", "--save"]
    assert main(["evaluate", str(run / "tiny.json"), "--data", "data", *options]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["crops"], printed["copies"], printed["evaluation"]["n"]) == (10, False, 14)
    (kept,) = results.load_all(results.RESULTS)
    assert kept == Result.from_json(json.dumps(printed))
    assert kept.file_name == "tiny-PublicTest-ten-crops-without-copies.json"


def test_list_shows_every_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "classroom" in out
    assert "44x44x1" in out


def test_table_writes_the_results_between_the_marks(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = results.RESULTS.parent / "README.md"
    names = (results.BLOCK, robustness.BLOCK, sequence_comparison.BLOCK)
    blocks = [f"{begin}\nold\n{end}\n" for begin, end in map(results.marks, names)]
    readme.write_text(f"before\n{''.join(blocks)}after\n")
    monkeypatch.setattr(results, "README", readme)
    assert main(["evaluate", str(run / "tiny.json"), "--data", "data", "--split", "PublicTest", "--save"]) == 0
    assert main(["table"]) == 0
    text = readme.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| tiny | PublicTest | 1 | with | 15 |" in text
    assert "Nothing is measured yet." in text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["train", "vgg99", "--data", "data"], "no network is named 'vgg99'"),
        (["train", "cnn_lstm", "--data", "data", "--teacher", "classroom"], "cnn_lstm learns from simulated streams"),
        (
            ["export", "lstm", "--data", "data", "--from-checkpoint"],
            "--from-checkpoint is for networks of single pictures",
        ),
        (["train", "tiny", "--data", "nowhere"], "neither a folder nor a zip"),
        (["export", "tiny", "--data", "data", "--from", "nowhere"], "no training began there"),
        (["evaluate", "vgg99", "--data", "data", "--split", "PublicTest"], "no weights card 'vgg99'"),
        (["evaluate", "x.json", "--data", "data", "--split", "Training", "--without-copies"], "Training itself"),
        (["table"], "the README needs the lines"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "README.md").write_text("no marks here")
    monkeypatch.setattr(results, "README", tmp_path / "README.md")
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    last = err.splitlines()[-1]
    assert last.startswith(f"python -m model_zoo {arguments[0]}: ")
    assert reason in last
    assert "Traceback" not in out + err


def test_a_missing_split_is_said_too(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(run / "tiny.json"), "--data", "data", "--split", "PrivateTest"]) == 2
    assert "holds no readable PrivateTest picture" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["train"],
        ["export"],
        ["evaluate"],
        ["table"],
        ["list"],
        ["robustness"],
        ["predict"],
        ["explain"],
        ["bench"],
    ],
)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "usage: python -m model_zoo" in capsys.readouterr().out


def test_an_unfinished_training_is_exported_only_when_asked(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(run, tmp_path / "run")
    (folder / "final.weights.h5").unlink()
    assert main(["export", "tiny", "--data", "data", "--from", str(folder), "--to", str(tmp_path / "to")]) == 2
    assert "--from-checkpoint" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_runs_lie_where_the_readme_says() -> None:
    assert Path("runs") == commands.RUNS
