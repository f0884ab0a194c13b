"""`python -m monitor`: what the dashboard needs from the command line."""

from __future__ import annotations

import argparse
import sys

from monitor import settings
from monitor.errors import DetectorError, MonitorError
from monitor.vision.fetching import ADDRESS, fetch_yunet


def main() -> int:
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(arguments))
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2


def fetch_detector(arguments: argparse.Namespace) -> int:
    """Not having it is no failure where `--quiet` is given: the Haar cascade serves."""
    target = settings.load().yunet
    if target.is_file():
        if not arguments.quiet:
            print(f"YuNet is at {target} already.")
        return 0
    try:
        fetch_yunet(target, arguments.address)
    except DetectorError as error:
        if not arguments.quiet:
            raise
        print(f"Faces will be found by OpenCV's Haar cascade. {error}", file=sys.stderr)
        return 0
    print(f"Fetched YuNet to {target}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m monitor", description=__doc__)
    commands = parser.add_subparsers(required=True)
    fetch = commands.add_parser("fetch-detector", help="fetch the YuNet face detector, checked by its sha256")
    fetch.add_argument("--address", default=ADDRESS, help="where from (default: opencv_zoo)")
    fetch.add_argument("--quiet", action="store_true", help="say nothing when it is there, go on when it fails")
    fetch.set_defaults(run=fetch_detector)
    return parser


if __name__ == "__main__":
    sys.exit(main())
