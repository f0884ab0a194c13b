"""The plain and the "deep convolutional" network of Babariya, "Live Class Monitoring System" (paper 002).

Its figures are not legible and its text gives no widths. What it does say: the deeper network has six convolutions,
each of another filter size, two max-pools and two dense layers, and that is four convolutions more than
the plain one has.
"""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import convolved, probabilities
from model_zoo.registry import ModelSpec, architecture

PAPER = "002 Babariya"


@architecture("plain_cnn", input_shape=(48, 48, 1), paper=PAPER, claim=65, any_size=False)
def plain_cnn(
    spec: ModelSpec,
    convolutions: tuple[tuple[int, int], ...] = ((64, 5), (128, 5)),
    dense: int = 256,
    dropout: float = 0.5,
) -> keras.Model:
    """Two convolutions, each pooled, and one hidden dense layer.

    Chosen: 5x5, for two layers of 3x3 would see 10 pixels, less than a mouth; batch norm, without
    which RMSprop at .001 leaves the two layers unsteady; pools 3 wide and 2 apart.
    """
    inputs = x = keras.Input(spec.input_shape, name="face")
    for number, (filters, size) in enumerate(convolutions, start=1):
        x = convolved(x, filters, size, f"block{number}")
        x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"block{number}_pool")(x)
        x = layers.Dropout(dropout / 2, name=f"block{number}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(dense, activation="relu", kernel_initializer="he_normal", name="dense")(x)
    x = layers.Dropout(dropout, name="dense_dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)


@architecture("six_layer_cnn", input_shape=(48, 48, 1), paper=PAPER, claim=79, any_size=False)
def six_layer_cnn(
    spec: ModelSpec,
    widths: tuple[int, ...] = (32, 48, 64, 96, 128, 160),
    sizes: tuple[int, ...] = (5, 3, 3, 3, 3, 3),
    dense: int = 128,
    penalty: float = 0.001,
) -> keras.Model:
    """Six convolutions of different sizes, a max-pool after every third, a dense layer with an L2 penalty of .001 and
    dropout of .5, and the output. Claimed: 70 % in its conclusion, a "base accuracy of 0.79" in its text.

    Chosen: "differs in filter size" is read as six growing widths, with one 5x5 in front, for six
    different kernels do not fit 48 pixels; batch norm, so that six layers train from scratch; dropout of .25 after each
    pool ("more effectively" than the plain network); 128 dense units, because the 12x12 map before
    them makes each cost 23,040 weights.
    """
    inputs = x = keras.Input(spec.input_shape, name="face")
    for number, (filters, size) in enumerate(zip(widths, sizes, strict=True), start=1):
        x = convolved(x, filters, size, f"block{number}")
        if number % 3 == 0:
            x = layers.MaxPooling2D(2, name=f"block{number}_pool")(x)
            x = layers.Dropout(0.25, name=f"block{number}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(dense, activation="relu", kernel_regularizer=keras.regularizers.L2(penalty), name="dense")(x)
    x = layers.Dropout(0.5, name="dense_dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)
