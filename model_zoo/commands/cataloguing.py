"""`catalogue`: what the dashboard shows of each network, counted once, since a running dashboard builds none."""

from __future__ import annotations

import argparse

from model_zoo.commands.terminal import load_keras, say


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    catalogue = commands.add_parser("catalogue", help="write model_zoo/catalogue.json, which the dashboard reads")
    catalogue.set_defaults(run=_catalogue)


def _catalogue(arguments: argparse.Namespace) -> None:
    load_keras()
    from model_zoo import catalogue, registry

    known = [catalogue.entry_of(registry.spec(name)) for name in registry.names()]
    catalogue.write(known)
    say(f"wrote {catalogue.CATALOGUE.name}: {len(known)} networks")
