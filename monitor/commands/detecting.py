"""`fetch-detector`: the file of the YuNet face detector."""

from __future__ import annotations

import argparse
import sys

from monitor import settings
from monitor.commands.terminal import say
from monitor.errors import DetectorError
from monitor.vision.fetching import ADDRESS, fetch_yunet


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    fetch = commands.add_parser("fetch-detector", help="fetch the YuNet face detector, checked by its sha256")
    fetch.add_argument("--address", default=ADDRESS, help="where from (default: opencv_zoo)")
    fetch.add_argument("--quiet", action="store_true", help="say nothing when it is there, go on when it fails")
    fetch.set_defaults(run=_fetch)


def _fetch(arguments: argparse.Namespace) -> None:
    """Not having it is no failure where `--quiet` is given: the Haar cascade serves."""
    target = settings.load().yunet
    if target.is_file():
        if not arguments.quiet:
            say(f"YuNet is at {target} already.")
        return
    try:
        fetch_yunet(target, arguments.address)
    except DetectorError as error:
        if not arguments.quiet:
            raise
        print(f"Faces will be found by OpenCV's Haar cascade. {error}", file=sys.stderr)
        return
    say(f"Fetched YuNet to {target}.")
