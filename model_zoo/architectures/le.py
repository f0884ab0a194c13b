"""The two networks of Le, Pham and Hoang, "Convolutional Neural Networks for Facial Emotion Recognition"
(paper 003).

Where the paper is silent: padding is `same` in all convolutions, as it says of the first; a block is convolution,
norm, ReLU, pool, dropout in the order of its sentence; the dense layers get the norm and the dropout of .25 of
the convolutions, for they hold most of the weights. The paper names the loss "binary cross entropy
(softmax)"; with a softmax that is the categorical one.
"""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import convolved, probabilities
from model_zoo.registry import ModelSpec, architecture

PAPER = "003 Le et al."
SIZES = (3, 5, 3, 3)  # of the filters, from the first convolution on


@architecture("shallow_cnn", input_shape=(48, 48, 1), paper=PAPER, claim=56.31, any_size=False)
def shallow_cnn(spec: ModelSpec, widths: tuple[int, ...] = (64, 128), dropout: float = 0.25) -> keras.Model:
    """Two convolutions, 64 of 3x3 and 128 of 5x5, and one dense layer of 256."""
    return _network(spec, tuple(zip(widths, SIZES, strict=False)), (256,), dropout)


@architecture("deep_cnn", input_shape=(48, 48, 1), paper=PAPER, claim=65.55, any_size=False)
def deep_cnn(spec: ModelSpec, widths: tuple[int, ...] = (64, 128, 512, 512), dropout: float = 0.25) -> keras.Model:
    """The shallow network with two more convolutions, 512 of 3x3 each, and a second dense layer of 512."""
    return _network(spec, tuple(zip(widths, SIZES, strict=False)), (256, 512), dropout)


def _network(
    spec: ModelSpec, convolutions: tuple[tuple[int, int], ...], dense: tuple[int, ...], dropout: float
) -> keras.Model:
    inputs = x = keras.Input(spec.input_shape, name="face")
    for block, (filters, size) in enumerate(convolutions, start=1):
        x = convolved(x, filters, size, f"block{block}")
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = layers.Dropout(dropout, name=f"block{block}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate(dense, start=1):
        x = layers.Dense(units, use_bias=False, kernel_initializer="he_normal", name=f"dense{number}")(x)
        x = layers.BatchNormalization(name=f"dense{number}_norm")(x)
        x = layers.Activation("relu", name=f"dense{number}_relu")(x)
        x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)
