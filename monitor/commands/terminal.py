"""What every command says, and how it reads what was typed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, tzinfo

ACTOR = "command"
"""As whom the audit log knows who uses the command line."""


def say(line: str) -> None:
    # A terminal or file that cannot hold an emoji gets a question mark, not a traceback.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")


def say_json(found: object) -> None:
    say(json.dumps(found, ensure_ascii=False, indent=2))


def say_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    for row in (heading, *rows):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def here() -> tzinfo | None:
    """The time zone of this computer."""
    return datetime.now().astimezone().tzinfo
