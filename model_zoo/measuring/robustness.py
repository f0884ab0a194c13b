"""How much of its accuracy a network keeps when faces get harder to read, and the README's table of it.

One JSON file per network in `model_zoo/results/`: `robustness-NAME.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_zoo.measuring.disturbances import DISTURBANCES, STRENGTHS, Disturbance
from model_zoo.measuring.evaluation import evaluate
from model_zoo.measuring.results import ResultsError, with_block

PREFIX = "robustness-"
BLOCK = "robustness"
"""The README's block, and how the names of the files begin."""

Score = Callable[[NDArray[np.uint8]], NDArray[np.floating]]
"""(n, side, side) grey values → (n, 7) probabilities."""

NOTHING = "nothing"
"""The name of strength 0: the picture as it is."""


@dataclass(frozen=True)
class Step:
    """Accuracy, a part of 1, at one `strength`: 0 the picture as it is, 1 to 5 with `amount` in the unit of its row.

    `interval95` is Wilson's, as at `Evaluation`.
    """

    strength: int
    amount: float | None
    accuracy: float
    interval95: tuple[float, float]


@dataclass(frozen=True)
class Row:
    """One disturbance: steps of strength 1 to 5. Raises ResultsError for others."""

    disturbance: str
    unit: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        strengths = [step.strength for step in self.steps]
        if strengths != list(range(1, STRENGTHS + 1)):
            raise ResultsError(f"{self.disturbance} has steps of strength 1 to {STRENGTHS}, got {strengths!r}")


@dataclass(frozen=True)
class Robustness:
    """What one file (`sha256`) of a network scored on `n` pictures of a split, one crop each."""

    network: str
    sha256: str
    data_set: str
    split: str
    n: int
    plain: Step
    rows: tuple[Row, ...]

    @property
    def file_name(self) -> str:
        return f"{PREFIX}{self.network}.json"

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Robustness:
        """Raises ResultsError for text that is none."""
        try:
            kept = json.loads(text)
            rows = tuple(Row(row["disturbance"], row["unit"], tuple(map(_step, row["steps"]))) for row in kept["rows"])
            return cls(**{**kept, "plain": _step(kept["plain"]), "rows": rows})
        except ResultsError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ResultsError(f"this is no measured robustness ({error!r}); it begins {text[:40]!r}") from error


def evenly(n: int, wanted: int | None) -> list[int]:
    """`wanted` places out of `n` at equal distances, so that each label keeps its share; all for None.

    Raises ResultsError when fewer than one is wanted.
    """
    if wanted is None or wanted >= n:
        return list(range(n))
    if wanted < 1:
        raise ResultsError(f"the number of pictures is at least 1, got {wanted!r}")
    return [index * n // wanted for index in range(wanted)]


def measure(
    score: Score,
    images: NDArray[np.uint8],
    labels: Sequence[str],
    disturbances: Sequence[Disturbance] = DISTURBANCES,
    done: Callable[[], object] = lambda: None,
) -> tuple[Step, tuple[Row, ...]]:
    """The plain step and a row per disturbance for (n, side, side) `images`. Calls `done` after each of the steps."""

    def step(strength: int, amount: float | None, changed: NDArray[np.uint8]) -> Step:
        scores = evaluate(score(changed), labels)
        done()
        return Step(strength, amount, scores.accuracy, scores.interval95)

    plain = step(0, None, images)
    rows = []
    for each in disturbances:
        steps = tuple(step(place + 1, amount, each.change(images, amount)) for place, amount in enumerate(each.amounts))
        rows.append(Row(each.name, each.unit, steps))
    return plain, tuple(rows)


def save(robustness: Robustness, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / robustness.file_name
    path.write_text(robustness.to_json(), encoding="utf-8")
    return path


def load_all(folder: Path) -> list[Robustness]:
    """By the names of the networks. Raises ResultsError, naming the file, for one that is broken."""
    measured = []
    for path in sorted(folder.glob(f"{PREFIX}*.json")):
        try:
            measured.append(Robustness.from_json(path.read_text(encoding="utf-8")))
        except ResultsError as error:
            raise ResultsError(f"{path.name}: {error}") from error
    return measured


def table(measured: Sequence[Robustness]) -> str:
    """Markdown: a table per network, a column per strength."""
    if not measured:
        return "Nothing is measured yet.\n"
    return "\n".join("".join(f"{line}\n" for line in _markdown(each)) for each in measured)


def with_table(readme: str, measured: Sequence[Robustness]) -> str:
    """`readme` with its block of robustness replaced. Raises ResultsError without one."""
    return with_block(readme, BLOCK, table(measured))


def _markdown(measured: Robustness) -> Iterator[str]:
    steps = [measured.plain, *(step for row in measured.rows for step in row.steps)]
    reach = max((high - low) / 2 for low, high in (step.interval95 for step in steps))
    yield (
        f"`{measured.network}` on {measured.n} pictures of {measured.split}: accuracy, and the amount in brackets. "
        f"The 95 % interval reaches at most {reach:.1%} to either side."
    )
    yield ""
    yield f"| disturbed by | amount in | {' | '.join(map(str, range(STRENGTHS + 1)))} |"
    yield "|" + " --- |" * (STRENGTHS + 3)
    for row in measured.rows:
        cells = [f"{step.accuracy:.1%} ({step.amount:g})" for step in row.steps]
        yield f"| {row.disturbance} | {row.unit} | {measured.plain.accuracy:.1%} | {' | '.join(cells)} |"


def described(measured: Robustness) -> str:
    """For a terminal: a line per disturbance and strength."""
    lines = [
        f"{measured.network}, {measured.n} pictures of {measured.split}",
        f"{'disturbed by':<15} {'strength':>8} {'amount':>7} {'accuracy':>9}   {'95 %':<16} unit of the amount",
        _line(NOTHING, measured.plain, "the picture as it is"),
    ]
    lines += [_line(row.disturbance, step, row.unit) for row in measured.rows for step in row.steps]
    return "\n".join(lines)


def _line(name: str, step: Step, unit: str) -> str:
    low, high = step.interval95
    amount = "-" if step.amount is None else f"{step.amount:g}"
    return f"{name:<15} {step.strength:>8} {amount:>7} {step.accuracy:>9.1%}   {f'{low:.1%} to {high:.1%}':<16} {unit}"


def _step(kept: dict[str, Any]) -> Step:
    low, high = kept["interval95"]
    return Step(**{**kept, "interval95": (low, high)})
