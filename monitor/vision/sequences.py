"""Scores the newest moment of a face by the seconds before it, with a recurrent network (paper 004)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EmotionScores
from model_zoo.weights import WeightsCard, WeightsError, load_card
from monitor.errors import ClassifierError
from monitor.vision.classification import open_runner
from monitor.vision.onnx_runtime import ORT_ERRORS

FRAMES_PER_SECOND = 5.0
"""At which a network of sequences learned, where its card does not say."""

Rows = NDArray[np.float32]
"""(window, 7): what the classifier said of a face, the newest last."""


class Window:
    """The last scores of one track, at the pace at which the network of sequences learned.

    By time, not by frame: whatever frames a stream drops or brings beside, a row stands for the same time. Where the
    track is younger than the window, its first scores are repeated, as they were for learning.
    """

    def __init__(self, length: int, frames_per_second: float) -> None:
        self._step = timedelta(seconds=1 / frames_per_second)
        self._length = length
        self._past: deque[tuple[datetime, EmotionScores]] = deque()

    def after(self, scores: EmotionScores, at: datetime) -> Rows:
        """The window that ends with these scores. A clock that was set back starts it afresh."""
        if self._past and at < self._past[-1][0]:
            self._past.clear()
        self._past.append((at, scores))
        while at - self._past[0][0] > self._step * self._length:
            self._past.popleft()
        moments = [at - self._step * back for back in reversed(range(self._length))]
        return np.array([self._nearest(moment) for moment in moments], dtype=np.float32)

    def _nearest(self, moment: datetime) -> tuple[float, ...]:
        _, scores = min(self._past, key=lambda one: abs(one[0] - moment))
        return scores.probabilities


class SequenceNetwork:
    """The recurrent network of a card. Holds no state between calls; not thread-safe: one thread owns it."""

    def __init__(self, card: WeightsCard, threads: int = 1) -> None:
        """Raises ClassifierError for a network that takes no sequences or looks ahead, or whose file is not what its
        card says."""
        _require_live(card)
        self.card = card
        try:
            self._run = open_runner(card, threads)
            self.score([np.zeros(card.input_shape, np.float32)])  # the first call is slow
        except (ValueError, *ORT_ERRORS) as error:
            raise ClassifierError(f"The network {card.network} cannot be used: {error}") from error

    @property
    def name(self) -> str:
        return self.card.network

    def window(self) -> Window:
        """An empty one, for a new track."""
        manner = self.card.recipe.get("simulated", {}).get("manner", {})
        return Window(self.card.window, manner.get("frames_per_second", FRAMES_PER_SECOND))

    def score(self, windows: Sequence[Rows]) -> list[EmotionScores]:
        """Of the newest row of each window, all of them in one call of the network."""
        if not windows:
            return []
        return [EmotionScores.of(rows[-1]) for rows in self._run(np.stack(windows))]


def open_sequence_network(name: str, scored_by: str, threads: int = 1) -> SequenceNetwork | None:
    """By a name in `model_zoo/weights` or the path of a card; None for an empty name. `scored_by` is the network that
    scores the faces. Raises ClassifierError, also when it learned from what another network says."""
    if not name:
        return None
    try:
        card = load_card(name)
    except WeightsError as error:
        raise ClassifierError(str(error)) from error
    opened = SequenceNetwork(card, threads)
    if card.scored_by != scored_by:
        raise ClassifierError(
            f"{card.network} learned from what the network {card.scored_by} says of faces, and the faces are scored "
            f'by {scored_by}: set network = "{card.scored_by}", or leave sequence_network empty.'
        )
    return opened


def _require_live(card: WeightsCard) -> None:
    if card.takes_faces:
        raise ClassifierError(
            f"{card.network} scores single faces, so it is no sequence_network; allowed is a network that takes "
            "sequences and looks back only, such as lstm. Empty smooths instead."
        )
    if card.scored_by is None:
        raise ClassifierError(
            f"{card.network} looks at the faces of {card.window} moments, which nobody keeps; allowed is a network "
            "that looks back at what was said of them, such as lstm. Empty smooths instead."
        )
    if card.ahead:
        raise ClassifierError(
            f"{card.network} looks {card.ahead} frames ahead of the one that it scores, which a live face does not "
            "have yet; allowed is a network that looks back only, such as lstm. Empty smooths instead."
        )
