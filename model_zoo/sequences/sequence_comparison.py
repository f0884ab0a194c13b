"""Ways of scoring a stream, compared on the same simulated students.

- *frame by frame*: what the network of faces says of the frame.
- *smoothing*: exponential, by elapsed time, as the dashboard does it (`monitor/vision/smoothing.py`); a frame without a
  face changes nothing. The time constant is the best of `TIME_CONSTANTS` on streams of Training.
- *smoothing, shares known*: the same, each probability times how often its emotion is true in the streams of Training
  over how often in FER2013's Training pictures. It tells how much of a network's gain is only that it knows that
  simulated students are neutral half of the time.
- *lstm*: names a frame by it and the 15 before, so it can be used live. *bilstm*: also by the 8 after.
- *cnn_lstm*, where it is trained: looks at the face itself and at those of the 7 frames before.

Frames of one student are alike, so intervals are of a bootstrap over students (Efron 1979): the 2.5 and 97.5 % points
of 2,000 draws of as many students. They do not say what another training or another manner of simulating would give.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS
from model_zoo.errors import ModelZooError
from model_zoo.measuring.results import with_block
from model_zoo.scoring import Network
from model_zoo.sequences.streams import ScoredStreams, window_of_each_frame

TIME_CONSTANTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
"""Seconds after which 63 % of a change is through."""
FILE, BLOCK = "sequences.json", "sequences"
"""Its name in `model_zoo/results/`, and its block of the README."""
WINDOW = 16
AHEAD = {"lstm": 0, "bilstm": WINDOW // 2}
"""How many frames a network waits for before it names one."""
OF_FACES = ("cnn_lstm",)
"""Networks of sequences that look at the faces themselves."""
FRAME_BY_FRAME, SMOOTHING, SHARES_KNOWN = "frame by frame", "smoothing", "smoothing, shares known"
DIFFERENCES = (
    (SMOOTHING, FRAME_BY_FRAME),
    ("lstm", FRAME_BY_FRAME),
    ("lstm", SMOOTHING),
    ("lstm", SHARES_KNOWN),
    ("bilstm", "lstm"),
    ("cnn_lstm", FRAME_BY_FRAME),
    ("cnn_lstm", "lstm"),
)
DRAWS = 2000

Scores = NDArray[np.floating]
"""(students, frames, 7) probabilities, or what is proportional to them."""


class ComparisonError(ModelZooError):
    """A kept comparison cannot be read; the message says why."""


@dataclass(frozen=True)
class WayScore:
    """`accuracy`: right frames / frames; `balanced_accuracy`: mean recall of the emotions; parts of 1. `waits`: seconds
    from a frame to its name."""

    way: str
    accuracy: float
    interval95: tuple[float, float]
    balanced_accuracy: float
    waits: float


@dataclass(frozen=True)
class Difference:
    """How many more of the frames `way` names rightly than `other`, as a part of 1, on the same students."""

    way: str
    other: str
    difference: float
    interval95: tuple[float, float]


@dataclass(frozen=True)
class Comparison:
    """On simulated streams of `split`. `files`: SHA-256 by network; `time_constants`: seconds by way."""

    split: str
    students: int
    frames: int
    manner: Mapping[str, float]
    seed: int
    files: Mapping[str, str]
    time_constants: Mapping[str, float]
    ways: tuple[WayScore, ...]
    differences: tuple[Difference, ...]
    simulated: bool = True

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Comparison:
        """Raises ComparisonError for text that is no comparison."""
        try:
            kept = json.loads(text)
            ways = tuple(WayScore(**_with_interval(each)) for each in kept["ways"])
            differences = tuple(Difference(**_with_interval(each)) for each in kept["differences"])
            return cls(**{**kept, "ways": ways, "differences": differences})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ComparisonError(f"this is no comparison ({error!r}); it begins {text[:40]!r}") from error


def compare(
    networks: Mapping[str, Network],
    training: ScoredStreams,
    public_test: ScoredStreams,
    picture_shares: NDArray[np.float64],
    files: Mapping[str, str],
    seed: int = 0,
    filmed: Mapping[str, Scores] | None = None,
) -> Comparison:
    """`networks` are those of AHEAD, (n, 16, 7) → (n, 16, 7); `picture_shares` (7,) how often each emotion is the label
    of a Training picture; `filmed` what networks that look at the faces themselves say of `public_test`."""
    known = training.label_shares() / picture_shares
    even = np.ones(len(EMOTIONS))
    constants = {SMOOTHING: best_constant(training, even), SHARES_KNOWN: best_constant(training, known)}
    scored: dict[str, Scores] = {
        FRAME_BY_FRAME: public_test.scores,
        SMOOTHING: smoothed(public_test, constants[SMOOTHING]),
        SHARES_KNOWN: smoothed(public_test, constants[SHARES_KNOWN]) * known,
    }
    scored.update({name: by_windows(network, public_test, AHEAD[name]) for name, network in networks.items()})
    scored.update(filmed or {})
    of_student = {way: (each.argmax(axis=-1) == public_test.labels).mean(axis=1) for way, each in scored.items()}
    return Comparison(
        split=public_test.split,
        students=public_test.students,
        frames=public_test.frames,
        manner=asdict(public_test.manner),
        seed=seed,
        files=files,
        time_constants=constants,
        ways=tuple(score_way(way, each, public_test) for way, each in scored.items()),
        differences=tuple(
            Difference(way, other, *_mean_over_students(of_student[way] - of_student[other]))
            for way, other in DIFFERENCES
            if way in scored and other in scored
        ),
    )


def smoothed(streams: ScoredStreams, time_constant: float) -> NDArray[np.float64]:
    """(students, frames, 7): exponential smoothing by the time since the last frame with a face."""
    steps, kept = np.empty(streams.scores.shape), streams.scores[:, 0].astype(np.float64)
    begun, elapsed = np.zeros(streams.students, dtype=bool), np.zeros(streams.students)
    for frame in range(streams.frames):
        elapsed += 1 / streams.manner.frames_per_second
        here = streams.seen[:, frame]
        keep = np.exp(-elapsed / time_constant) if time_constant else np.zeros(streams.students)
        keep = np.where(here, np.where(begun, keep, 0.0), 1.0)[:, np.newaxis]
        kept = keep * kept + (1 - keep) * streams.scores[:, frame]
        begun |= here
        elapsed[here] = 0
        steps[:, frame] = kept
    return steps


def best_constant(streams: ScoredStreams, known: NDArray[np.float64]) -> float:
    """The one of TIME_CONSTANTS after which, times `known` (7,), most frames are right; the shortest of equals."""

    def accuracy(seconds: float) -> float:
        return float(((smoothed(streams, seconds) * known).argmax(axis=-1) == streams.labels).mean())

    return max(TIME_CONSTANTS, key=accuracy)


def by_windows(network: Network, streams: ScoredStreams, ahead: int) -> NDArray[np.float32]:
    """(students, frames, 7): each frame by the window that ends `ahead` frames after it."""
    rows = [network(window_of_each_frame(stream, WINDOW, ahead))[:, WINDOW - 1 - ahead] for stream in streams.scores]
    return np.stack(rows)


def score_way(way: str, scores: Scores, streams: ScoredStreams) -> WayScore:
    """How well `scores` (students, frames, 7) name the frames."""
    right = scores.argmax(axis=-1) == streams.labels
    accuracy, interval = _mean_over_students(right.mean(axis=1))
    recalls = [right[streams.labels == emotion].mean() for emotion in np.unique(streams.labels)]
    waits = AHEAD.get(way, 0) / streams.manner.frames_per_second
    return WayScore(way, accuracy, interval, float(np.mean(recalls)), waits)


def table(comparison: Comparison | None) -> str:
    """Markdown of what was measured."""
    if comparison is None:
        return "Nothing is measured yet.\n"
    seconds = comparison.frames / comparison.manner["frames_per_second"]
    constants = ", ".join(f"{value:g} s for *{way}*" for way, value in comparison.time_constants.items())
    lines = [
        f"**Simulated**: {comparison.students} students of {seconds:g} s, {comparison.frames} frames each, made of "
        f"{comparison.split} pictures.",
        f"Time constants, chosen on simulated streams of Training: {constants}.",
        "",
        "| way | frames right (95 %) | balanced | waits |",
        "| --- | --- | --- | --- |",
        *(
            f"| {each.way} | {each.accuracy:.1%} ({each.interval95[0]:.1%} to {each.interval95[1]:.1%}) | "
            f"{each.balanced_accuracy:.1%} | {each.waits:g} s |"
            for each in comparison.ways
        ),
        "",
        "| way | above | points (95 %) |",
        "| --- | --- | --- |",
        *(
            f"| {each.way} | {each.other} | {100 * each.difference:+.1f} "
            f"({100 * each.interval95[0]:+.1f} to {100 * each.interval95[1]:+.1f}) |"
            for each in comparison.differences
        ),
    ]
    return "\n".join(lines) + "\n"


def load_kept(folder: Path) -> Comparison | None:
    """None where none is kept. Raises ComparisonError for a broken one."""
    file = folder / FILE
    if not file.exists():
        return None
    try:
        return Comparison.from_json(file.read_text(encoding="utf-8"))
    except (ComparisonError, UnicodeDecodeError) as error:
        raise ComparisonError(f"{FILE}: {error}") from error


def with_table(readme: str, comparison: Comparison | None) -> str:
    """`readme` with its block of sequences replaced. Raises ResultsError without one."""
    return with_block(readme, BLOCK, table(comparison))


def _mean_over_students(values: NDArray[np.float64]) -> tuple[float, tuple[float, float]]:
    """The mean of (students,) and its interval, by the same draws for all ways."""
    drawn = np.random.default_rng(0).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return float(values.mean()), (float(low), float(high))


def _with_interval(kept: Mapping[str, Any]) -> dict[str, Any]:
    low, high = kept["interval95"]
    return {**kept, "interval95": (low, high)}
