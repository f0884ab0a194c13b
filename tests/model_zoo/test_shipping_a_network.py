"""From a trained network to its files, and what they score."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from data.fer2013 import Pictures
from model_zoo import exporting, registry, scoring
from model_zoo.__main__ import main
from model_zoo.measuring.evaluation import evaluate
from model_zoo.preprocessing import standardise
from model_zoo.weights import FORMATS, WEIGHTS, WeightsCard, WeightsError, file_name, load_card, shipped, verified
from tests.conftest import shared_path
from tests.model_zoo import tiny

ORIGIN = exporting.Origin(mean=128.0, deviation=64.0, recipe={"seed": 0})


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pictures, Pictures]:
    return tiny.pictures(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory, pictures: tuple[Pictures, Pictures]) -> WeightsCard:
    keras.utils.set_random_seed(0)
    return exporting.export(tiny.SPEC, tiny.SPEC.build(), ORIGIN, *pictures, tmp_path_factory.mktemp("weights"))


def test_the_card_beside_the_files_is_the_one_returned(card: WeightsCard) -> None:
    assert load_card(card.folder / "tiny.json") == card
    assert set(card.files) == {"tiny.onnx", "tiny-int8.onnx", "tiny.keras"}
    assert card.counts == {"Training": 14, "PublicTest": 14}
    assert (card.side, card.seen, card.field) == (44, 44, 48)


def test_the_card_tells_what_the_network_must_not_be_used_for(card: WeightsCard) -> None:
    words = " ".join(card.notes)
    assert "5(1)(f)" in words
    assert "Not validated for decisions about people" in words


def test_the_law_is_on_every_card_shipped_or_made(card: WeightsCard, capsys: pytest.CaptureFixture[str]) -> None:
    for one in (*shipped(), str(card.folder / "tiny.json")):
        assert main(["card", one]) == 0
        said = capsys.readouterr().out
        assert "Article 5(1)(f) of the AI Act (Regulation 2024/1689) has since 2 February 2025 prohibited" in said
        assert "agree does not change it" in said
        assert "Not validated for decisions about people" in said


def test_the_card_names_whose_weights_it_began_with() -> None:
    def notes(begun_from: str) -> str:
        return " ".join(exporting.notes_of(exporting.Origin(128.0, 64.0, {"begun_from": begun_from})))

    assert "HSE-FaceRes" in notes("faces")
    assert "Apache-2.0" in notes("faces")
    assert "ImageNet" in notes("imagenet")
    assert notes("scratch") == " ".join(exporting.NOTES)


def test_deepfaces_package_makes_a_card(tmp_path: Path, pictures: tuple[Pictures, Pictures]) -> None:
    spec = registry.spec("deepface_emotion")
    file = tmp_path / "facial_expression_model_weights.h5"
    spec.build().save(file)
    model, origin = exporting.of_package(spec, file, pictures[0])
    assert model.name == "deepface_emotion"
    assert "deepface package" in origin.recipe["begun_from"]
    with pytest.raises(WeightsError, match="are those of deepface_emotion, got tiny"):
        exporting.of_package(tiny.SPEC, file, pictures[0])


def test_an_export_that_is_refused_leaves_what_was_there(
    card: WeightsCard, pictures: tuple[Pictures, Pictures], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporting.export(tiny.SPEC, tiny.SPEC.build(), ORIGIN, *pictures, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert set(before) == {*card.files, "tiny.json"}
    monkeypatch.setattr(exporting, "SAME_SCORES", -1.0)
    with pytest.raises(WeightsError, match="differs from the 32-bit network"):
        exporting.export(tiny.SPEC, tiny.SPEC.build(), ORIGIN, *pictures, tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_8_bit_file_is_made_anew_without_a_training(
    card: WeightsCard, pictures: tuple[Pictures, Pictures], tmp_path: Path
) -> None:
    for name in (*card.files, "tiny.json"):
        (tmp_path / name).write_bytes((card.folder / name).read_bytes())
    (tmp_path / "tiny-int8.onnx").write_bytes(b"made by an older version")
    again = exporting.quantise_again(load_card(tmp_path / "tiny.json"), *pictures)
    assert load_card(tmp_path / "tiny.json") == again
    assert {file.name for file in tmp_path.iterdir()} == {*card.files, "tiny.json"}
    assert verified(again, "tiny-int8.onnx").stat().st_size == card.files["tiny-int8.onnx"].size
    np.testing.assert_allclose(
        scoring.score(tmp_path / "tiny.json", pictures[1], format="int8"),
        scoring.score(tmp_path / "tiny.json", pictures[1]),
        atol=0.05,
    )


def test_the_8_bit_file_is_of_the_shipped_files_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["export", "classroom", "--data", str(tmp_path), "--only-int8"]
    assert main([*own, "--from-checkpoint"]) == 2
    assert "not --from, --from-checkpoint or --package" in capsys.readouterr().err
    assert main([*own, "--to", str(tmp_path)]) == 2
    assert "classroom.json" in capsys.readouterr().err


def test_a_network_of_sequences_has_no_8_bit_file(pictures: tuple[Pictures, Pictures]) -> None:
    with pytest.raises(WeightsError, match="lstm has no 8-bit file"):
        exporting.quantise_again(load_card("lstm"), *pictures)


def test_no_product_of_two_bytes_can_overflow(card: WeightsCard) -> None:
    """Processors without VNNI add them in pairs of 16 bits: 2 x 255 x 127 is too much, 2 x 255 x 64 is not."""
    import onnx

    for each in (card, *map(load_card, shipped())):
        name = file_name(each.network, "int8")
        if name in each.files:
            values = map(onnx.numpy_helper.to_array, onnx.load(each.folder / name).graph.initializer)
            weights = [value for value in values if value.dtype == np.int8 and value.size >= exporting.HALVED_FROM]
            assert max(abs(value.astype(int)).max() for value in weights) <= 64


def test_all_files_score_the_same(card: WeightsCard, pictures: tuple[Pictures, Pictures]) -> None:
    path = card.folder / "tiny.json"
    scores = {each: scoring.score(path, pictures[1], format=each) for each in FORMATS}
    assert scores["onnx"].shape == (14, 7)
    np.testing.assert_allclose(scores["onnx"].sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(scores["onnx"], scores["keras"], atol=1e-3)
    np.testing.assert_allclose(scores["onnx"], scores["int8"], atol=0.05)


def test_the_cards_accuracy_is_what_its_file_scores(card: WeightsCard, pictures: tuple[Pictures, Pictures]) -> None:
    scores = evaluate(scoring.score(card.folder / "tiny.json", pictures[1]), pictures[1].labels)
    assert card.scores["accuracy"] == scores.accuracy
    assert card.scores["n"] == scores.n == 14


def test_large_weights_are_kept_in_half_the_bytes(card: WeightsCard) -> None:
    import onnx

    tensors = onnx.load(card.folder / "tiny.onnx").graph.initializer
    kinds = {tensor.data_type for tensor in tensors if np.prod(tensor.dims) >= exporting.HALVED_FROM}
    assert kinds == {onnx.TensorProto.FLOAT16}


def test_ten_crops_are_five_places_and_their_mirror_images() -> None:
    image = np.arange(48 * 48, dtype=np.uint16).astype(np.uint8).reshape(1, 48, 48)
    crops = list(scoring.ten_crops(image, 44))
    assert len(crops) == 10
    assert np.array_equal(crops[0], image[:, :44, :44])
    assert np.array_equal(crops[6], image[:, 4:, 4:])
    assert np.array_equal(crops[8], image[:, 2:46, 2:46])
    for straight, mirrored in zip(crops[::2], crops[1::2], strict=True):
        assert np.array_equal(mirrored, straight[:, :, ::-1])


def test_ten_crops_are_averaged(card: WeightsCard, pictures: tuple[Pictures, Pictures]) -> None:
    path, images = card.folder / "tiny.json", pictures[1]
    network = scoring.open_network(load_card(path))
    each = [network(standardise(crop, ORIGIN.mean, ORIGIN.deviation)) for crop in scoring.ten_crops(images.images, 44)]
    np.testing.assert_allclose(scoring.score(path, images, tta=True), np.mean(each, axis=0), atol=1e-6)


def test_a_changed_file_is_not_scored(card: WeightsCard, tmp_path: Path) -> None:
    for name in (*card.files, "tiny.json"):
        (tmp_path / name).write_bytes((card.folder / name).read_bytes())
    with (tmp_path / "tiny.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(WeightsError, match="was changed"):
        scoring.open_network(load_card(tmp_path / "tiny.json"))


def test_a_file_of_another_input_than_its_card_is_not_scored(card: WeightsCard, tmp_path: Path) -> None:
    for name in card.files:
        (tmp_path / name).write_bytes((card.folder / name).read_bytes())
    kept = json.loads(card.to_json()) | {"side": 40}
    (tmp_path / "tiny.json").write_text(json.dumps(kept))
    for each in FORMATS:
        with pytest.raises(WeightsError, match=r"takes pictures of \(44, 44, 1\).*its card says \(40, 40, 1\)"):
            scoring.open_network(load_card(tmp_path / "tiny.json"), each)


def test_the_shipped_files_are_what_their_card_says_and_stay_small() -> None:
    shipped = load_card("default")
    assert {path.suffix for path in (verified(shipped, name) for name in shipped.files)} == {".onnx", ".keras"}
    assert sum(path.stat().st_size for path in WEIGHTS.glob("classroom*")) < 15e6


@pytest.mark.shared
def test_the_shipped_network_names_68_of_100_public_test_pictures() -> None:
    from data import fer2013

    public_test = fer2013.read(shared_path("FER2013"), "PublicTest")
    scores = evaluate(scoring.score("default", public_test), public_test.labels)
    assert scores.accuracy >= 0.68
    assert scores.accuracy == pytest.approx(load_card("default").scores["accuracy"], abs=0.001)
