"""Begins a training from HSE-FaceRes, a MobileNetV1 that learned to tell apart the people of VGGFace2.

A. Savchenko's network (github.com/HSE-asavchenko/HSE_FaceRec_tf, Apache-2.0) comes in the npm package
@vladmandic/human (MIT) in the form of TensorFlow.js: a list of weights in JSON and their 16-bit floats in one file.
Its batch norms were folded into the convolutions when it was converted; here they are put back, with statistics of
training pictures, so that it computes the same and can learn on.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model_zoo.errors import ModelZooError

FACES = Path("var/faces")
MANIFEST, VALUES = "faceres.json", "faceres.bin"
BGR_MEANS = (103.939, 116.779, 123.68)  # it takes colours less these
SHA256 = {
    MANIFEST: "5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df",
    VALUES: "2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b",
}
Arrays = Mapping[str, NDArray[np.float32]]


def begin_from_faces(model: keras.Model, mean: float, deviation: float, pictures: NDArray[np.float32]) -> str:
    """Gives the layers of `model` that are called as MobileNetV1's their weights and says `faces`; or, where the
    files are not at hand, leaves it as it is, says why on stderr, and says `scratch`. It may end before MobileNetV1
    does, and go on with layers of its own under other names, which stay as they are.

    `pictures` (n, side, side, 1): standardised, by which the norms' statistics are measured.
    Raises ModelZooError for files that are others than those.
    """
    missing = [name for name in SHA256 if not (FACES / name).is_file()]
    if missing:
        sys.stderr.write(
            f"{model.name} begins from scratch: {FACES / missing[0]} is not there; "
            f"`python -m model_zoo fetch {model.name}` brings it\n"
        )
        return "scratch"
    _require_known(FACES)
    copy_faces(read_faces(FACES), model, mean, deviation)
    put_norms_back(model, pictures)
    return "faces"


def _require_known(folder: Path) -> None:
    for name, expected in SHA256.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise ModelZooError(f"{folder / name} was changed: its sha256 is {found}, expected {expected}; delete it")


def read_faces(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The arrays of a TensorFlow.js model by name. Raises ModelZooError for a file that is cut short."""
    groups = json.loads((folder / MANIFEST).read_text())["weightsManifest"]
    content, start, arrays = (folder / VALUES).read_bytes(), 0, {}
    for weight in (weight for group in groups for weight in group["weights"]):
        kind = np.dtype(weight.get("quantization", weight)["dtype"])
        count = int(np.prod(weight["shape"]))
        if start + count * kind.itemsize > len(content):
            raise ModelZooError(f"{folder / VALUES} is cut short: {weight['name']} reaches beyond its end")
        values = np.frombuffer(content, kind, count, start).reshape(weight["shape"])
        arrays[weight["name"]] = values.astype(np.float32)
        start += count * kind.itemsize
    return arrays


def copy_faces(arrays: Arrays, model: keras.Model, mean: float, deviation: float) -> None:
    """Kernels into the convolutions, and what the folded norms added into norms that do nothing else. A grey picture
    is one whose colours are equal, so the first kernel is summed over them, with our standardisation folded in."""
    for layer in model.layers:
        if f"{layer.name}_bn/batchnorm_1/sub" not in arrays:
            continue
        bias = arrays[f"{layer.name}_bn/batchnorm_1/sub"]
        if isinstance(layer, keras.layers.DepthwiseConv2D):
            factors = arrays[f"{layer.name}_bn/batchnorm_1/mul"]
            kernel = arrays[f"{layer.name}/depthwise_kernel"] * factors[:, np.newaxis]
        else:
            kernel = arrays[f"{layer.name}/convolution/merged_input"]
        if layer.name == "conv1":
            offsets = mean - np.array(BGR_MEANS, dtype=np.float32)
            bias = bias + (kernel * offsets[:, np.newaxis]).sum(axis=(0, 1, 2))
            kernel = kernel.sum(axis=2, keepdims=True) * deviation
        layer.set_weights([kernel])
        norm = model.get_layer(f"{layer.name}_bn")
        ones, zeros = np.ones_like(bias), np.zeros_like(bias)
        norm.set_weights([ones, bias, zeros, ones - norm.epsilon])


def put_norms_back(model: keras.Model, pictures: NDArray[np.float32]) -> None:
    """Gives each norm the statistics of its input over `pictures`, and the factor and shift that undo them."""
    norms = [layer for layer in model.layers if layer.name.startswith("conv") and layer.name.endswith("_bn")]
    maps = keras.Model(model.input, [norm.input for norm in norms])(pictures)
    for norm, values in zip(norms, maps, strict=True):
        _, bias, _, _ = norm.get_weights()
        values = keras.ops.convert_to_numpy(values)
        mean, variance = values.mean(axis=(0, 1, 2)), values.var(axis=(0, 1, 2))
        norm.set_weights([np.sqrt(variance + norm.epsilon), mean + bias, mean, variance])
