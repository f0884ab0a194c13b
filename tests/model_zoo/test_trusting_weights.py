from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from model_zoo import weights
from model_zoo.emotions import EMOTIONS
from model_zoo.weights import WeightsCard, WeightsError, WeightsFile, load_card, require_input, verified

CONTENT = bytes(range(256)) * 4


def write(folder: Path, name: str = "tiny") -> WeightsCard:
    """A card and its one file, whose content no test runs."""
    file = folder / f"{name}.onnx"
    file.write_bytes(CONTENT)
    card = WeightsCard(
        network=name,
        side=44,
        channels=1,
        field=48,
        seen=44,
        mean=129.5,
        deviation=65.0,
        labels=EMOTIONS,
        data_set="FER2013",
        counts={"Training": 28709},
        recipe={"seed": 0, "epochs_trained": 30},
        scores={"accuracy": 0.69},
        files={file.name: WeightsFile.of(file)},
        licence="none",
        notes=("not validated for decisions about people",),
        created=date(2026, 11, 22),
        folder=folder,
    )
    (folder / f"{name}.json").write_text(card.to_json())
    return card


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    card = write(tmp_path)
    again = load_card(tmp_path / "tiny.json")
    assert again == card
    assert again.folder == tmp_path
    assert again.share == pytest.approx(44 / 48)
    assert again.input_shape == (44, 44, 1)


def test_an_unchanged_file_is_handed_out(tmp_path: Path) -> None:
    assert verified(write(tmp_path), "tiny.onnx") == tmp_path / "tiny.onnx"


def test_default_is_the_shipped_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", tmp_path)
    write(tmp_path, "classroom")
    assert load_card("default") == load_card("classroom") == load_card()


def test_an_unknown_name_lists_the_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", tmp_path)
    with pytest.raises(WeightsError, match=r"no weights card 'vgg'; shipped are none"):
        load_card("vgg")
    write(tmp_path)
    with pytest.raises(WeightsError, match=r"no weights card 'vgg'; shipped are tiny"):
        load_card("vgg")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"network": "tiny"}', "\ufffd"])
def test_a_broken_card_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "tiny.json").write_text(text)
    with pytest.raises(WeightsError, match=r"tiny\.json: this is no weights card"):
        load_card(tmp_path / "tiny.json")


def test_a_card_with_a_word_too_many_is_refused(tmp_path: Path) -> None:
    kept = json.loads(write(tmp_path).to_json())
    with pytest.raises(WeightsError, match="colour"):
        WeightsCard.from_json(json.dumps(kept | {"colour": "blue"}))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    card = write(tmp_path)
    (tmp_path / "tiny.onnx").unlink()
    with pytest.raises(WeightsError, match=r"tiny\.onnx is missing"):
        verified(card, "tiny.onnx")


def test_a_file_the_card_does_not_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"has no file 'tiny\.keras'; it has tiny\.onnx"):
        verified(write(tmp_path), "tiny.keras")


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    card = write(tmp_path)
    (tmp_path / "tiny.onnx").write_bytes(CONTENT[:1000])
    with pytest.raises(WeightsError, match="cut short: 1000 bytes, expected 1024"):
        verified(card, "tiny.onnx")


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    card = write(tmp_path)
    (tmp_path / "tiny.onnx").write_bytes(CONTENT[::-1])
    with pytest.raises(WeightsError, match=r"was changed: its sha256 is \w{64}, expected \w{64}"):
        verified(card, "tiny.onnx")


def test_another_order_of_labels_is_refused(tmp_path: Path) -> None:
    kept = json.loads(write(tmp_path).to_json())
    kept["labels"].reverse()
    (tmp_path / "tiny.json").write_text(json.dumps(kept))
    with pytest.raises(WeightsError, match=r"order of the labels is angry, disgust.*, got neutral, surprise"):
        load_card(tmp_path / "tiny.json")


@pytest.mark.parametrize("shape", [(None, 48, 48, 1), ("batch", 44, 44, 3), (1, 44, 44)])
def test_another_input_shape_is_refused(tmp_path: Path, shape: tuple[object, ...]) -> None:
    with pytest.raises(WeightsError, match=r"its card says \(44, 44, 1\)"):
        require_input(write(tmp_path), shape)


@pytest.mark.parametrize("batch", [None, "batch", 1])
def test_any_batch_is_allowed(tmp_path: Path, batch: object) -> None:
    require_input(write(tmp_path), [batch, 44, 44, 1])


@pytest.mark.parametrize("wrong", [{"side": 0}, {"seen": 49}, {"seen": 0}, {"deviation": 0.0}])
def test_impossible_sizes_are_refused(tmp_path: Path, wrong: dict[str, float]) -> None:
    with pytest.raises(WeightsError, match=rf"tiny: .*got .*{next(iter(wrong.values()))}"):
        replace(write(tmp_path), **wrong)  # type: ignore[arg-type]


def test_reading_a_card_loads_no_network_library() -> None:
    program = "import sys, model_zoo.weights; print(sorted({'keras', 'tensorflow', 'onnxruntime'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_module_is_not_hidden_by_the_folder_of_its_name() -> None:
    assert weights.__file__ is not None
    assert Path(weights.__file__).with_suffix("") == weights.WEIGHTS
    assert not (weights.WEIGHTS / "__init__.py").exists()


@pytest.mark.parametrize("text", ["[" * 2000, '{"a":' * 2000])
def test_a_card_that_is_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(WeightsError, match="no weights card"):
        WeightsCard.from_json(text)
