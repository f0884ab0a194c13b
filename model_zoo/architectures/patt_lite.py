"""PAtt-Lite (paper 001, its reference 7; Ngwe et al. 2023, arXiv:2306.09626)."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import probabilities
from model_zoo.registry import ModelSpec, architecture

LAST = "conv_dw_9_relu"


@architecture("patt_lite", input_shape=(48, 48, 1), paper="001 Nurmakhan et al.", claim=92.5)
def patt_lite(spec: ModelSpec, width: int = 256, dense: int = 32, dropout: float = 0.1) -> keras.Model:
    """MobileNetV1 up to its ninth depthwise block, patches of its map, attention over the patches.

    The published code attends to a matrix (batch, features): each face's score depends on who else is in its batch,
    which is how a test set sorted by class scores 92.5 %. Here the tokens are the four patches of one face, before
    they are averaged. The original enlarges a face to 224x224 and has 14x14 points to make 2x2 patches of; at 96x96,
    which costs a fifth, there are 6x6, so the strides are 2 and 1 in place of 4 and 2. A picture of 32 pixels leaves
    one patch. The original began with ImageNet; by its recipe this one begins with faces (`faces.py`).
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = layers.UpSampling2D(2, interpolation="bilinear", name="enlarged")(inputs)
    mobile_net = keras.applications.MobileNet(include_top=False, weights=None, input_tensor=x)
    x = mobile_net.get_layer(LAST).output
    x = layers.SeparableConv2D(width, 2, strides=2, activation="relu", name="patches1")(x)
    x = layers.SeparableConv2D(width, 2, activation="relu", name="patches2")(x)
    x = layers.Conv2D(width, 1, activation="relu", name="patches3")(x)
    x = layers.Reshape((-1, width), name="tokens")(x)
    x = layers.Attention(use_scale=True, name="attention")([x, x])
    x = layers.GlobalAveragePooling1D(name="pool")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Dense(dense, activation="relu", name="dense")(x)
    x = layers.BatchNormalization(name="dense_norm")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)
