"""Scores faces with a trained network, on ONNX Runtime: a running dashboard imports no TensorFlow.

Either in this process (`LocalClassifier`) or on a cluster (`monitor.vision.elsewhere`), which runs the same class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from model_zoo.emotions import EmotionScores
from model_zoo.preprocessing import cut_square, standardise
from model_zoo.weights import WeightsCard, WeightsError, file_name, load_card, require_faces, require_input, verified
from monitor.domain import Image, Square
from monitor.errors import ClassifierError
from monitor.vision.onnx_runtime import ORT_ERRORS, options

CUDA = "CUDAExecutionProvider"

Cut = NDArray[np.uint8]
"""A grey square (side, side): what the network is shown of a face."""

Runner = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""A batch in, the network's rows out."""


@dataclass(frozen=True)
class Scoring:
    """Where faces are scored just now. `wanted`: the address of a cluster, empty where none is set; `there`: it
    answers; `told`: why it does not; `losses`: how often it was lost since the start of the process."""

    wanted: str = ""
    there: bool = False
    told: str = ""
    losses: int = 0


class Classifier(Protocol):
    """Holds no state between calls; not thread-safe: one thread owns it."""

    @property
    def card(self) -> WeightsCard: ...

    @property
    def name(self) -> str: ...

    @property
    def scoring(self) -> Scoring: ...

    def cut(self, image: Image, square: Square) -> Cut: ...

    def classify(self, cuts: Sequence[Cut]) -> list[EmotionScores]:
        """One scores per cut, all of them in one call of the network."""
        ...


class LocalClassifier:
    """The network of a card, in this process; on its graphics processor with `gpu`."""

    scoring = Scoring()

    def __init__(self, card: WeightsCard, threads: int = 1, gpu: bool = False) -> None:
        """Raises ClassifierError when a file is not what its card says."""
        self.card, self._gpu = card, gpu
        try:
            self._run = open_runner(card, threads, gpu)
            # The first call is slow, and shows whether seven numbers come out.
            self.classify([np.zeros((card.side, card.side), np.uint8)])
        except (ValueError, *ORT_ERRORS) as error:
            raise ClassifierError(f"The network {card.network} cannot be used: {error}") from error

    @property
    def name(self) -> str:
        return live_file(self.card, self._gpu).removesuffix(".onnx")

    def cut(self, image: Image, square: Square) -> Cut:
        """What FER2013 would have kept of a face, less the rim that the network was not trained on."""
        return cut_square(image, square.centre, square.side * self.card.share, self.card.side)

    def classify(self, cuts: Sequence[Cut]) -> list[EmotionScores]:
        """Raises ClassifierError where what comes out are no probabilities: a file may be damaged so that most faces
        do not show it."""
        if not cuts:
            return []
        batch = standardise(np.stack(cuts), self.card.mean, self.card.deviation)
        try:
            return [EmotionScores.of(row) for row in self._run(batch)]
        except ValueError as error:
            raise ClassifierError(f"The network {self.card.network} cannot be used: {error}") from error


def open_classifier(network: str, threads: int = 1, gpu: bool = False) -> LocalClassifier:
    """By a name in `model_zoo/weights` or the path of a card. Raises ClassifierError."""
    try:
        card = load_card(network)
        require_faces(card)
        return LocalClassifier(card, threads, gpu)
    except WeightsError as error:
        raise ClassifierError(str(error)) from error


def open_runner(card: WeightsCard, threads: int, gpu: bool = False) -> Runner:
    """The file of a card that is meant for a live class. Raises WeightsError, or one of ORT_ERRORS, when it is not
    what its card says."""
    file = verified(card, live_file(card, gpu))
    providers = [CUDA, "CPUExecutionProvider"] if gpu else ["CPUExecutionProvider"]
    session = ort.InferenceSession(str(file), options(threads), providers=providers)
    entrance = session.get_inputs()[0]
    require_input(card, entrance.shape)
    return lambda batch: np.asarray(session.run(None, {entrance.name: batch})[0])


def live_file(card: WeightsCard, gpu: bool = False) -> str:
    """The 8-bit file where the card has one, which costs a third of the time; else, and on a graphics processor, for
    which it is not made, the 32-bit one."""
    int8 = file_name(card.network, "int8")
    return int8 if int8 in card.files and not gpu else file_name(card.network, "onnx")


def has_cuda() -> bool:
    """Whether this machine's ONNX Runtime can use a graphics processor: that of `onnxruntime-gpu` can."""
    return CUDA in ort.get_available_providers()
