"""`python -m monitor`: recorded lessons, reports and files from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from monitor.commands import (
    accounts,
    analysing,
    auditing,
    backing_up,
    detecting,
    forgetting,
    lessons,
    records,
    reporting,
    scoring,
)
from monitor.crashes import leave_no_core
from monitor.errors import MonitorError

GROUPS = (analysing, lessons, reporting, records, forgetting, backing_up, auditing, accounts, detecting, scoring)
"""Each adds its commands with `add`, in the order of `--help`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or what a command gives; 2 after a message on stderr that says what was wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed) or 0)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m monitor", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for group in GROUPS:
        group.add(commands)
    return parser


if __name__ == "__main__":
    leave_no_core()
    sys.exit(main())
