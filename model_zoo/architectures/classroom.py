"""The networks that watch a class."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.emotions import EMOTIONS
from model_zoo.registry import ModelSpec, architecture


@architecture("classroom", input_shape=(44, 44, 1), paper="ours")
def classroom(spec: ModelSpec, widths: tuple[int, ...] = (32, 96, 192, 384), dropout: float = 0.4) -> keras.Model:
    """Pairs of 3x3 convolutions, 32-96-192-384, each with batch norm; global average pooling.

    A VGG stack (Simonyan and Zisserman 2015, arXiv:1409.1556) without its dense layers, which hold most
    of the original's weights. Input: the middle 44x44 of a 48x48 picture, standardised.
    """
    return _pairs(spec, widths, dropout)


@architecture("classroom_small", input_shape=(44, 44, 1), paper="ours")
def classroom_small(spec: ModelSpec, widths: tuple[int, ...] = (24, 64, 128, 256), dropout: float = 0.3) -> keras.Model:
    """`classroom` at 24-64-128-256, for weak machines: under half of its multiplications and weights.

    The first stages, which work on large pictures, cost most of the time, so they lose most of the width.
    """
    return _pairs(spec, widths, dropout)


def _pairs(spec: ModelSpec, widths: tuple[int, ...], dropout: float) -> keras.Model:
    inputs = x = keras.Input(spec.input_shape, name="face")
    for stage, width in enumerate(widths, start=1):
        x = _convolution(x, width, f"stage{stage}a")
        x = _convolution(x, width, f"stage{stage}b", halve=stage < len(widths))
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Dense(len(EMOTIONS), name="logits")(x)
    # The last step stays in float32 under mixed precision: probabilities must add up to 1.
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(inputs, outputs, name=spec.name)


def _convolution(x: keras.KerasTensor, width: int, name: str, halve: bool = False) -> keras.KerasTensor:
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv")(x)
    if halve:
        # Before the norm, which then works on a quarter of the values: 16 % off a training step.
        x = layers.MaxPooling2D(2, name=f"{name}_pool")(x)
    x = layers.BatchNormalization(momentum=0.99, epsilon=1e-5, name=f"{name}_norm")(x)
    return layers.Activation("relu", name=f"{name}_relu")(x)
