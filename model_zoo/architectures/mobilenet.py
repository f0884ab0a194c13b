"""MobileNetV1 (Howard et al. 2017, arXiv:1704.04861) on an enlarged face."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import probabilities
from model_zoo.registry import ModelSpec, architecture

WIDTHS = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
HALVING = (2, 4, 6, 12)  # blocks that halve the map, counted from 1


@architecture("mobilenet_faces", input_shape=(44, 44, 1), paper="ours, from HSE-FaceRes")
def mobilenet_faces(spec: ModelSpec, dropout: float = 0.3) -> keras.Model:
    """MobileNetV1 of full width on the face at twice its size, for weights that know faces already.

    Layers are called as in `keras.applications`, which HSE-FaceRes (Savchenko 2021, arXiv:2103.17107) was built
    with. It saw faces of 224 pixels: on 5,000 pictures a ridge regression on what its eleventh block says names 51.6 %
    of PublicTest at twice 44 pixels and 57.5 % at three times, which costs twice the time, in training as in a class.
    Padding is "same" in place of the application's zeros at the right and the bottom: on maps of an even size they are
    one.
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = layers.UpSampling2D(2, interpolation="bilinear", name="enlarged")(inputs)
    x = layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False, name="conv1")(x)
    x = _normed(x, "conv1")
    for block, width in enumerate(WIDTHS, start=1):
        strides = 2 if block in HALVING else 1
        name = f"conv_dw_{block}"
        x = layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False, name=name)(x)
        x = _normed(x, name)
        x = layers.Conv2D(width, 1, use_bias=False, name=f"conv_pw_{block}")(x)
        x = _normed(x, f"conv_pw_{block}")
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)


def _normed(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    x = layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)
