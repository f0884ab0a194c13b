"""`python -m model_zoo`: list, train, evaluate, explain and time the networks that name emotions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from data.fer2013 import DataError
from model_zoo.commands import (
    cataloguing,
    disturbing,
    evaluating,
    explaining,
    fetching,
    listing,
    predicting,
    sequences,
    timing,
    training,
    tuning,
)
from model_zoo.commands.training import RUNS
from model_zoo.errors import ModelZooError
from model_zoo.registry import UnknownModelError

__all__ = ["RUNS", "main"]

GROUPS = (
    listing,
    fetching,
    training,
    tuning,
    evaluating,
    sequences,
    disturbing,
    predicting,
    explaining,
    timing,
    cataloguing,
)
"""Each adds its commands with `add`, in the order of `--help`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 after a message on stderr that says what was wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ModelZooError, UnknownModelError, DataError) as error:
        sys.stderr.write(f"python -m model_zoo {parsed.command}: {error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model_zoo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for group in GROUPS:
        group.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
