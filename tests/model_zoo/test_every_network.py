"""The contract of the registry: what holds for one network holds for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo import catalogue, registry
from model_zoo.architectures import imagenet
from model_zoo.architectures.deepface import load_package_weights
from model_zoo.architectures.imagenet import begin_from_imagenet, copy_weights
from model_zoo.architectures.recurrent import frame_scores
from model_zoo.emotions import EMOTIONS
from model_zoo.errors import ModelZooError
from model_zoo.exporting import write_plain_onnx
from model_zoo.recipes import RECIPES, recipe
from model_zoo.registry import UnknownModelError, architecture
from model_zoo.scoring import open_onnx_file

FACES = 4
NAMES = {
    *("shallow_cnn", "deep_cnn", "handmade_cnn", "plain_cnn", "six_layer_cnn", "xception", "mini_xception"),
    *("dexpression", "resnet50", "deepface_emotion", "vgg16", "vggnet", "patt_lite", "lstm", "bilstm", "cnn_lstm"),
    *("classroom", "classroom_small", "mobilenet_faces"),
}


COMPILED = keras.backend.backend() == "jax"
"""Elsewhere one step is quicker without; on JAX each operation of it would be compiled for itself."""
LARGE = {"resnet50", "vgg16", "vggnet"}
"""Writing one of these as ONNX takes up to a minute."""


@pytest.fixture(scope="module", params=registry.names())
def model(request: pytest.FixtureRequest) -> keras.Model:
    """After one training step, so that no weight is as it was born."""
    keras.utils.set_random_seed(0)
    built = registry.spec(request.param).build()
    built.compile(optimizer=keras.optimizers.SGD(0.01), loss="categorical_crossentropy", jit_compile=COMPILED)
    targets = np.eye(len(EMOTIONS), dtype=np.float32)[np.arange(FACES)]
    before = [np.array(values) for values in built.get_weights()]
    assert np.isfinite(built.train_on_batch(faces(built), targets))
    assert any(not np.array_equal(old, new) for old, new in zip(before, built.get_weights(), strict=True))
    return built


def faces(model: keras.Model, count: int = FACES) -> NDArray[np.float32]:
    random = np.random.default_rng(count)
    return random.standard_normal((count, *model.input_shape[1:])).astype(np.float32)


def scores(model: keras.Model, batch: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(keras.ops.convert_to_numpy(model(batch, training=False)), dtype=np.float32)


def test_it_takes_what_its_spec_says_and_gives_probabilities(model: keras.Model) -> None:
    assert model.input_shape[1:] == registry.spec(model.name).input_shape
    given = scores(model, faces(model))
    assert given.shape == (FACES, len(EMOTIONS))
    assert given.min() >= 0
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-5)


def test_one_face_scores_the_same_whatever_else_is_in_its_batch(model: keras.Model) -> None:
    batch = faces(model)
    together = scores(model, batch)
    alone = np.concatenate([scores(model, batch[row : row + 1]) for row in range(len(batch))])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_saved_and_loaded_it_scores_the_same(model: keras.Model, tmp_path: Path) -> None:
    model.save(tmp_path / "saved.keras")
    loaded = keras.saving.load_model(tmp_path / "saved.keras")
    np.testing.assert_allclose(scores(loaded, faces(model)), scores(model, faces(model)), atol=1e-6)


@pytest.mark.parametrize(
    "model",
    [pytest.param(name, marks=[pytest.mark.long] if name in LARGE else []) for name in registry.names()],
    indirect=True,
    scope="module",
)
def test_as_onnx_it_scores_the_same_for_any_count_of_faces(model: keras.Model, tmp_path: Path) -> None:
    write_plain_onnx(model, tmp_path / "saved.onnx")
    network = open_onnx_file(tmp_path / "saved.onnx")
    for count in (1, FACES):  # writing it has compared 1, 8 and 30
        batch = faces(model, count)
        np.testing.assert_allclose(network(batch), scores(model, batch), atol=1e-4)


def test_the_catalogue_of_the_dashboard_says_the_same_of_it(model: keras.Model) -> None:
    spec, entry = registry.spec(model.name), {one.name: one for one in catalogue.entries()}[model.name]
    assert (entry.input_shape, entry.paper, entry.claim) == (spec.input_shape, spec.paper, spec.claim)
    assert entry.parameters == model.count_params(), "`python -m model_zoo catalogue` writes it anew"


def test_every_network_of_the_papers_is_here_and_has_a_recipe() -> None:
    assert set(registry.names()) == NAMES
    assert set(RECIPES) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_recipe_ends_with_the_size_that_its_network_takes(name: str) -> None:
    spec, sizes = registry.spec(name), recipe(name).sizes
    assert sizes[-1][1] == spec.input_shape[0]
    assert spec.any_size or len(sizes) == 1


@pytest.mark.parametrize("name", sorted(NAMES))
def test_opened_to_any_size_it_has_the_same_weights(name: str) -> None:
    """What a training on growing pictures stands on; the other networks are only one size."""
    spec = registry.spec(name)
    if spec.of_any_size() is spec:
        assert not (spec.any_size and spec.takes_pictures)
        return
    opened = spec.of_any_size().build()
    smallest = recipe(name).sizes[0][1]
    assert opened.compute_output_shape((1, smallest, smallest, 1)) == (1, len(EMOTIONS))
    assert [weight.shape for weight in opened.weights] == [weight.shape for weight in spec.build().weights]


def test_a_network_of_sequences_has_no_side() -> None:
    with pytest.raises(ValueError, match=r"lstm takes sequences of scores \(16, 7\), not pictures"):
        registry.spec("lstm").side  # noqa: B018


def test_frame_scores_are_those_that_a_sequence_is_the_mean_of() -> None:
    built = registry.spec("lstm").build()
    window = faces(built, 2)
    frames = scores(frame_scores(built), window)
    assert frames.shape == (2, 16, len(EMOTIONS))
    np.testing.assert_allclose(frames.mean(axis=1), scores(built, window), atol=1e-6)
    # Forward in time only: what comes later changes nothing before it.
    window[:, 8:] = 0
    np.testing.assert_allclose(scores(frame_scores(built), window)[:, :8], frames[:, :8], atol=1e-6)


def test_deepfaces_own_weights_are_taken_with_their_scaling(tmp_path: Path) -> None:
    spec = registry.spec("deepface_emotion")
    own, ours = spec.build(), spec.build()
    file = tmp_path / "facial_expression_model_weights.h5"
    own.save(file)
    load_package_weights(ours, file, mean=129.5, deviation=65.0)
    grey = np.random.default_rng(0).integers(0, 256, (3, 48, 48, 1))
    np.testing.assert_allclose(scores(ours, (grey - 129.5) / 65), scores(own, grey / 255), atol=1e-5)
    file.write_bytes(b"no weights")
    with pytest.raises(ModelZooError, match="holds no weights of deepface's emotion network"):
        load_package_weights(ours, file, 129.5, 65.0)


def test_a_colour_backbone_becomes_a_grey_one_that_sees_the_same() -> None:
    model = registry.spec("vgg16").build()
    source = keras.applications.VGG16(include_top=False, weights=None, input_shape=(48, 48, 3))
    copy_weights(source, model, imagenet.BACKBONES["vgg16"], mean=129.5, deviation=65.0)
    grey = np.random.default_rng(0).uniform(0, 255, (2, 48, 48, 1)).astype(np.float32)
    first = [keras.Model(each.input, each.get_layer("block1_conv1").output) for each in (model, source)]
    ours = scores(first[0], (grey - 129.5) / 65)
    theirs = scores(first[1], np.repeat(grey, 3, axis=3) - np.array(imagenet.BGR_MEANS))
    # At the edge, what stands for nothing differs: our middle grey, their mean colours.
    np.testing.assert_allclose(ours[:, 1:-1, 1:-1], theirs[:, 1:-1, 1:-1], atol=2e-3)


def test_without_a_way_to_imagenet_it_begins_from_scratch_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(**_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(keras.applications, "VGG16", offline)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="vgg16")
    assert begin_from_imagenet(model, 129.5, 65.0) == "scratch"
    assert "vgg16 begins from scratch: ImageNet's weights cannot be had (no network)" in capsys.readouterr().err
    with pytest.raises(ModelZooError, match="tiny has no ImageNet weights; these have: vgg16, resnet50, patt_lite"):
        begin_from_imagenet(keras.Sequential(name="tiny"), 129.5, 65.0)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UnknownModelError, match=r"no network is named 'vgg99'; known are .*classroom"):
        registry.spec("vgg99")
    with pytest.raises(UnknownModelError, match=r"no recipe is named 'vgg99'; known are .*classroom"):
        recipe("vgg99")


def test_a_name_is_given_once() -> None:
    registry.names()
    with pytest.raises(ValueError, match="'classroom' is registered already"):
        architecture("classroom", input_shape=(1, 1, 1), paper="none")(lambda spec: None)
