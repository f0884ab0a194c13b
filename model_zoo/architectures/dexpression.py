"""DeXpression (paper 002; Burkert et al. 2015, arXiv:1509.05371)."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import convolved, probabilities
from model_zoo.registry import ModelSpec, architecture


@architecture("dexpression", input_shape=(48, 48, 1), paper="002 Babariya", claim=63, any_size=False)
def dexpression(spec: ModelSpec, narrow: int = 96, wide: int = 208, pooled: int = 64) -> keras.Model:
    """A 7x7 convolution and two FeatEx blocks, which look at a face through a 3x3 and through a pool at once.

    Widths from the original: 64; 96 to 208 on one path, 64 on the other. It took 224x224 and halved four times; here
    the same four halvings leave 3x3. Batch norm stands in for its local response normalisation, which
    is no Keras layer, and for its biases. Dropout of .5 before the output is our choice, against
    learning 28,709 pictures by heart.
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = convolved(inputs, 64, 7, "stem", strides=2)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="stem_pool")(x)
    for number in (1, 2):
        x = _feature_extraction(x, narrow, wide, pooled, f"featex{number}")
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)


def _feature_extraction(x: keras.KerasTensor, narrow: int, wide: int, pooled: int, name: str) -> keras.KerasTensor:
    one = convolved(x, narrow, 1, f"{name}a")
    one = convolved(one, wide, 3, f"{name}b")
    other = layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_look")(x)
    other = convolved(other, pooled, 1, f"{name}c")
    x = layers.Concatenate(name=f"{name}_both")([one, other])
    return layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
