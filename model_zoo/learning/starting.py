"""What a network knows before its first step: nothing, ImageNet, faces, or what it was shipped with."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model_zoo.architectures.faces import begin_from_faces
from model_zoo.architectures.imagenet import begin_from_imagenet
from model_zoo.errors import ModelZooError
from model_zoo.learning.batches import Scaling
from model_zoo.preprocessing import standardise
from model_zoo.recipes import Recipe
from model_zoo.weights import file_name, load_card, verified

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
        case "shipped":
            return begin_from_shipped(model, scaling)
        case _:
            return "scratch"


def begin_from_shipped(model: keras.Model, scaling: Scaling) -> str:
    """Gives `model` the shipped weights of its name and says `shipped`. Raises WeightsError where there are none, and
    ModelZooError where they are for pictures of another mean or deviation, which it would see in another light."""
    card = load_card(model.name)
    if not np.allclose((card.mean, card.deviation), scaling, rtol=1e-3):
        raise ModelZooError(
            f"{model.name} is shipped for grey values of mean {card.mean:.2f} and deviation {card.deviation:.2f}; "
            f"those of this data set have {scaling[0]:.2f} and {scaling[1]:.2f}"
        )
    file = verified(card, file_name(card.network, "keras"))
    model.set_weights(keras.saving.load_model(file, compile=False).get_weights())
    return "shipped"


def what_was_shipped(name: str) -> dict[str, Any]:
    """What a recipe keeps of the weights of `name` that it goes on from: which they were, and how they were made."""
    card = load_card(name)
    return {"sha256": card.files[file_name(name, "keras")].sha256, "recipe": dict(card.recipe)}


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
