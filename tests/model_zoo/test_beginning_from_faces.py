"""A training that begins with what a network of faces has learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo import registry
from model_zoo.architectures import faces
from model_zoo.architectures.faces import begin_from_faces, copy_faces, put_norms_back, read_faces
from model_zoo.architectures.mobilenet import WIDTHS
from model_zoo.emotions import EMOTIONS
from model_zoo.errors import ModelZooError
from model_zoo.learning.starting import freeze
from model_zoo.learning.training import recipe_of, train, trained
from model_zoo.recipes import Recipe
from model_zoo.registry import ModelSpec
from tests.model_zoo import tiny

MEAN, DEVIATION = 129.5, 65.0
GREY = np.random.default_rng(1).integers(0, 256, (8, 32, 32)).astype(np.float32)
PICTURES = ((GREY - MEAN) / DEVIATION)[..., np.newaxis]


def made_arrays() -> dict[str, NDArray[np.float32]]:
    """Named and shaped as in the file, with random values."""
    random = np.random.default_rng(0)

    def some(*shape: int, size: float = 0.5) -> NDArray[np.float32]:
        return random.normal(0, size, shape).astype(np.float32)

    arrays = {"conv1/convolution/merged_input": some(3, 3, 3, 32, size=0.01), "conv1_bn/batchnorm_1/sub": some(32)}
    before = 32
    for block, width in enumerate(WIDTHS, start=1):
        arrays[f"conv_dw_{block}/depthwise_kernel"] = some(3, 3, before, 1)
        arrays[f"conv_dw_{block}_bn/batchnorm_1/mul"] = some(before)
        arrays[f"conv_dw_{block}_bn/batchnorm_1/sub"] = some(before)
        arrays[f"conv_pw_{block}/convolution/merged_input"] = some(1, 1, before, width, size=before**-0.5)
        arrays[f"conv_pw_{block}_bn/batchnorm_1/sub"] = some(width)
        before = width
    return arrays


def write(folder: Path, arrays: dict[str, NDArray[np.float32]]) -> None:
    """As TensorFlow.js writes a model whose floats are halved."""
    halved = {"dtype": "float16", "original_dtype": "float32"}
    weights = [
        {"name": name, "shape": list(each.shape), "dtype": "float32", "quantization": halved}
        for name, each in arrays.items()
    ]
    weights.append({"name": "axes", "shape": [2], "dtype": "int32"})
    content = b"".join(each.astype("<f2").tobytes() for each in arrays.values()) + np.array([1, 2], "<i4").tobytes()
    folder.mkdir()
    (folder / faces.MANIFEST).write_text(json.dumps({"weightsManifest": [{"paths": ["x"], "weights": weights}]}))
    (folder / faces.VALUES).write_bytes(content)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    built = registry.spec("mobilenet_faces").of_any_size().build()
    copy_faces(made_arrays(), built, MEAN, DEVIATION)
    return built


def pooled(model: keras.Model, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(keras.Model(model.input, model.get_layer("pool").output)(pictures), np.float32)


def test_the_file_is_read_by_its_list(tmp_path: Path) -> None:
    arrays = made_arrays()
    write(tmp_path / "faces", arrays)
    read = read_faces(tmp_path / "faces")
    assert set(read) == {*arrays, "axes"}
    for name, expected in arrays.items():
        np.testing.assert_array_equal(read[name], expected.astype(np.float16))
    values = tmp_path / "faces" / faces.VALUES
    values.write_bytes(values.read_bytes()[:-6])
    with pytest.raises(ModelZooError, match="is cut short"):
        read_faces(tmp_path / "faces")


def test_a_grey_picture_is_seen_as_the_colours_were(model: keras.Model) -> None:
    """Inside of the first map; at its edge what stands for nothing differs: our middle grey, their mean colours."""
    arrays = made_arrays()
    first = keras.Model(model.input, model.get_layer("conv1_relu").output)(PICTURES)
    colours = np.repeat(GREY[..., np.newaxis], 3, axis=3) - np.array(faces.BGR_MEANS, dtype=np.float32)
    enlarged = model.get_layer("enlarged")(colours)
    plain = keras.ops.conv(enlarged, arrays["conv1/convolution/merged_input"], strides=2, padding="same")
    expected = np.clip(np.asarray(plain) + arrays["conv1_bn/batchnorm_1/sub"], 0, 6)
    np.testing.assert_allclose(np.asarray(first)[:, 1:-1, 1:-1], expected[:, 1:-1, 1:-1], atol=2e-3)


def test_norms_that_are_put_back_change_nothing_at_first_and_fit_their_input(model: keras.Model) -> None:
    before = pooled(model, PICTURES)
    put_norms_back(model, PICTURES)
    np.testing.assert_allclose(pooled(model, PICTURES), before, atol=2e-4)
    norm = model.get_layer("conv_pw_2_bn")
    values = np.asarray(keras.Model(model.input, norm.input)(PICTURES))
    np.testing.assert_allclose(norm.moving_mean, values.mean(axis=(0, 1, 2)), atol=1e-4)
    np.testing.assert_allclose(norm.moving_variance, values.var(axis=(0, 1, 2)), rtol=1e-3, atol=1e-5)


def test_a_network_that_ends_sooner_takes_what_it_has_and_keeps_its_own_layers(model: keras.Model) -> None:
    shorter = registry.spec("patt_lite").of_any_size().build()
    own = [shorter.get_layer(name).get_weights() for name in ("patches1", "patches3", "dense")]
    copy_faces(made_arrays(), shorter, MEAN, DEVIATION)
    put_norms_back(shorter, PICTURES)
    for name in ("conv_pw_1", "conv_dw_9"):
        np.testing.assert_array_equal(shorter.get_layer(name).get_weights(), model.get_layer(name).get_weights())
    for name, before in zip(("patches1", "patches3", "dense"), own, strict=True):
        for was, is_now in zip(before, shorter.get_layer(name).get_weights(), strict=True):
            np.testing.assert_array_equal(was, is_now)


def test_without_the_file_it_begins_from_scratch_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], model: keras.Model
) -> None:
    monkeypatch.chdir(tmp_path)
    assert begin_from_faces(model, MEAN, DEVIATION, PICTURES) == "scratch"
    told = capsys.readouterr().err
    assert "mobilenet_faces begins from scratch: var/faces/faceres.json is not there" in told
    assert "`python -m model_zoo fetch mobilenet_faces` brings it" in told


def test_another_file_than_the_known_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: keras.Model
) -> None:
    write(tmp_path / "faces", made_arrays())
    monkeypatch.setattr(faces, "FACES", tmp_path / "faces")
    with pytest.raises(ModelZooError, match=r"faceres\.json was changed: its sha256 is \w+, expected \w+; delete it"):
        begin_from_faces(model, MEAN, DEVIATION, PICTURES)


def test_frozen_layers_learn_nothing(model: keras.Model) -> None:
    freeze(model, "conv_pw_11_relu")
    learning = {weight.path.split("/")[0] for weight in model.trainable_variables}
    assert learning == {
        *(f"conv_{kind}_{block}{norm}" for kind in ("dw", "pw") for block in (12, 13) for norm in ("", "_bn")),
        "logits",
    }
    with pytest.raises(ValueError, match="has no layer 'conv_pw_99' to freeze up to; it has face, enlarged, conv1"):
        freeze(model, "conv_pw_99")


PLAN = replace(tiny.RECIPE, start="faces", frozen="norm")


@pytest.mark.parametrize(("begun_from", "stays"), [("faces", True), ("scratch", False)])
def test_what_begins_from_scratch_is_not_frozen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun_from: str, stays: bool
) -> None:
    begun: list[NDArray[np.float32]] = []

    def begin(model: keras.Model, recipe: Recipe, images: object, scaling: object) -> str:
        begun.append(np.array(model.get_layer("conv").get_weights()[0]))
        return begun_from

    monkeypatch.setattr("model_zoo.learning.training.begin", begin)
    pictures = tiny.pictures(tmp_path / "data")
    train(tiny.SPEC, PLAN, *pictures, tmp_path / "run")
    assert recipe_of(tmp_path / "run")["begun_from"] == begun_from
    after = trained(tiny.SPEC, tmp_path / "run").get_layer("conv").get_weights()[0]
    assert np.array_equal(begun[0], after) == stays


def enlarging(spec: ModelSpec) -> keras.Model:
    inputs = keras.Input(spec.input_shape, name="face")
    x = keras.layers.UpSampling2D(2, interpolation="bilinear", name="enlarged")(inputs)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    outputs = keras.layers.Dense(len(EMOTIONS), activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs, name=spec.name)


def test_a_network_that_enlarges_its_input_can_grow(tmp_path: Path) -> None:
    spec = replace(tiny.SPEC, builder=enlarging)
    train(spec, tiny.RECIPE, *tiny.pictures(tmp_path / "data"), tmp_path / "run")
    assert (tmp_path / "run" / "final.weights.h5").exists()
