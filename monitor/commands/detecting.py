"""`fetch-detector`: the file of the YuNet face detector."""

from __future__ import annotations

import argparse
import sys

from monitor import settings
from monitor.commands.terminal import say
from monitor.errors import DetectorError
from monitor.vision.fetching import ADDRESSES, fetch_first, is_older


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    fetch = commands.add_parser("fetch-detector", help="fetch the YuNet face detector, checked by its sha256")
    fetch.add_argument("--address", help="where from (default: opencv_zoo)")
    fetch.add_argument("--quiet", action="store_true", help="say nothing when it is there, go on when it fails")
    fetch.set_defaults(run=_fetch)


def _fetch(arguments: argparse.Namespace) -> None:
    """Not having it is no failure where `--quiet` is given: the Haar cascade serves. An older file, which serves as
    well but costs more, is replaced where whoever asks waits for the answer."""
    target = settings.load().yunet
    there = target.is_file()
    if there and (arguments.quiet or not is_older(target)):
        if not arguments.quiet:
            say(f"YuNet is at {target} already.")
        return
    try:
        fetch_first(target, [arguments.address] if arguments.address else ADDRESSES[: 1 if there else None])
    except DetectorError as error:
        if not arguments.quiet:
            raise
        print(f"Faces will be found by OpenCV's Haar cascade. {error}", file=sys.stderr)
        return
    say(f"Fetched YuNet to {target}.")
