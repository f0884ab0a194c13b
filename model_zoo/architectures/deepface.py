"""The emotion network of the `deepface` package (paper 002; Serengil and Ozpinar, LightFace)."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

from model_zoo.architectures.parts import probabilities
from model_zoo.errors import ModelZooError
from model_zoo.registry import ModelSpec, architecture


@architecture("deepface_emotion", input_shape=(48, 48, 1), paper="002 Babariya", claim=57, any_size=False)
def deepface_emotion(spec: ModelSpec, dense: tuple[int, ...] = (1024, 1024), dropout: float = 0.2) -> keras.Model:
    """Five convolutions (64 of 5x5; 64, 64, 128, 128 of 3x3), three overlapping pools, two dense layers of 1024.

    Paper 002 uses the package as it is; sizes from its code, trained here. Claimed: what its issue tracker reports.
    No padding: 48 pixels end as 1x1x128.
    """
    inputs = keras.Input(spec.input_shape, name="face")
    x = layers.Conv2D(64, 5, activation="relu", name="conv1")(inputs)
    x = layers.MaxPooling2D(5, strides=2, name="pool1")(x)
    for stage, width in ((2, 64), (3, 128)):
        x = layers.Conv2D(width, 3, activation="relu", name=f"conv{stage}a")(x)
        x = layers.Conv2D(width, 3, activation="relu", name=f"conv{stage}b")(x)
        x = layers.AveragePooling2D(3, strides=2, name=f"pool{stage}")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate(dense, start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x)
    return keras.Model(inputs, probabilities(x), name=spec.name)


def load_package_weights(model: keras.Model, file: Path, mean: float, deviation: float) -> None:
    """Gives `model` the weights of the package's own `facial_expression_model_weights.h5`.

    They were trained on grey values over 255; `mean` and `deviation`, by which our pictures are standardised, are
    folded into the first convolution (exactly: it has no padding). Its labels stand in our order.
    Raises ModelZooError when the file does not fit.
    """
    try:
        model.load_weights(file)
    except (OSError, ValueError) as error:
        raise ModelZooError(f"{file} holds no weights of deepface's emotion network: {error}") from error
    first = model.get_layer("conv1")
    kernel, bias = (keras.ops.convert_to_numpy(weight) for weight in first.weights)
    first.kernel.assign(kernel * (deviation / 255))
    first.bias.assign(bias + kernel.sum(axis=(0, 1, 2)) * (mean / 255))
