"""How long a network takes for the faces of one moment: ONNX Runtime side by side with Keras' `predict`."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_zoo.errors import ModelZooError
from model_zoo.scoring import Network, open_network
from model_zoo.weights import WeightsCard, file_name, verified

FACES = (1, 8, 30)
THREADS = (1, 2)
ROUNDS = 30
CELL = 26  # characters of a column
WARM_UP = 2
"""Calls of each contender before any is timed: the first ones reserve memory and, in Keras, trace the graph."""


class TimingError(ModelZooError):
    """Nothing can be timed as asked; the message says what came and what is allowed."""


@dataclass(frozen=True)
class Contender:
    """One way to run a network. `threads` is None where the runtime has a pool of its own, as TensorFlow has."""

    network: str
    way: str
    threads: int | None
    run: Network


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one call for `faces` faces: the median of `rounds` calls, and the quartiles around it."""

    network: str
    way: str
    threads: int | None
    faces: int
    rounds: int
    median_ms: float
    quartiles_ms: tuple[float, float]


def contenders(card: WeightsCard) -> Iterator[Contender]:
    """The ONNX files the card has on each number of `THREADS`, then Keras' `model.predict` where it has that file.

    Raises WeightsError for files that the card does not describe.
    """
    for format, way in (("onnx", "ONNX fp32"), ("int8", "ONNX int8")):
        if file_name(card.network, format) in card.files:
            for threads in THREADS:
                yield Contender(card.network, way, threads, open_network(card, format, threads))
    if file_name(card.network, "keras") in card.files:
        yield Contender(card.network, "Keras predict", None, _predict(card))


def measure(
    contenders: Sequence[Contender],
    shape: tuple[int, ...],
    clock: Callable[[], float],
    faces: Iterable[int] = FACES,
    rounds: int = ROUNDS,
    done: Callable[[], object] = lambda: None,
) -> list[Timing]:
    """A timing for each contender and number of faces, of `shape` (height, width, channels) each.

    `clock` gives seconds. In each round all contenders take their turn, so a machine that slows down slows all of
    them. `done` is called after each round. Raises TimingError for no round.
    """
    if rounds < 1:
        raise TimingError(f"the number of rounds is at least 1, got {rounds!r}")
    timings = []
    for count in faces:
        # Times do not depend on what the pictures show.
        batch = np.random.default_rng(0).standard_normal((count, *shape)).astype(np.float32)
        for each in contenders:
            for _ in range(WARM_UP):
                each.run(batch)
        seconds = np.zeros((rounds, len(contenders)))
        for turn in range(rounds):
            for place, each in enumerate(contenders):
                seconds[turn, place] = _timed(each.run, batch, clock)
            done()
        timings += [_timing(each, count, row * 1000) for each, row in zip(contenders, seconds.T, strict=True)]
    return timings


def machine() -> dict[str, Any]:
    """What the times belong to: the processor's name and how many cores may be used."""
    # `sched_getaffinity` is not on every system; a container may allow fewer cores than the machine has.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"processor": platform.processor() or platform.machine(), "system": platform.system(), "cores": cores}


def to_dict(timings: Sequence[Timing]) -> dict[str, Any]:
    return {"machine": machine(), "timings": [asdict(each) for each in timings]}


def described(timings: Sequence[Timing]) -> str:
    """For a terminal: a line per network, way and threads; a column per number of faces."""
    counts = sorted({each.faces for each in timings})
    rows: dict[tuple[str, str, int | None], dict[int, Timing]] = {}
    for each in timings:
        rows.setdefault((each.network, each.way, each.threads), {})[each.faces] = each
    width = max(len("network"), *(len(name) for name, _, _ in rows))
    heads = " ".join(f"{f'{count} face' + ('s' if count > 1 else ''):<{CELL}}" for count in counts)
    lines = [
        f"milliseconds: median (quartiles) of {timings[0].rounds} calls on {machine()['cores']} cores",
        f"{'network':<{width}} {'way':<14} {'threads':<8} {heads}".rstrip(),
    ]
    for (name, way, threads), row in rows.items():
        cells = " ".join(f"{_cell(row[count]):<{CELL}}" for count in counts)
        lines.append(f"{name:<{width}} {way:<14} {threads or 'its own':<8} {cells}".rstrip())
    return "\n".join(lines)


def _cell(timing: Timing) -> str:
    low, high = timing.quartiles_ms
    return f"{timing.median_ms:.2f} ({low:.2f} to {high:.2f})"


def _timed(run: Network, batch: NDArray[np.float32], clock: Callable[[], float]) -> float:
    began = clock()
    run(batch)
    return clock() - began


def _timing(contender: Contender, faces: int, times: NDArray[np.float64]) -> Timing:
    low, middle, high = (round(float(value), 4) for value in np.percentile(times, (25, 50, 75)))
    return Timing(contender.network, contender.way, contender.threads, faces, len(times), middle, (low, high))


def _predict(card: WeightsCard) -> Network:
    import keras

    model = keras.saving.load_model(verified(card, file_name(card.network, "keras")), compile=False)

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(model.predict(batch, verbose=0), dtype=np.float32)

    return run
