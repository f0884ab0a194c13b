"""Where a network looked in a face, as arrays and as pictures."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray
from PIL import Image as PillowImage

from model_zoo import registry
from model_zoo.__main__ import main
from model_zoo.emotions import EMOTIONS, Emotion
from model_zoo.explaining import overlay
from model_zoo.explaining.explanation import ExplanationError, grad_cam, probabilities, responses, saliency
from tests.data.pictures import jpeg
from tests.little_network import write_card
from tests.model_zoo import tiny

SIDE = 8


def network(*, softmax: bool = True, convolution: bool = True) -> keras.Model:
    """Brightness speaks for happy, against sad, and for no other emotion."""
    inputs = keras.Input((SIDE, SIDE, 1))
    x = layers.Conv2D(1, 1, use_bias=False, kernel_initializer="ones", name="conv")(inputs) if convolution else inputs
    x = layers.ReLU(name="relu")(x)
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    logits = layers.Dense(len(EMOTIONS), use_bias=False, name="logits")
    x = logits(x)
    logits.set_weights([np.array([[0, 0, 0, 2, -2, 0, 0]], np.float32)])
    return keras.Model(inputs, layers.Softmax(name="probabilities")(x) if softmax else x, name="brightness")


def spot() -> NDArray[np.float32]:
    """Dark, but for two points of which one is half as bright."""
    pixels = np.full((SIDE, SIDE, 1), -1, np.float32)
    pixels[1, 6], pixels[5, 2] = 4, 2
    return pixels


def test_grad_cam_shows_what_speaks_for_an_emotion() -> None:
    seen = grad_cam(network(), spot(), Emotion.HAPPY)
    expected = np.zeros((SIDE, SIDE), np.float32)
    expected[1, 6], expected[5, 2] = 1, 0.5
    np.testing.assert_allclose(seen, expected, atol=1e-6)


@pytest.mark.parametrize("emotion", [Emotion.SAD, Emotion.FEAR])
def test_grad_cam_is_empty_where_nothing_speaks_for_it(emotion: Emotion) -> None:
    assert not grad_cam(network(), spot(), emotion).any()


@pytest.mark.parametrize("emotion", [Emotion.HAPPY, Emotion.SAD])
def test_saliency_shows_the_pixels_on_which_a_score_hangs_either_way(emotion: Emotion) -> None:
    """Of each window of two by two pixels the pool passes on the brightest, and ReLU nothing that is dark."""
    seen = saliency(network(), spot(), emotion)
    assert {tuple(map(int, place)) for place in np.argwhere(seen)} == {(1, 6), (5, 2)}
    assert np.all(seen[seen > 0] == 1)


def test_scores_are_explained_before_the_softmax() -> None:
    """A network that is sure: its probabilities hardly move, so they would explain nothing."""
    pixels = spot() * 1000
    assert probabilities(network(), pixels)[EMOTIONS.index(Emotion.HAPPY)] == 1
    assert grad_cam(network(), pixels, Emotion.HAPPY).max() == 1
    assert saliency(network(), pixels, Emotion.HAPPY).max() == 1


def test_a_convolution_answers_after_its_norm_and_activation() -> None:
    (answer,) = responses(network(), spot())
    assert answer.layer == "conv"
    np.testing.assert_array_equal(answer.maps, np.maximum(spot(), 0))


def test_of_many_convolutions_the_first_the_middle_and_the_last_answer() -> None:
    inputs = x = keras.Input((SIDE, SIDE, 1))
    for place in range(5):
        x = layers.Conv2D(3, 3, padding="same", strides=1 + place % 2, name=f"conv{place}")(x)
    x = layers.Dense(len(EMOTIONS))(layers.Flatten()(x))
    model = keras.Model(inputs, layers.Softmax()(x))
    answers = responses(model, spot())
    assert [(each.layer, each.maps.shape) for each in answers] == [
        ("conv0", (8, 8, 3)),
        ("conv2", (4, 4, 3)),
        ("conv4", (2, 2, 3)),
    ]


@pytest.mark.parametrize("name", ["classroom", "mini_xception", "shallow_cnn"])
def test_networks_of_the_zoo_can_be_explained(name: str) -> None:
    spec = registry.spec(name)
    model = spec.build()
    pixels = np.random.default_rng(0).standard_normal((spec.side, spec.side, spec.channels)).astype(np.float32)
    for explain in (grad_cam, saliency):
        seen = explain(model, pixels, Emotion.HAPPY)
        assert seen.shape == (spec.side, spec.side)
        assert seen.min() >= 0
        assert seen.max() <= 1
    assert len(responses(model, pixels)) >= 2


def test_what_cannot_be_explained_is_said() -> None:
    with pytest.raises(ExplanationError, match=r"takes pictures of \(8, 8, 1\), got \(8, 8\)"):
        grad_cam(network(), spot()[:, :, 0], Emotion.HAPPY)
    with pytest.raises(ExplanationError, match="ends in Dense 'logits'; a softmax layer"):
        saliency(network(softmax=False), spot(), Emotion.HAPPY)
    with pytest.raises(ExplanationError, match="brightness has no convolution"):
        responses(network(convolution=False), spot())
    frames = keras.Input((4, 7))
    sequences = keras.Model(frames, layers.Softmax()(layers.Dense(7)(layers.Flatten()(frames))), name="frames")
    with pytest.raises(ExplanationError, match=r"frames takes \(4, 7\), not single pictures"):
        grad_cam(sequences, np.zeros((4, 7), np.float32), Emotion.HAPPY)


def test_tiles_show_the_strongest_map_first() -> None:
    maps = np.zeros((2, 2, 5), np.float32)
    maps[:, :, 3], maps[:, :, 1] = 1, 0.5
    sheet = overlay.tiles(maps)
    tile = overlay.SIDE // 3
    assert sheet[0, 0, 0] == 255
    assert sheet[0, tile + overlay.BORDER, 0] == 128
    assert sheet[0, 2 * (tile + overlay.BORDER), 0] == 0


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keras.utils.set_random_seed(0)
    file = tmp_path_factory.mktemp("weights") / "tiny.keras"
    tiny.SPEC.build().save(file)
    return write_card(file)


@pytest.fixture
def face(tmp_path: Path) -> Path:
    path = tmp_path / "ada.jpg"
    path.write_bytes(jpeg(0))
    return path


def test_explain_writes_pictures_next_to_the_scores(
    card: Path, face: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "why"
    assert main(["explain", str(card), str(face), "--to", str(folder)]) == 0
    names = {"face", "grad-cam", "saliency", "convolution-1", "convolution-2"}
    assert {path.name for path in folder.iterdir()} == {f"{name}.png" for name in names} | {"scores.txt"}
    for name in names:
        with PillowImage.open(folder / f"{name}.png") as picture:
            assert min(picture.size) >= overlay.SIDE
    text = (folder / "scores.txt").read_text(encoding="utf-8")
    for emotion in EMOTIONS:
        assert emotion.value in text
    for name in names:
        assert f"\n{name}.png: " in text
    assert text in capsys.readouterr().out


def test_explain_takes_another_emotion_and_a_folder_of_its_own(
    card: Path, face: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(face.parent)
    assert main(["explain", str(card), face.name, "--emotion", "fear"]) == 0
    text = (face.parent / "runs" / "explained" / "tiny-ada" / "scores.txt").read_text(encoding="utf-8")
    assert "Explained is fear, which got " in text


def test_explain_says_what_it_cannot_do(card: Path, face: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = face.parent / "taken"
    taken.write_text("a file")
    assert main(["explain", str(card), str(face), "--to", str(taken)]) == 2
    assert f"the pictures cannot be written into {taken}: File exists" in capsys.readouterr().err
    assert main(["explain", str(card), str(taken)]) == 2
    assert "no picture of a known format" in capsys.readouterr().err
