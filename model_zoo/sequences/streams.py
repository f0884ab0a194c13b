"""Simulated streams as a network of faces scores them: what a network of sequences learns from and is judged by.

In a frame without a face the last probabilities are repeated, and before the first face they are 1/7 each. Every way
of scoring a stream is given the same frames, and the missed ones count as any other.

The network of faces learned from Training, so there it is right more often than it will be on a new face. Streams for
learning are therefore drawn with `hardness`: pictures that it names wrongly come into the albums more often, until as
many are right as its card says of unseen pictures. Both kinds stay whole: a hard picture is hard in each of its frames,
which louder noise on easy pictures would not show. From PublicTest this takes one number, the accuracy on the card.
Measured on the streams of the README: `lstm` names 65.8 % of the frames rightly, and 65.4 % when it learned from evenly
drawn albums.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from data.fer2013 import Pictures
from model_zoo.emotions import EMOTIONS
from model_zoo.measuring.evaluation import indices
from model_zoo.sequences.simulation import Manner, SimulationError, simulate

Scorer = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
"""(n, 48, 48) grey faces → (n, 7) probabilities."""


@dataclass(frozen=True)
class ScoredStreams:
    """Simulated students of one split, all of one length.

    `scores` (students, frames, 7): repeated from the last face where `seen` (students, frames) is false; `labels`
    (students, frames): the place of the true emotion in `EMOTIONS`.
    """

    split: str
    scores: NDArray[np.float32]
    seen: NDArray[np.bool_]
    labels: NDArray[np.int64]
    manner: Manner = field(default_factory=Manner)

    def __post_init__(self) -> None:
        expected = (*self.labels.shape, len(EMOTIONS))
        if self.labels.ndim != 2 or self.scores.shape != expected or self.seen.shape != self.labels.shape:
            raise SimulationError(
                f"scores, seen and labels are (students, frames, 7), (students, frames) twice; "
                f"got {self.scores.shape}, {self.seen.shape} and {self.labels.shape}"
            )

    @property
    def students(self) -> int:
        return len(self.labels)

    @property
    def frames(self) -> int:
        return int(self.labels.shape[1])

    def label_shares(self) -> NDArray[np.float64]:
        """(7,): how much of the time each emotion is the true one."""
        return np.bincount(self.labels.ravel(), minlength=len(EMOTIONS)) / self.labels.size


def score_streams(
    score: Scorer,
    pictures: Pictures,
    students: int,
    frames: int,
    seed: int = 0,
    manner: Manner | None = None,
    weights: NDArray[np.float64] | None = None,
    quiet: bool = True,
) -> ScoredStreams:
    """Simulates and scores `students` streams of `frames` each; no face is kept. Raises SimulationError."""
    manner = manner or Manner()
    if students <= 0:
        raise SimulationError(f"at least one student is simulated, got {students!r}")
    scores, seen, labels = [], [], []
    for student in tqdm(range(students), desc=f"simulating {pictures.split}", unit="student", disable=quiet or None):
        stream = simulate(pictures, frames, student, seed, manner, weights)
        scores.append(held(score(stream.faces), stream.seen))
        seen.append(stream.seen)
        labels.append(stream.labels)
    return ScoredStreams(pictures.split, np.stack(scores), np.stack(seen), np.stack(labels), manner)


def kept_streams(
    folder: Path,
    network: str,
    score: Scorer,
    pictures: Pictures,
    students: int,
    frames: int,
    seed: int = 0,
    weights: NDArray[np.float64] | None = None,
) -> ScoredStreams:
    """The same, kept in `folder` under what decides it, so that it is computed once. `network` names the file that
    scores, by its content."""
    manner = Manner()
    decided = json.dumps([network, pictures.split, students, frames, seed, asdict(manner)]).encode()
    weighed = b"" if weights is None else weights.tobytes()
    digest = hashlib.sha256(decided + weighed + "".join(pictures.labels).encode() + pictures.images.tobytes())
    file = folder / f"{pictures.split}-{digest.hexdigest()[:16]}.npz"
    if file.exists():
        with np.load(file) as kept:
            return ScoredStreams(pictures.split, kept["scores"], kept["seen"], kept["labels"], manner)
    streams = score_streams(score, pictures, students, frames, seed, manner, weights, quiet=False)
    folder.mkdir(parents=True, exist_ok=True)
    half_written = file.with_suffix(".part.npz")
    np.savez_compressed(half_written, scores=streams.scores, seen=streams.seen, labels=streams.labels)
    half_written.replace(file)
    return streams


def held(scores: NDArray[np.floating], seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(frames, 7) with the last seen row repeated in frames without a face, 1/7 each before the first face."""
    last = np.maximum.accumulate(np.where(seen, np.arange(len(seen)), -1))
    rows = scores[np.maximum(last, 0)]
    return np.where(last[:, np.newaxis] >= 0, rows, 1 / len(EMOTIONS)).astype(np.float32)


def hardness(scores: NDArray[np.floating], labels: tuple[str, ...], accuracy: float) -> NDArray[np.float64]:
    """(n,): 1 for pictures named rightly by their `scores` (n, 7), and for the others what makes a weighted draw right
    with probability `accuracy`. Pictures that are harder than that already stay as they are."""
    if not 0 < accuracy < 1:
        raise SimulationError(f"accuracy lies between 0 and 1, got {accuracy!r}")
    right = scores.argmax(axis=1) == indices(labels)
    rights, wrongs = int(right.sum()), int((~right).sum())
    if not wrongs or not rights:
        return np.ones(len(right))
    heavier = max(1.0, rights * (1 - accuracy) / (accuracy * wrongs))
    return np.where(right, 1.0, heavier)


def windows(streams: ScoredStreams, length: int, stride: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """(n, length, 7) probabilities and (n, length) labels: every `stride`-th window of each stream."""
    if streams.frames < length:
        raise SimulationError(f"a window is {length} frames, the streams have {streams.frames}")
    starts = range(0, streams.frames - length + 1, stride)
    scores = [streams.scores[:, start : start + length] for start in starts]
    labels = [streams.labels[:, start : start + length] for start in starts]
    return np.concatenate(scores), np.concatenate(labels)


def window_of_each_frame(stream: NDArray[np.float32], length: int, ahead: int) -> NDArray[np.float32]:
    """(frames, …) → (frames, length, …): for each frame the window that ends `ahead` frames later. Beyond an end the
    first or last row is repeated."""
    padded = np.concatenate([np.repeat(stream[:1], length - 1 - ahead, 0), stream, np.repeat(stream[-1:], ahead, 0)])
    return np.ascontiguousarray(np.moveaxis(np.lib.stride_tricks.sliding_window_view(padded, length, axis=0), -1, 1))
