"""Scores pictures with a trained file: the `.onnx` that watches a class, or the `.keras` it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from data.fer2013 import Pictures
from model_zoo.preprocessing import centre_crop, standardise
from model_zoo.weights import WeightsCard, file_name, load_card, require_faces, require_input, verified

BATCH = 128

# (n, side, side, channels) → (n, 7)
Network = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def score(
    name: str | Path, pictures: Pictures, tta: bool = False, format: str = "onnx", quiet: bool = True
) -> NDArray[np.float64]:
    """(n, 7) probabilities of the network of that card; shows its progress unless `quiet`.

    `tta` averages ten crops of each picture: the corners, the middle, and their mirror images
    (Krizhevsky et al. 2012). Raises WeightsError when the file or its input is not what its card says.
    """
    card = load_card(name)
    return score_with(open_network(card, format), card, pictures.images, tta, quiet)


def open_network(card: WeightsCard, format: str = "onnx", threads: int | None = None) -> Network:
    """`format` is one of FORMATS. `threads` of ONNX Runtime, each as the dashboard has them; None leaves them to it.

    Raises WeightsError for a file that its card does not describe.
    """
    path = verified(card, file_name(card.network, format))
    network, shape = _open_keras(path) if format == "keras" else _open_onnx(path, threads)
    require_input(card, shape)
    return network


def score_together(
    cards: Sequence[WeightsCard],
    images: NDArray[np.uint8],
    tta: bool = False,
    format: str = "onnx",
    quiet: bool = True,
) -> NDArray[np.float64]:
    """(n, 48, 48) grey values → (n, 7), the mean of the probabilities of all networks, each of which sees the pictures
    in its own size. Paper 004 wants classifiers combined and does not say how; this is the sum rule of Kittler et al.
    1998, "On Combining Classifiers". Raises WeightsError as `open_network` does, and for a network of sequences."""
    for card in cards:  # before the first one works for a minute
        require_faces(card)
    networks = [open_network(card, format) for card in cards]
    rows = [score_with(network, card, images, tta, quiet) for network, card in zip(networks, cards, strict=True)]
    return np.asarray(np.mean(rows, axis=0))


def score_with(
    network: Network, card: WeightsCard, images: NDArray[np.uint8], tta: bool = False, quiet: bool = True
) -> NDArray[np.float64]:
    """(n, field, field) grey values → (n, 7) probabilities. Raises WeightsError for a network of sequences."""
    require_faces(card)
    starts = tqdm(range(0, len(images), BATCH), desc="scoring", unit="batch", disable=True if quiet else None)
    return np.concatenate([_score_batch(network, card, images[start : start + BATCH], tta) for start in starts])


def _score_batch(network: Network, card: WeightsCard, images: NDArray[np.uint8], tta: bool) -> NDArray[np.float64]:
    crops = list(ten_crops(images, card.seen)) if tta else [centre_crop(images, card.seen)]
    rows = [network(standardise(crop, card.mean, card.deviation)) for crop in crops]
    return np.asarray(np.mean(rows, axis=0, dtype=np.float64))


def ten_crops(images: NDArray[np.uint8], side: int) -> Iterator[NDArray[np.uint8]]:
    """The four corners and the middle of (n, height, width), each as it is and mirrored."""
    end = images.shape[1] - side
    for top, left in ((0, 0), (0, end), (end, 0), (end, end), (end // 2, end // 2)):
        crop = images[:, top : top + side, left : left + side]
        yield crop
        yield crop[:, :, ::-1]


def open_onnx_file(path: Path) -> Network:
    """A file without a card, as it is just being made."""
    return _open_onnx(path)[0]


def _open_onnx(path: Path, threads: int | None = None) -> tuple[Network, tuple[object, ...]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if threads is not None:
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # As the dashboard opens it: threads that spin while they wait would burn a core that others need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    entrance = session.get_inputs()[0]

    def network(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {entrance.name: batch})[0], dtype=np.float32)

    return network, tuple(entrance.shape)


def _open_keras(path: Path) -> tuple[Network, tuple[object, ...]]:
    import keras

    model = keras.saving.load_model(path, compile=False)

    def network(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        # Of PyTorch's tensors numpy makes no arrays while they may still learn.
        return np.asarray(keras.ops.convert_to_numpy(model(batch, training=False)), dtype=np.float32)

    return network, tuple(model.input_shape)
