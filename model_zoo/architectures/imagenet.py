"""Begins a training from what `keras.applications` learned on ImageNet, where its weights can be had."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import keras
import numpy as np

from model_zoo.errors import ModelZooError

BGR_MEANS = (103.939, 116.779, 123.68)


@dataclass(frozen=True)
class Backbone:
    """A network of `keras.applications`: its name there, its first convolution, and how it scales grey values."""

    application: str
    first: str
    offsets: tuple[float, float, float]
    scale: float


BACKBONES = {
    "vgg16": Backbone("VGG16", "block1_conv1", BGR_MEANS, 1),
    "resnet50": Backbone("ResNet50", "conv1_conv", BGR_MEANS, 1),
    "patt_lite": Backbone("MobileNet", "conv1", (127.5, 127.5, 127.5), 127.5),
}


def begin_from_imagenet(model: keras.Model, mean: float, deviation: float) -> str:
    """Gives `model` the weights of its backbone and says `imagenet`, or, where they cannot be fetched, leaves
    it as it is, says why on stderr, and says `scratch`.

    Raises ModelZooError for a network without such a backbone.
    """
    if model.name not in BACKBONES:
        raise ModelZooError(f"{model.name} has no ImageNet weights; these have: {', '.join(BACKBONES)}")
    backbone = BACKBONES[model.name]
    try:
        source = application_of(model.name)
    except Exception as error:  # noqa: BLE001  # keras raises nothing narrower for a download
        sys.stderr.write(f"{model.name} begins from scratch: ImageNet's weights cannot be had ({error})\n")
        return "scratch"
    copy_weights(source, model, backbone, mean, deviation)
    return "imagenet"


def application_of(name: str) -> keras.Model:
    """The backbone of the network `name` with ImageNet's weights. Raises what Keras raises where they cannot be had."""
    application = getattr(keras.applications, BACKBONES[name].application)
    return application(include_top=False, weights="imagenet", input_shape=(224, 224, 3))


def copy_weights(source: keras.Model, model: keras.Model, backbone: Backbone, mean: float, deviation: float) -> None:
    """From the layers of `source` to those of the same name. `source` takes colours in its own scale; a grey picture
    is one whose channels are equal, so the first kernel is summed over them, and our standardisation by
    `mean` and `deviation` is folded into it."""
    for layer in model.layers:
        if layer.weights and any(layer.name == each.name for each in source.layers):
            values = source.get_layer(layer.name).get_weights()
            if layer.name == backbone.first:
                kernel, shifts = values[0], (mean - np.array(backbone.offsets)) / backbone.scale
                values[0] = kernel.sum(axis=2, keepdims=True) * (deviation / backbone.scale)
                shift = (kernel * shifts[:, np.newaxis]).sum(axis=(0, 1, 2))
                if len(values) == 2:  # MobileNet's has no bias: two grey values of shift are left to its norm
                    values[1] = values[1] + shift
            layer.set_weights(values)
