"""Measured results, one JSON file each in `model_zoo/results/`, and the table of them in the README."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from model_zoo.errors import ModelZooError
from model_zoo.measuring.calibration import Calibration
from model_zoo.measuring.evaluation import Evaluation

RESULTS = Path(__file__).parent.parent / "results"
README = Path(__file__).parent.parent / "README.md"


def marks(block: str) -> tuple[str, str]:
    """The lines of the README between which `block` is written."""
    return f"<!-- {block}: written by `python -m model_zoo table` -->", f"<!-- end of {block} -->"


BLOCK = "results"
BEGIN, END = marks(BLOCK)
OTHER_KINDS = ("robustness-", "sequences.")
"""How the names of files begin that lie in the same folder and are no evaluations."""

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
    "ECE of halves, after temperature",
)


class ResultsError(ModelZooError):
    """A result or the README's table cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Result:
    """One evaluation: of which network and file (`sha256`), on what, seen how.

    Of several networks together `network` is `A+B+C`, and `sha256` joins those of their files in the same way.
    """

    network: str
    sha256: str
    data_set: str
    split: str
    crops: int
    copies: bool
    evaluation: Evaluation
    calibration: Calibration

    @property
    def file_name(self) -> str:
        """`classroom-PublicTest.json`, with `-ten-crops` and `-without-copies` where they apply."""
        crops = "" if self.crops == 1 else "-ten-crops"
        return f"{self.network}-{self.split}{crops}{'' if self.copies else '-without-copies'}.json"

    def to_json(self) -> str:
        parts = {"evaluation": self.evaluation.to_dict(), "calibration": asdict(self.calibration)}
        return json.dumps({**vars(self), **parts}, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Raises ResultsError for text that is no result."""
        try:
            kept = json.loads(text)
            low, high = kept["calibration"]["halves"]
            calibration = Calibration(**{**kept["calibration"], "halves": (low, high)})
            evaluation = Evaluation.from_dict(kept["evaluation"])
            return cls(**{**kept, "evaluation": evaluation, "calibration": calibration})
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
        if path.name.startswith(OTHER_KINDS):
            continue
        try:
            results.append(Result.from_json(path.read_text(encoding="utf-8")))
        except ResultsError as error:
            raise ResultsError(f"{path.name}: {error}") from error
    return sorted(results, key=lambda each: (each.network, each.split, each.crops, not each.copies))


def table(results: list[Result]) -> str:
    """Markdown; ECE is the expected calibration error; those of the halves are before and after scaling."""
    if not results:
        return "Nothing is measured yet.\n"
    rows = (COLUMNS, ("---",) * len(COLUMNS), *map(_cells, results))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(readme: str, results: list[Result]) -> str:
    """`readme` with its block of results replaced. Raises ResultsError without one."""
    return with_block(readme, BLOCK, table(results))


def with_block(readme: str, block: str, text: str) -> str:
    """`readme` with `text` between the marks of `block`. Raises ResultsError without them."""
    begin, end = marks(block)
    before, found, rest = readme.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ResultsError(f"the README needs the lines {begin!r} and {end!r}")
    return f"{before}{begin}\n\n{text}\n{end}{after}"


def _cells(result: Result) -> tuple[str, ...]:
    scores, scaled = result.evaluation, result.calibration
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
        f"{scaled.ece_before_temperature:.3f}, {scaled.ece_after_temperature:.3f} (T {scaled.temperature:.2f})",
    )
