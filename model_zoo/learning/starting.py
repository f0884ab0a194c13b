"""What a network knows before its first step: nothing, ImageNet, or faces."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from model_zoo.architectures.faces import begin_from_faces
from model_zoo.architectures.imagenet import begin_from_imagenet
from model_zoo.learning.batches import Scaling
from model_zoo.preprocessing import standardise
from model_zoo.recipes import Recipe

SAMPLE = 128


def begin(model: keras.Model, recipe: Recipe, images: NDArray[np.uint8], scaling: Scaling) -> str:
    """Gives `model` what `recipe.start` asks for; says what it began with, `scratch` where that cannot be had.

    `images` (n, 48, 48): those it will learn from; a hundred, evenly taken, are looked at.
    """
    match recipe.start:
        case "imagenet":
            return begin_from_imagenet(model, *scaling)
        case "faces":
            return begin_from_faces(model, *scaling, standardise(images[:: -(-len(images) // SAMPLE)], *scaling))
        case _:
            return "scratch"


def freeze(model: keras.Model, last: str | None) -> None:
    """The layers up to the one called `last` learn no more; their norms keep their statistics. Raises ValueError
    for a layer that the network has not."""
    if last is None:
        return
    names = [layer.name for layer in model.layers]
    if last not in names:
        raise ValueError(f"{model.name} has no layer {last!r} to freeze up to; it has {', '.join(names)}")
    for layer in model.layers[: names.index(last) + 1]:
        layer.trainable = False
