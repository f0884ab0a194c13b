"""The pictures that a command works on: its option `--data`, and how they are read."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data import fer2013, fer2013_csv

NAMED_FILES = 3


def takes_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="FER2013: the release's folder, or its zip")


def read(path: Path, split: str, votes: Path | None = None) -> fer2013.Pictures:
    """Says on stderr what is read and what was passed over; with the shares of FER+'s `votes` where they are given.
    Raises DataError."""
    sys.stderr.write(f"reading {split} ...\n")
    pictures = fer2013.read(path, split) if votes is None else _voted(path, votes, split)
    tell_passed_over(pictures.passed_over)
    return pictures


def tell_passed_over(reasons: tuple[str, ...]) -> None:
    """The first few on stderr, and how many more."""
    for reason in reasons[:NAMED_FILES]:
        sys.stderr.write(f"passed over {reason}\n")
    if len(reasons) > NAMED_FILES:
        sys.stderr.write(f"passed over {len(reasons) - NAMED_FILES} more\n")


def _voted(path: Path, votes: Path, split: str) -> fer2013.Pictures:
    table = fer2013_csv.find(path)
    if table is None:
        raise fer2013.DataError(
            f"FER+ votes on the rows of {fer2013_csv.FILE}, so --votes needs that table as --data, got {path}"
        )
    return fer2013_csv.read_voted(table, votes, split)
