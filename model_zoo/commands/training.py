"""`train`: a network by its recipe; `export`: its files and their card."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from model_zoo.commands import streaming
from model_zoo.commands.datasets import read, takes_data
from model_zoo.commands.terminal import load_keras, say
from model_zoo.errors import ModelZooError
from model_zoo.recipes import Recipe, recipe
from model_zoo.registry import ModelSpec
from model_zoo.weights import WEIGHTS, WeightsCard, load_card, load_cards

RUNS = Path("runs")
PRECISIONS = ("mixed_bfloat16", "mixed_float16", "float32")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = commands.add_parser("train", help="train a network by its recipe; goes on where it stopped")
    train.add_argument("name", help="as `list` shows it")
    takes_data(train)
    train.add_argument(
        "--votes", type=Path, metavar="fer2013new.csv", help="learn from the shares of FER+'s votes, not from one label"
    )
    train.add_argument(
        "--teacher",
        metavar="A+B+C",
        help="learn what these shipped networks say on average of a picture, and its label",
    )
    train.add_argument(
        "--further", action="store_true", help="go on from the weights that are shipped, in runs/NAME-further"
    )
    train.add_argument("--seed", type=int, default=0, help="of the order and the changes of the pictures")
    train.add_argument(
        "--precision",
        choices=PRECISIONS,
        help="in place of the recipe's: float32 is quicker on a processor that has no bfloat16 of its own",
    )
    train.set_defaults(run=_train)

    export = commands.add_parser("export", help="write .onnx, .keras and the card of a trained network")
    export.add_argument("name", help="as `list` shows it")
    takes_data(export)
    export.add_argument("--from", dest="source", type=Path, help="folder of the training (runs/NAME)")
    export.add_argument("--to", type=Path, default=WEIGHTS, help="folder to write into (model_zoo/weights)")
    export.add_argument(
        "--from-checkpoint", action="store_true", help="the averaged weights of a training that has not ended"
    )
    export.add_argument(
        "--package", type=Path, metavar="FILE.h5", help="deepface_emotion with the package's own weights, as fetched"
    )
    export.add_argument(
        "--only-int8", action="store_true", help="make the 8-bit file of a shipped network anew; needs no training"
    )
    export.set_defaults(run=_export)


def _train(arguments: argparse.Namespace) -> None:
    load_keras(to_train=True)
    from model_zoo import registry
    from model_zoo.learning import training

    name = arguments.name
    folder = RUNS / (f"{name}-further" if arguments.further else name)
    spec, plan = registry.spec(name), recipe(name, arguments.further)
    if arguments.precision:
        plan = replace(plan, precision=arguments.precision)
    if arguments.teacher:
        if arguments.votes:
            raise ModelZooError("either --votes or --teacher says what is learned, not both")
        names = "+".join(card.network for card in load_cards(arguments.teacher))
        # What a teacher says is no single word that would have to be softened.
        plan = replace(plan, label_smoothing=0, teacher=names)
    if not spec.takes_pictures:
        streaming.require_streams(spec, votes=arguments.votes, teacher=arguments.teacher)
    done = training.epochs_done(folder)
    begins = f"resumes after epoch {done} of {plan.epochs}" if done else f"begins, {plan.epochs} epochs"
    say(f"training of {name} {begins}; it may be stopped at any time and goes on from {folder}")
    if spec.takes_pictures:
        card = _trained_on_pictures(spec, plan, folder, arguments)
    else:
        card = streaming.train(spec, plan, arguments.data, folder, arguments.seed)
    _report(card)
    source = f" --from {folder}" if arguments.further else ""
    say(f"to ship it: python -m model_zoo export {name} --data {arguments.data}{source}")


def _trained_on_pictures(spec: ModelSpec, plan: Recipe, folder: Path, arguments: argparse.Namespace) -> WeightsCard:
    from model_zoo import exporting
    from model_zoo.learning import training

    # Scored on FER2013's own labels in any case, or the figures could not be compared.
    pictures, public_test = read(arguments.data, "Training", arguments.votes), read(arguments.data, "PublicTest")
    if arguments.teacher and not training.has_ended(folder, plan):
        from model_zoo.learning.distilling import taught_by

        pictures = taught_by(load_cards(arguments.teacher), pictures, quiet=False)
    model = training.train(spec, plan, pictures, public_test, folder, arguments.seed)
    return exporting.export(spec, model, exporting.origin_of(folder), pictures, public_test, folder, quiet=False)


def _export(arguments: argparse.Namespace) -> None:
    load_keras()
    from model_zoo import exporting, registry
    from model_zoo.learning import training

    if arguments.only_int8:
        _quantise_again(arguments)
        return
    spec = registry.spec(arguments.name)
    folder = arguments.source or RUNS / spec.name
    if not spec.takes_pictures:
        streaming.require_streams(spec, from_checkpoint=arguments.from_checkpoint)
        _report(streaming.export(spec, arguments.data, folder, RUNS / "streams", arguments.to))
        say(f"next: python -m model_zoo sequences --data {arguments.data} --save")
        return
    if arguments.package:
        model, origin = exporting.of_package(spec, arguments.package, read(arguments.data, "Training"))
    else:
        origin = exporting.origin_of(folder)
        if arguments.from_checkpoint:
            further = origin.recipe.get("start") == "shipped"
            model = training.averaged(spec, recipe(spec.name, further), folder)
        else:
            model = training.trained(spec, folder)
    pictures, public_test = (read(arguments.data, split) for split in ("Training", "PublicTest"))
    _report(exporting.export(spec, model, origin, pictures, public_test, arguments.to, quiet=False))
    say(f"next: python -m model_zoo evaluate {spec.name} --data {arguments.data} --split PublicTest --save")


def _quantise_again(arguments: argparse.Namespace) -> None:
    from model_zoo import exporting

    if arguments.source or arguments.package or arguments.from_checkpoint:
        raise ModelZooError("--only-int8 needs the files of --to alone, not --from, --from-checkpoint or --package")
    card = load_card(arguments.to / f"{arguments.name}.json")
    pictures, public_test = (read(arguments.data, split) for split in ("Training", "PublicTest"))
    card = exporting.quantise_again(card, pictures, public_test)
    lost = card.scores["accuracy"] - card.scores["int8_accuracy"]
    say(f"wrote the 8-bit file of {card.network} into {card.folder}")
    say(f"{public_test.split}: {card.scores['int8_accuracy']:.1%}, {100 * lost:+.1f} points lost to 8 bits")


def _report(card: WeightsCard) -> None:
    size = sum(file.size for file in card.files.values()) / 1e6
    low, high = card.scores["interval95"]
    say(f"wrote {', '.join(card.files)} and {card.network}.json into {card.folder}, {size:.1f} MB")
    say(f"{card.scores['split']}: {card.scores['accuracy']:.1%} (95 %: {low:.1%} to {high:.1%})")
