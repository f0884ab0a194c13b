"""VGG networks: the original, fine-tuned, and the one of the best published single-network score (paper 001)."""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.architectures.parts import convolved, probabilities
from model_zoo.registry import ModelSpec, architecture

PAPER = "001 Nurmakhan et al."


@architecture("vgg16", input_shape=(48, 48, 1), paper=PAPER, claim=72.7)
def vgg16(spec: ModelSpec, dense: tuple[int, ...] = (512, 512), dropout: float = 0.5) -> keras.Model:
    """13 convolutions, 5 max-pools, 3 dense layers (Simonyan and Zisserman 2015, arXiv:1409.1556).

    The layers have the names of `keras.applications.VGG16`, so that its ImageNet weights fit. Five pools leave 1x1x512
    of 48x48: dense layers of 512, where the original's 4096 were for 7x7x512 and a thousand classes.
    """
    inputs = x = keras.Input(spec.input_shape, name="face")
    for block, (count, width) in enumerate(((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)), start=1):
        for number in range(1, count + 1):
            x = layers.Conv2D(
                width,
                3,
                padding="same",
                activation="relu",
                kernel_initializer="he_normal",
                name=f"block{block}_conv{number}",
            )(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = _dense(x, dense, dropout)
    return keras.Model(inputs, probabilities(x), name=spec.name)


@architecture("vggnet", input_shape=(40, 40, 1), paper=PAPER, claim=73.28, any_size=False)
def vggnet(
    spec: ModelSpec,
    widths: tuple[int, ...] = (64, 128, 256, 512),
    dense: tuple[int, ...] = (4096, 4096),
    dropout: float = 0.2,
) -> keras.Model:
    """Four stages of two convolutions and a max-pool, three dense layers (Khaireddin and Chen 2021, arXiv:2105.03588).

    Paper 001 draws it without widths; these, the 40x40 crop and the dropout are those of the code that its
    reference 4 published. A block is convolution, norm, ReLU.
    """
    inputs = x = keras.Input(spec.input_shape, name="face")
    for stage, width in enumerate(widths, start=1):
        x = convolved(x, width, 3, f"stage{stage}a")
        x = convolved(x, width, 3, f"stage{stage}b")
        x = layers.MaxPooling2D(2, name=f"stage{stage}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = _dense(x, dense, dropout)
    return keras.Model(inputs, probabilities(x), name=spec.name)


def _dense(x: keras.KerasTensor, widths: tuple[int, ...], dropout: float) -> keras.KerasTensor:
    for number, units in enumerate(widths, start=1):
        x = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x)
    return x
