"""What there is to know of each network without building it: the dashboard shows it, and imports no Keras.

`python -m model_zoo catalogue` writes `catalogue.json` from the registry; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from model_zoo.errors import ModelZooError

if TYPE_CHECKING:
    from model_zoo.registry import ModelSpec

CATALOGUE = Path(__file__).with_name("catalogue.json")


class CatalogueError(ModelZooError):
    """The catalogue cannot be read; the message says why."""


@dataclass(frozen=True)
class Entry:
    """`input_shape` as in `ModelSpec`; `claim`: the paper's accuracy in percent, None where it makes none."""

    name: str
    input_shape: tuple[int, ...]
    paper: str
    claim: float | None
    parameters: int


def entries(file: Path = CATALOGUE) -> tuple[Entry, ...]:
    """By name. Raises CatalogueError."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return tuple(Entry(**{**each, "input_shape": tuple(each["input_shape"])}) for each in kept)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueError(
            f"{file.name} cannot be read ({error!r}); `python -m model_zoo catalogue` writes it anew"
        ) from error


def entry_of(spec: ModelSpec) -> Entry:
    """Builds the network to count its parameters, all of them: kernels, biases, batch-norm statistics."""
    shape = tuple(side for side in spec.input_shape if side is not None)
    return Entry(spec.name, shape, spec.paper, spec.claim, spec.build().count_params())


def write(known: Iterable[Entry], file: Path = CATALOGUE) -> None:
    rows = [asdict(entry) for entry in sorted(known, key=lambda entry: entry.name)]
    file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
