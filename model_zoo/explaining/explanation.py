"""Why a network said what it said: where it looked, which pixels it hangs on, what its convolutions respond to.

Needs TensorFlow, Keras' backend here, for the gradients. All functions take one face as the network is given it,
(height, width, channels) float32 after `preprocessing.standardise`, and raise ExplanationError for a network that
does not take single pictures of that shape, has no convolution, or does not end in a softmax of its own layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS, Emotion
from model_zoo.errors import ModelZooError

CONVOLUTIONS = (layers.Conv2D, layers.SeparableConv2D, layers.DepthwiseConv2D)
ANSWERING = (layers.BatchNormalization, layers.Activation, layers.ReLU)
# These say nothing new of a face: the layer before them holds what was seen, at a finer resolution.
PASSING_ON = (layers.MaxPooling2D, layers.AveragePooling2D, layers.Dropout, layers.SpatialDropout2D)
PICTURES = 4  # axes of (n, height, width, channels)


class ExplanationError(ModelZooError):
    """A network or a picture cannot be explained; the message says what came and what is allowed."""


@dataclass(frozen=True)
class Response:
    """What a convolution called `layer` answers to a face: `maps` (height, width, channels), after the norm and the
    activation that belong to it."""

    layer: str
    maps: NDArray[np.float32]


def grad_cam(model: keras.Model, pixels: NDArray[np.float32], emotion: Emotion) -> NDArray[np.float32]:
    """(height, width) in 0..1: where the last feature maps speak for `emotion`, 1 where they do most.

    Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391): ReLU(Σ αₖ Aₖ), where Aₖ are the last maps before they are
    pooled or flattened, and αₖ is the mean over positions of ∂y/∂Aₖ, with y the score of `emotion` before the
    softmax. Enlarged bilinearly to the face and divided by its largest value; 0 everywhere when nothing speaks for it.
    """
    batch = _batch(model, pixels)
    seen = _last_maps(model)
    inner = keras.Model(model.inputs, [seen.output, _logits(model)])
    maps, slopes = _sloped(inner, batch, emotion)
    weights = tf.reduce_mean(slopes, axis=(1, 2), keepdims=True)
    spoken = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    enlarged = tf.image.resize(tf.cast(spoken, tf.float32), pixels.shape[:2])
    return _to_one(np.asarray(enlarged)[0, :, :, 0])


def saliency(model: keras.Model, pixels: NDArray[np.float32], emotion: Emotion) -> NDArray[np.float32]:
    """(height, width) in 0..1: how much the score of `emotion` hangs on each pixel, 1 where it does most.

    Simonyan et al. 2014, arXiv:1312.6034: the largest |∂y/∂pixel| over the channels, with y before the softmax.
    """
    batch = _batch(model, pixels)
    inner = keras.Model(model.inputs, [*model.inputs, _logits(model)])
    _, slopes = _sloped(inner, batch, emotion)
    return _to_one(np.abs(np.asarray(slopes, dtype=np.float32))[0].max(axis=-1))


def responses(model: keras.Model, pixels: NDArray[np.float32]) -> tuple[Response, ...]:
    """Of the first, the middle and the last convolution; fewer where the network has fewer."""
    batch = _batch(model, pixels)
    found = [layer for layer in model.layers if isinstance(layer, CONVOLUTIONS)]
    if not found:
        raise ExplanationError(f"{model.name} has no convolution, so there is none to look at")
    places = sorted({0, len(found) // 2, len(found) - 1})
    inner = keras.Model(model.inputs, [_answer(model, found[place]) for place in places])
    outputs = keras.tree.flatten(inner(batch, training=False))
    return tuple(
        Response(found[place].name, np.asarray(output, dtype=np.float32)[0])
        for place, output in zip(places, outputs, strict=True)
    )


def probabilities(model: keras.Model, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(7,), in the order of `Emotion`."""
    scores: NDArray[np.float32] = np.asarray(model(_batch(model, pixels), training=False), dtype=np.float32)
    return np.asarray(scores[0])


def _batch(model: keras.Model, pixels: NDArray[np.float32]) -> tf.Tensor:
    expected = tuple(model.input_shape[1:])
    if len(model.input_shape) != PICTURES:
        raise ExplanationError(f"{model.name} takes {expected!r}, not single pictures (height, width, channels)")
    fits = pixels.ndim == len(expected) and all(
        want in (None, got) for want, got in zip(expected, pixels.shape, strict=True)
    )
    if not fits:
        raise ExplanationError(f"{model.name} takes pictures of {expected!r}, got {pixels.shape!r}")
    return tf.constant(pixels[np.newaxis], dtype=tf.float32)


def _sloped(inner: keras.Model, batch: tf.Tensor, emotion: Emotion) -> tuple[tf.Tensor, tf.Tensor]:
    """Of a model that gives (values, scores): the values, and how the score of `emotion` changes with each."""

    def slopes(batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(batch)
            values, scores = inner(batch, training=False)
            score = scores[0, EMOTIONS.index(emotion)]
        return values, tape.gradient(score, values)

    # As a graph: step by step TensorFlow would also work out the gradients of all kernels, which nobody asked for, and
    # crashed over one of 3x3 maps (2.21 with oneDNN, `mini_xception`).
    values, found = tf.function(slopes)(batch)
    return values, found


def _logits(model: keras.Model) -> keras.KerasTensor:
    last = model.layers[-1]
    softmax = isinstance(last, layers.Softmax) or (
        isinstance(last, layers.Activation) and last.activation is keras.activations.softmax
    )
    if not softmax:
        raise ExplanationError(
            f"{model.name} ends in {type(last).__name__} {last.name!r}; a softmax layer of its own is needed, "
            "because scores are explained before it"
        )
    return last.input


def _last_maps(model: keras.Model) -> layers.Layer:
    candidates = [
        layer
        for layer in model.layers
        if not isinstance(layer, (layers.InputLayer, *PASSING_ON))
        and len(getattr(layer.output, "shape", ())) == PICTURES
    ]
    if not candidates:
        raise ExplanationError(f"{model.name} has no feature maps (n, height, width, channels) to look at")
    return candidates[-1]


def _answer(model: keras.Model, convolution: layers.Layer) -> keras.KerasTensor:
    """What comes out of the norm and the activation that follow on a convolution at once."""
    output = convolution.output
    for layer in model.layers:
        if isinstance(layer, ANSWERING) and layer.input is output:
            output = layer.output
    return output


def _to_one(values: NDArray[np.float32]) -> NDArray[np.float32]:
    largest = float(values.max())
    return np.asarray(values / largest if largest > 0 else values * 0, dtype=np.float32)
