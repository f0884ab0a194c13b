from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from monitor.domain import Square
from monitor.errors import ClassifierError
from monitor.vision.classification import Classifier, live_file, open_classifier
from tests.faces import head, picture
from tests.little_network import network as little
from tests.little_network import write, write_card


def some_cuts(classifier: Classifier, count: int) -> list[np.ndarray]:
    return [classifier.cut(head(), Square((110 + 3 * shift, 100), 110.0 + shift)) for shift in range(count)]


def test_a_batch_scores_as_one_by_one(classifier: Classifier) -> None:
    cuts = some_cuts(classifier, 5)
    together = classifier.classify(cuts)
    alone = [classifier.classify([cut])[0] for cut in cuts]
    for one, other in zip(together, alone, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-4)
    assert together[0].probabilities != pytest.approx(together[4].probabilities, abs=1e-6)


def test_what_a_damaged_network_says_is_no_score(tmp_path: Path) -> None:
    """Its first weight is so large that a face makes no number of it, and the black picture of the first call does."""
    model = little(44, 7)
    weights = np.array(onnx.numpy_helper.to_array(model.graph.initializer[0]))
    weights[0], weights[1] = 1e38, -1e38
    model.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(weights, model.graph.initializer[0].name))
    onnx.save(model, tmp_path / "little.onnx")
    damaged = open_classifier(str(write_card(tmp_path / "little.onnx")))
    with pytest.raises(ClassifierError, match="The network little cannot be used: seven probabilities"):
        damaged.classify([np.full((44, 44), 255, np.uint8) - np.eye(44, dtype=np.uint8) * 255])


def test_no_faces_need_no_network(classifier: Classifier) -> None:
    assert classifier.classify([]) == []


def test_a_cut_has_the_size_of_the_card(classifier: Classifier) -> None:
    side = classifier.card.side
    for square in (Square((120, 98), 106), Square((0, 0), 400), Square((500, 500), 3), Square((10, 10), 0.5)):
        cut = classifier.cut(picture((40, 0, 240)), square)
        assert cut.shape == (side, side)
        assert cut.dtype == np.uint8


def test_a_cut_shows_the_part_that_the_network_was_trained_on(classifier: Classifier) -> None:
    """Black but for the middle: what is seen of the square is its card's share."""
    card = classifier.card
    image = np.zeros((200, 200, 3), np.uint8)
    half = round(96 * card.share / 2)
    image[100 - half : 100 + half, 100 - half : 100 + half] = 255
    cut = classifier.cut(image, Square((99.5, 99.5), 96.0))
    assert cut.min() > 200
    wider = classifier.cut(image, Square((99.5, 99.5), 120.0))
    assert wider[0].max() == 0


def test_an_unknown_network_lists_the_shipped() -> None:
    with pytest.raises(ClassifierError, match="no weights card 'vgg19'; shipped are"):
        open_classifier("vgg19")


def test_a_card_may_be_anywhere(tmp_path: Path) -> None:
    classifier = open_classifier(str(write(tmp_path)))
    assert classifier.name == "little"
    assert len(classifier.classify(some_cuts(classifier, 1))) == 1


def test_the_eight_bit_file_is_preferred(tmp_path: Path) -> None:
    card = open_classifier(str(write(tmp_path))).card
    assert live_file(card) == "little.onnx"
    files = dict(card.files)
    assert live_file(replace(card, files=files | {"little-int8.onnx": files["little.onnx"]})) == "little-int8.onnx"


@pytest.mark.parametrize("change", [b"", b"x"])
def test_a_file_that_is_not_what_its_card_says_is_refused(tmp_path: Path, change: bytes) -> None:
    card = write(tmp_path)
    file = tmp_path / "little.onnx"
    file.write_bytes(file.read_bytes()[:-1] + change)
    with pytest.raises(ClassifierError, match=r"little cannot be used: little\.onnx (was changed|is cut short)"):
        open_classifier(str(card))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    card = write(tmp_path)
    (tmp_path / "little.onnx").unlink()
    with pytest.raises(ClassifierError, match=r"little\.onnx is missing"):
        open_classifier(str(card))


@pytest.mark.parametrize("content", [b"", b"no network at all", bytes(3000)])
def test_a_card_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "essay.onnx"
    file.write_bytes(content)
    with pytest.raises(ClassifierError, match="essay cannot be used"):
        open_classifier(str(write_card(file)))


def test_a_network_for_other_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match=r"takes pictures of \(64, 64, 1\), its card says \(44, 44, 1\)"):
        open_classifier(str(write(tmp_path, side=64)))


def test_a_network_with_another_number_of_emotions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match="takes 7 probabilities, got 8"):
        open_classifier(str(write(tmp_path, outputs=8)))


def test_a_network_that_cannot_run_is_refused(tmp_path: Path) -> None:
    model = little(44, 7)
    model.graph.node[1].op_type = "NoSuchLayer"
    onnx.save(model, tmp_path / "odd.onnx")
    with pytest.raises(ClassifierError, match="NoSuchLayer"):
        open_classifier(str(write_card(tmp_path / "odd.onnx")))


def test_a_network_of_sequences_is_refused_by_name() -> None:
    with pytest.raises(ClassifierError, match="lstm takes windows of 16 frames"):
        open_classifier("lstm")
