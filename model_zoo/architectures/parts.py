"""The two steps that nearly every network here is made of."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.emotions import EMOTIONS


def convolved(
    x: keras.KerasTensor, filters: int, size: int, name: str, strides: int = 1, padding: str = "same"
) -> keras.KerasTensor:
    """Convolution, batch norm (which makes a bias needless), ReLU."""
    x = layers.Conv2D(
        filters,
        size,
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    x = layers.BatchNormalization(momentum=0.99, epsilon=1e-5, name=f"{name}_norm")(x)
    return layers.Activation("relu", name=f"{name}_relu")(x)


def probabilities(x: keras.KerasTensor) -> keras.KerasTensor:
    """A probability for each emotion, from a vector of features."""
    x = layers.Dense(len(EMOTIONS), name="logits")(x)
    # The last step stays in float32 under mixed precision: probabilities must add up to 1.
    return layers.Activation("softmax", dtype="float32", name="probabilities")(x)
