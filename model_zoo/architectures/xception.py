"""Separable convolutions with residuals: the Xception of paper 002, and its small relative in the `fer` package."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import convolved, probabilities
from model_zoo.registry import ModelSpec, architecture


@architecture("xception", input_shape=(48, 48, 1), paper="002 Babariya", claim=68)
def xception(
    spec: ModelSpec, entry: tuple[int, ...] = (128, 256, 512), middle: int = 2, leave: int = 768, dropout: float = 0.5
) -> keras.Model:
    """ "A linear stack of depth-wise separable convolution layers with residual connections": the three flows of
    Chollet 2017, arXiv:1610.02357.

    The paper gives no sizes. The original halves 299 pixels five times; 48 are halved three times, so the first
    two convolutions keep their size, and the exit flow does not halve. Two blocks of 512 in the middle instead of
    eight of 728, and 768 at the end instead of 2048: 28,709 pictures cannot fill more.
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = convolved(inputs, 32, 3, "stem1")
    x = convolved(x, 64, 3, "stem2")
    for number, width in enumerate(entry, start=1):
        x = _halving_module(x, width, f"entry{number}")
    for number in range(1, middle + 1):
        x = _middle_module(x, entry[-1], f"middle{number}")
    x = layers.Activation("relu", name="exit_before")(x)
    x = _separable(x, leave, "exit")
    x = layers.Activation("relu", name="exit_relu")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)


@architecture("mini_xception", input_shape=(48, 48, 1), paper="002 Babariya")
def mini_xception(spec: ModelSpec, stem: int = 8, widths: tuple[int, ...] = (16, 32, 64, 128)) -> keras.Model:
    """58,000 weights, as in Arriaga et al. 2017, arXiv:1710.07557: the network of the `fer` package, our yardstick.

    Two valid 3x3 convolutions, four halving modules, then a map for each emotion instead of a dense layer.
    The original enlarges FER2013's pictures to 64x64; the same weights take them as they are.
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = convolved(inputs, stem, 3, "stem1", padding="valid")
    x = convolved(x, stem, 3, "stem2", padding="valid")
    for number, width in enumerate(widths, start=1):
        x = _halving_module(x, width, f"module{number}", begins_with_relu=False)
    x = layers.Conv2D(7, 3, padding="same", name="maps")(x)
    x = layers.GlobalAveragePooling2D(name="logits")(x)
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(x)
    return keras.Model(inputs, outputs, name=spec.name)


def _halving_module(x: keras.KerasTensor, width: int, name: str, begins_with_relu: bool = True) -> keras.KerasTensor:
    shortcut = layers.Conv2D(width, 1, strides=2, padding="same", use_bias=False, name=f"{name}_shortcut")(x)
    shortcut = layers.BatchNormalization(name=f"{name}_shortcut_norm")(shortcut)
    if begins_with_relu:
        x = layers.Activation("relu", name=f"{name}_before")(x)
    x = _separable(x, width, f"{name}a")
    x = layers.Activation("relu", name=f"{name}_relu")(x)
    x = _separable(x, width, f"{name}b")
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
    return layers.Add(name=f"{name}_add")([x, shortcut])


def _middle_module(x: keras.KerasTensor, width: int, name: str) -> keras.KerasTensor:
    shortcut = x
    for part in "abc":
        x = layers.Activation("relu", name=f"{name}{part}_before")(x)
        x = _separable(x, width, f"{name}{part}")
    return layers.Add(name=f"{name}_add")([x, shortcut])


def _separable(x: keras.KerasTensor, width: int, name: str) -> keras.KerasTensor:
    x = layers.SeparableConv2D(width, 3, padding="same", use_bias=False, name=f"{name}_conv")(x)
    return layers.BatchNormalization(name=f"{name}_norm")(x)
