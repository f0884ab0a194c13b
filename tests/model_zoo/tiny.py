"""A network and a recipe small enough to be trained inside a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
from keras import layers

from data import fer2013
from data.fer2013 import Pictures
from model_zoo import registry
from model_zoo.emotions import EMOTIONS
from model_zoo.learning.augmentation import Augmentation
from model_zoo.recipes import Recipe
from model_zoo.registry import ModelSpec
from tests.data.pictures import tiny_release

SIDE = 44
RECIPE = Recipe(sizes=((1, 20), (2, SIDE)), batch=7, warm_up_epochs=1, precision="float32", augmentation=Augmentation())


def network(spec: ModelSpec) -> keras.Model:
    inputs = keras.Input(spec.input_shape, name="face")
    x = layers.Conv2D(16, 3, strides=4, use_bias=False, name="conv")(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Conv2D(16, 3, activation="relu", name="more")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dense(len(EMOTIONS), name="logits")(x)
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(inputs, outputs, name=spec.name)


SPEC = ModelSpec("tiny", (SIDE, SIDE, 1), "none", None, network)


def pictures(folder: Path) -> tuple[Pictures, Pictures]:
    """(Training, PublicTest), 14 of each."""
    tiny_release(folder)
    return fer2013.read(folder, "Training"), fer2013.read(folder, "PublicTest")


def smaller(name: str, **sizes: Any) -> ModelSpec:
    """A registered network in other sizes than its paper's."""
    spec = registry.spec(name)
    builder: Callable[..., keras.Model] = spec.builder
    return replace(spec, builder=partial(builder, **sizes))
