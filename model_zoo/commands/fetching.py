"""`fetch`: what a network needs and the project does not ship."""

from __future__ import annotations

import argparse

from model_zoo.commands.terminal import load_keras, say


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("fetch", help="fetch what a network begins with, checked by its checksum")
    parser.add_argument("name", help="as `list` shows it")
    parser.add_argument("--address", metavar="URL", help="where from, in place of where it is known to lie")
    parser.set_defaults(run=_fetch)


def _fetch(arguments: argparse.Namespace) -> None:
    load_keras()
    from model_zoo.fetching import fetch

    say(fetch(arguments.name, arguments.address))
