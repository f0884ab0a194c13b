"""The hand-made network of Li et al., "Face Expression Recognition using Deep Neural Network" (paper 000)."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import probabilities
from model_zoo.registry import ModelSpec, architecture


@architecture("handmade_cnn", input_shape=(48, 48, 1), paper="000 Li et al.", claim=86.8, any_size=False)
def handmade_cnn(
    spec: ModelSpec, filters: tuple[int, ...] = (32, 64, 128, 128), dense: int = 1024, dropout: float = 0.5
) -> keras.Model:
    """3x3 convolutions of growing width, 2x2 pools and dropout of .5 in turn. Claimed: 86.8 (and 89) %, a figure of its
    training set, as the fall of its loss to .363 shows; no network names FER2013 so well.

    Where the paper is silent: the widths and the dense layer of 1024 are those of the public emoji program
    that its GUI and figures follow; pool and dropout come after the second convolution and each later one.
    No padding and no norm: the paper names neither.
    """
    inputs = x = keras.Input(spec.input_shape, name="face")
    for number, width in enumerate(filters, start=1):
        x = layers.Conv2D(width, 3, activation="relu", name=f"conv{number}")(x)
        if number > 1:
            x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
            x = layers.Dropout(dropout, name=f"dropout{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(dense, activation="relu", name="dense")(x)
    x = layers.Dropout(dropout, name="dense_dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)
