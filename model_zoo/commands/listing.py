"""`list`: the networks and what they score; `card`: one in words; `table`: the results in the README."""

from __future__ import annotations

import argparse

from model_zoo.commands.terminal import load_keras, say
from model_zoo.measuring import results, robustness
from model_zoo.model_card import in_words
from model_zoo.recipes import RECIPES
from model_zoo.sequences import sequence_comparison
from model_zoo.weights import load_card, shipped


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = commands.add_parser("list", help="the networks, their papers and what they score")
    listing.set_defaults(run=_list)

    card = commands.add_parser("card", help="the card of a network in words: data, scores, what it is not for, the law")
    card.add_argument("name", help="a shipped network, `default`, or the path of a card")
    card.set_defaults(run=_card)

    table = commands.add_parser("table", help="write the results into model_zoo/README.md")
    table.set_defaults(run=_table)


def _list(arguments: argparse.Namespace) -> None:
    load_keras()
    from model_zoo import registry

    say(f"{'network':<20} {'input':<12} {'recipe':<7} {'PublicTest':<11} {'claimed':<8} paper")
    for name in registry.names():
        spec = registry.spec(name)
        shape = "x".join(map(str, spec.input_shape))
        card = load_card(name) if name in shipped() else None
        # A network of sequences is scored on simulated streams, which no picture's figure compares with.
        scored = f"{card.scores['accuracy']:.1%}" if card and card.takes_faces else "-"
        claim = f"{spec.claim} %" if spec.claim is not None else "-"
        has_recipe = "yes" if name in RECIPES else "-"
        say(f"{name:<20} {shape:<12} {has_recipe:<7} {scored:<11} {claim:<8} {spec.paper}")


def _card(arguments: argparse.Namespace) -> None:
    say(in_words(load_card(arguments.name)).rstrip())


def _table(arguments: argparse.Namespace) -> None:
    readme = results.README.read_text(encoding="utf-8")
    written = results.with_table(readme, results.load_all(results.RESULTS))
    written = robustness.with_table(written, robustness.load_all(results.RESULTS))
    written = sequence_comparison.with_table(written, sequence_comparison.load_kept(results.RESULTS))
    results.README.write_text(written, encoding="utf-8")
    say("the README's tables are as they were" if written == readme else "the README's tables are written anew")
