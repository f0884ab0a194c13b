"""Measured results, one JSON file each in `model_zoo/results/`, and the table of them in the README."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from model_zoo.errors import ModelZooError
from model_zoo.evaluation import Evaluation

RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results: written by `python -m model_zoo table` -->", "<!-- end of results -->"

COLUMNS = (
    "network",
    "split",
    "crops",
    "copies",
    "n",
    "accuracy (95 %)",
    "macro-F1",
    "balanced",
    "top two",
    "ECE",
)


class ResultsError(ModelZooError):
    """A result or the README's table cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Result:
    """One evaluation: of which network and file (`sha256`), on what, seen how."""

    network: str
    sha256: str
    data_set: str
    split: str
    crops: int
    copies: bool
    evaluation: Evaluation

    @property
    def file_name(self) -> str:
        """`classroom-PublicTest.json`, with `-ten-crops` and `-without-copies` where they apply."""
        crops = "" if self.crops == 1 else "-ten-crops"
        return f"{self.network}-{self.split}{crops}{'' if self.copies else '-without-copies'}.json"

    def to_json(self) -> str:
        return json.dumps({**vars(self), "evaluation": self.evaluation.to_dict()}, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Raises ResultsError for text that is no result."""
        try:
            kept = json.loads(text)
            return cls(**{**kept, "evaluation": Evaluation.from_dict(kept["evaluation"])})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ResultsError(f"this is no result ({error!r}); it begins {text[:40]!r}") from error


def save(result: Result, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / result.file_name
    path.write_text(result.to_json(), encoding="utf-8")
    return path


def load_all(folder: Path) -> list[Result]:
    """Raises ResultsError, naming the file, for one that is broken."""
    results = []
    for path in sorted(folder.glob("*.json")):
        try:
            results.append(Result.from_json(path.read_text(encoding="utf-8")))
        except ResultsError as error:
            raise ResultsError(f"{path.name}: {error}") from error
    return sorted(results, key=lambda each: (each.network, each.split, each.crops, not each.copies))


def table(results: list[Result]) -> str:
    """Markdown; ECE is the expected calibration error."""
    if not results:
        return "Nothing is measured yet.\n"
    rows = (COLUMNS, ("---",) * len(COLUMNS), *map(_cells, results))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(readme: str, results: list[Result]) -> str:
    """`readme` with the block between its markers replaced. Raises ResultsError without them."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ResultsError(f"the README needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{table(results)}\n{END}{after}"


def _cells(result: Result) -> tuple[str, ...]:
    scores = result.evaluation
    low, high = scores.interval95
    return (
        result.network,
        result.split,
        str(result.crops),
        "with" if result.copies else "without",
        str(scores.n),
        f"{scores.accuracy:.1%} ({low:.1%} to {high:.1%})",
        f"{scores.macro_f1:.1%}",
        f"{scores.balanced_accuracy:.1%}",
        f"{scores.top2_accuracy:.1%}",
        f"{scores.ece:.3f}",
    )
