"""Networks of sequences (Sharma and Jain, "Characterization of Facial Expression using Deep Neural Networks",
paper 004).

The paper's networks score each frame and then sum the frame scores and normalise them: `pool` does that, so a
network here gives one row of probabilities for a sequence. Its layer `frames` gives one for each frame,
which `frame_scores` hands out: for training frame by frame, as the paper does, and for a live face, whose newest
frame is the last. The paper claims errors of 14.6 (LSTM) and 13.2 % (both ways) for six classes of Cohn-Kanade.

A frame is what another network said of it: seven probabilities. The paper's thirty inputs are the parameters of a face
model that it does not give; `dataclasses.replace(spec, input_shape=(frames, 30))` builds for those, or for landmarks.
Its counts of weights (94,606 and 90,292) do not follow from thirty inputs and the cells it names; the cells are kept.
"""

from __future__ import annotations

import keras
from keras import layers

from model_zoo.emotions import EMOTIONS
from model_zoo.registry import ModelSpec, architecture

PAPER = "004 Sharma and Jain"
FRAMES = 16
FACES = 8
"""Frames that a window holds: of probabilities, and of pictures, which cost more."""


@architecture("lstm", input_shape=(FRAMES, len(EMOTIONS)), paper=PAPER, claim=85.4)
def lstm(spec: ModelSpec, cells: int = 120) -> keras.Model:
    """120 cells that look back only, so it can follow a live face."""
    inputs = keras.Input(spec.input_shape, name="frames_in")
    x = _cells(cells, "lstm")(inputs)
    return keras.Model(inputs, _summed(x), name=spec.name)


@architecture("bilstm", input_shape=(FRAMES, len(EMOTIONS)), paper=PAPER, claim=86.8)
def bilstm(spec: ModelSpec, cells: int = 80) -> keras.Model:
    """80 cells forwards and 80 backwards: for a sequence that has ended."""
    inputs = keras.Input(spec.input_shape, name="frames_in")
    x = layers.Bidirectional(_cells(cells, "lstm"), name="both_ways")(inputs)
    return keras.Model(inputs, _summed(x), name=spec.name)


@architecture("cnn_lstm", input_shape=(FACES, 48, 48, 1), paper=PAPER)
def cnn_lstm(
    spec: ModelSpec, widths: tuple[int, ...] = (32, 64, 128), cells: int = 120, both_ways: bool = False
) -> keras.Model:
    """A convolutional network looks at each face of a window, 120 cells (or 80 `both_ways`) at what it saw.

    The paper calls for the hybrid and gives no sizes: three convolutions of 3x3, each halved, are the least that sees a
    whole mouth. A convolution of 1x3x3 over (frames, height, width) is a 3x3 one of each frame.
    """
    inputs = x = keras.Input(spec.input_shape, name="faces")
    for block, width in enumerate(widths, start=1):
        x = layers.Conv3D(width, (1, 3, 3), padding="same", use_bias=False, name=f"block{block}_conv")(x)
        x = layers.BatchNormalization(name=f"block{block}_norm")(x)
        x = layers.Activation("relu", name=f"block{block}_relu")(x)
        x = layers.MaxPooling3D((1, 2, 2), name=f"block{block}_pool")(x)
    frames, height, length, _ = x.shape[1:]
    x = layers.AveragePooling3D((1, height, length), name="look")(x)
    x = layers.Reshape((frames, widths[-1]), name="seen")(x)
    x = layers.Bidirectional(_cells(80, "lstm"), name="both_ways")(x) if both_ways else _cells(cells, "lstm")(x)
    return keras.Model(inputs, _summed(x), name=spec.name)


def frame_scores(model: keras.Model) -> keras.Model:
    """The same network and weights, giving (n, frames, 7): the scores of each frame, before they are summed."""
    return keras.Model(model.input, model.get_layer("frames").output, name=f"{model.name}_frames")


def _cells(count: int, name: str) -> layers.LSTM:
    # Unrolled, it is a plain graph in ONNX and on every backend.
    return layers.LSTM(count, return_sequences=True, unroll=True, use_cudnn=False, name=name)


def _summed(x: keras.KerasTensor) -> keras.KerasTensor:
    x = layers.Dense(len(EMOTIONS), name="logits")(x)
    x = layers.Activation("softmax", dtype="float32", name="frames")(x)
    return layers.GlobalAveragePooling1D(dtype="float32", name="pool")(x)
