"""ResNet50 for small faces (paper 002; He et al. 2016, arXiv:1512.03385)."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import probabilities
from model_zoo.registry import ModelSpec, architecture


@architecture("resnet50", input_shape=(48, 48, 1), paper="002 Babariya", claim=65.55)
def resnet50(spec: ModelSpec, dropout: float = 0.5) -> keras.Model:
    """`keras.applications.ResNet50` without its top, on grey 48x48 pictures, which it leaves as a 2x2 map.

    The paper says no more than "50 layers". Global average pooling as in the original; dropout before the output
    because 23.5 million weights meet 28,709 pictures.
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = keras.applications.ResNet50(include_top=False, weights=None, input_tensor=inputs).output
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)
