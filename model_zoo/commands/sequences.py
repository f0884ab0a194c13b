"""`sequences`: ways of scoring simulated streams, compared; `crossvalidate`: a network in folds."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from data import fer2013
from data import sequences as cohn_kanade
from model_zoo.commands import streaming
from model_zoo.commands.datasets import read, tell_passed_over
from model_zoo.commands.terminal import load_keras, say
from model_zoo.commands.training import RUNS
from model_zoo.errors import ModelZooError
from model_zoo.measuring import results
from model_zoo.measuring.evaluation import label_shares
from model_zoo.recipes import recipe
from model_zoo.sequences.sequence_comparison import AHEAD, FILE, OF_FACES, Comparison, compare, table
from model_zoo.weights import file_name, load_card, shipped

if TYPE_CHECKING:
    from model_zoo.measuring.crossvalidation import CrossValidation


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    comparing = commands.add_parser("sequences", help="compare ways of scoring simulated streams of one student")
    comparing.add_argument("--data", type=Path, required=True, help="FER2013: the release's folder, or its zip")
    comparing.add_argument(
        "--students",
        type=_positive,
        default=streaming.COMPARED_STUDENTS,
        help="simulated from PublicTest (%(default)s)",
    )
    comparing.add_argument("--seed", type=int, default=0, help="of the simulated students")
    for name in AHEAD:
        comparing.add_argument(f"--{name}", default=name, metavar="CARD", help=f"path of a card (the shipped {name})")
    for name in OF_FACES:
        default, otherwise = (name, f"the shipped {name}") if name in shipped() else (None, "left out")
        comparing.add_argument(f"--{name}", default=default, metavar="CARD", help=f"path of a card ({otherwise})")
    comparing.add_argument("--json", action="store_true", help="print the comparison as JSON")
    comparing.add_argument("--save", action="store_true", help="keep the comparison in model_zoo/results/")
    comparing.set_defaults(run=_compare)

    folds = commands.add_parser(
        "crossvalidate", help="train a network in folds: everything is scored by one that never saw it"
    )
    folds.add_argument("name", help="as `list` shows it")
    folds.add_argument("--data", type=Path, required=True, help="Cohn-Kanade in its own layout; FER2013 for pictures")
    folds.add_argument(
        "--folds", type=_positive, default=5, help="%(default)s, by person; copies of a picture together"
    )
    folds.add_argument("--epochs", type=_positive, help="in place of the recipe's, for trying it")
    folds.add_argument("--seed", type=int, default=0, help="of the folds and the trainings")
    folds.add_argument("--json", action="store_true", help="print the result as JSON")
    folds.set_defaults(run=_crossvalidate)


def _compare(arguments: argparse.Namespace) -> None:
    from model_zoo import scoring

    given = {name: getattr(arguments, name) for name in (*AHEAD, *OF_FACES)}
    cards = {name: load_card(card) for name, card in given.items() if card}
    for name, card in cards.items():
        if card.network != name:
            raise ModelZooError(f"--{name} takes a card of {name}, got one of {card.network!r}")
    networks = {name: scoring.open_network(cards[name]) for name in AHEAD}
    training, kept = read(arguments.data, "Training"), RUNS / "streams"
    shown = streaming.shown(training, arguments.data, kept, arguments.students, arguments.seed)
    files = {name: card.files[file_name(name, "onnx")].sha256 for name, card in cards.items()}
    faces = file_name(shown.faces.network, streaming.FORMAT)
    files[shown.faces.network] = shown.faces.files[faces].sha256
    filmed = {name: streaming.scored_on_films(cards[name], shown) for name in OF_FACES if name in cards}
    learned, shares = streaming.learned(training, kept), label_shares(training.labels)
    found = compare(networks, learned, shown.streams, shares, files, arguments.seed, filmed)
    if arguments.save:
        _save(found)
    say(found.to_json().rstrip() if arguments.json else table(found).rstrip())


def _save(found: Comparison) -> None:
    results.RESULTS.mkdir(parents=True, exist_ok=True)
    (results.RESULTS / FILE).write_text(found.to_json(), encoding="utf-8")
    sys.stderr.write(f"saved {results.RESULTS / FILE}; python -m model_zoo table shows it in the README\n")


def _crossvalidate(arguments: argparse.Namespace) -> None:
    load_keras(to_train=True)
    from model_zoo.measuring import crossvalidation

    with contextlib.redirect_stdout(sys.stderr):  # Keras shows its progress on stdout, where the result goes
        done = _in_folds(arguments)
    say(done.to_json().rstrip() if arguments.json else crossvalidation.described(done))


def _in_folds(arguments: argparse.Namespace) -> CrossValidation:
    from model_zoo import registry
    from model_zoo.measuring import crossvalidation

    spec, data, count, seed = registry.spec(arguments.name), arguments.data, arguments.folds, arguments.seed
    plan = crossvalidation.shortened(recipe(spec.name), arguments.epochs)
    folder = RUNS / "folds" / f"{spec.name}-{count}"
    in_sequences = cohn_kanade.is_cohn_kanade(data)
    if not (spec.takes_pictures or in_sequences):
        raise fer2013.DataError(
            f"{spec.name} learns from sequences: {data} is not Cohn-Kanade in its own layout, "
            f"with a folder {cohn_kanade.IMAGES}/"
        )
    if not in_sequences:
        pictures = read(data, "Training")
        return crossvalidation.crossvalidate_pictures(spec, plan, pictures, pictures.digests(), folder, count, seed)
    found = cohn_kanade.read(data)
    if spec.takes_pictures:
        pictures = cohn_kanade.peaks(found)
        tell_passed_over(pictures.passed_over)
        people = [name.partition("/")[0] for name in pictures.names]
        return crossvalidation.crossvalidate_pictures(spec, plan, pictures, people, folder, count, seed)
    tell_passed_over(found.passed_over)
    score = streaming.scorer(load_card())
    return crossvalidation.crossvalidate_sequences(spec, plan, found.sequences, score, folder, count, seed)


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"a whole number above 0 is expected, got {text!r}")
    return number
