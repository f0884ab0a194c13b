"""`python -m data`: what a data set holds, before anything is learned from it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from data.description import Description, describe
from data.page import write_page
from data.pictures import LABELS, DataError

SHOWN = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 after a message on stderr that says what was wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except (DataError, OSError) as error:
        sys.stderr.write(f"python -m data {parsed.command}: {error}\n")
        return 2
    return 0


def _describe(arguments: argparse.Namespace) -> None:
    sys.stderr.write(f"reading {arguments.path} ...\n")
    description = describe(arguments.path)
    if arguments.page:
        arguments.page.write_text(write_page(description), encoding="utf-8")
        sys.stderr.write(f"wrote {arguments.page}; it shows pictures that are not to be published\n")
    sys.stdout.write((description.to_json() if arguments.json else _in_words(description)) + "\n")


def _in_words(description: Description) -> str:
    copied = description.copies
    width = max(12, *(len(split) for split in description.counts))
    lines = [f"{description.kind} in {description.path}", ""]
    lines.append(f"{'':<{width}}{'all':>9}" + "".join(f"{label:>9}" for label in LABELS))
    for split, counted in description.counts.items():
        numbers = (sum(counted.values()), *counted.values())
        lines.append(f"{split:<{width}}" + "".join(f"{number:>9,}" for number in numbers))
    lines.append("")
    if description.people is not None and description.frames is not None:
        fewest, most = description.frames
        lines.append(f"{description.people} people, {fewest} to {most} frames in a sequence")
    lines.append(f"{copied.files:,} pictures, {copied.distinct:,} distinct")
    lines += [f"{count:,} of {other} also stand in {one}" for (one, other), count in copied.crossing.items()]
    lines += _listed("groups of copies bear different labels", [", ".join(each) for each in copied.conflicting])
    lines += _listed("files or sequences passed over", description.passed_over)
    return "\n".join(lines)


def _listed(what: str, reasons: Sequence[str]) -> list[str]:
    lines = [f"{len(reasons):,} {what}", *(f"  {reason}" for reason in reasons[:SHOWN])]
    return [*lines, f"  and {len(reasons) - SHOWN:,} more (--json has all)"] if len(reasons) > SHOWN else lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    describes = commands.add_parser("describe", help="counts, copies, conflicting labels, unreadable files")
    describes.add_argument(
        "path", type=Path, help="FER2013 (folder, zip or csv), Cohn-Kanade+, or a folder for each emotion"
    )
    describes.add_argument("--json", action="store_true", help="print it as JSON, with every name")
    describes.add_argument("--page", type=Path, metavar="FILE.html", help="also write a page of pictures and bars")
    describes.set_defaults(run=_describe)
    return parser


if __name__ == "__main__":
    sys.exit(main())
