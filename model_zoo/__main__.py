"""`python -m model_zoo`: list, train, export and evaluate the networks that name emotions."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from data import fer2013
from model_zoo import results
from model_zoo.errors import ModelZooError
from model_zoo.evaluation import Evaluation, EvaluationError, evaluate
from model_zoo.recipes import RECIPES, recipe
from model_zoo.registry import UnknownModelError
from model_zoo.weights import FORMATS, WEIGHTS, WeightsCard, file_name, load_card, shipped

RUNS = Path("runs")
NAMED_FILES = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 after a message on stderr that says what was wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ModelZooError, UnknownModelError, fer2013.DataError) as error:
        sys.stderr.write(f"python -m model_zoo {parsed.command}: {error}\n")
        return 2
    return 0


def _list(arguments: argparse.Namespace) -> None:
    _load_keras()
    from model_zoo import registry

    _say(f"{'network':<20} {'input':<12} {'recipe':<7} {'PublicTest':<11} {'claimed':<8} paper")
    for name in registry.names():
        spec = registry.spec(name)
        shape = "x".join(map(str, spec.input_shape))
        scored = f"{load_card(name).scores['accuracy']:.1%}" if name in shipped() else "-"
        claim = f"{spec.claim} %" if spec.claim is not None else "-"
        has_recipe = "yes" if name in RECIPES else "-"
        _say(f"{name:<20} {shape:<12} {has_recipe:<7} {scored:<11} {claim:<8} {spec.paper}")


def _train(arguments: argparse.Namespace) -> None:
    _load_keras()
    from model_zoo import exporting, registry, training

    name, folder = arguments.name, RUNS / arguments.name
    spec, plan = registry.spec(name), recipe(name)
    if not spec.takes_pictures:
        raise ModelZooError(f"{name} learns from sequences {spec.input_shape!r}; `train` has single pictures")
    pictures, public_test = (_read(arguments.data, split) for split in ("Training", "PublicTest"))
    done = training.epochs_done(folder)
    begins = f"resumes after epoch {done} of {plan.epochs}" if done else f"begins, {plan.epochs} epochs"
    _say(f"training of {name} {begins}; it may be stopped at any time and goes on from {folder}")
    model = training.train(spec, plan, pictures, public_test, folder, arguments.seed)
    origin = exporting.origin_of(folder)
    _report(exporting.export(spec, model, origin, pictures, public_test, folder, quiet=False))
    _say(f"to ship it: python -m model_zoo export {name} --data {arguments.data}")


def _export(arguments: argparse.Namespace) -> None:
    _load_keras()
    from model_zoo import exporting, registry, training

    spec = registry.spec(arguments.name)
    folder = arguments.source or RUNS / spec.name
    origin = exporting.origin_of(folder)
    if arguments.from_checkpoint:
        model = training.averaged(spec, recipe(spec.name), folder)
    else:
        model = training.trained(spec, folder)
    pictures, public_test = (_read(arguments.data, split) for split in ("Training", "PublicTest"))
    _report(exporting.export(spec, model, origin, pictures, public_test, arguments.to, quiet=False))
    _say(f"next: python -m model_zoo evaluate {spec.name} --data {arguments.data} --split PublicTest --save")


def _evaluate(arguments: argparse.Namespace) -> None:
    if arguments.format == "keras":
        _load_keras()
    from model_zoo import scoring

    if arguments.without_copies and arguments.split == "Training":
        raise EvaluationError("copies are pictures that also stand in Training: Training itself has no others")
    card = load_card(arguments.name)
    network = scoring.open_network(card, arguments.format)
    pictures = _read(arguments.data, arguments.split)
    if arguments.without_copies:
        pictures = pictures.without(_read(arguments.data, "Training"))
    probabilities = scoring.score_with(network, card, pictures.images, arguments.tta, quiet=False)
    result = results.Result(
        network=card.network,
        sha256=card.files[file_name(card.network, arguments.format)].sha256,
        data_set="FER2013",
        split=arguments.split,
        crops=10 if arguments.tta else 1,
        copies=not arguments.without_copies,
        evaluation=evaluate(probabilities, pictures.labels),
    )
    if arguments.save:
        sys.stderr.write(
            f"saved {results.save(result, results.RESULTS)}; python -m model_zoo table shows it in the README\n"
        )
    _say(result.to_json().rstrip() if arguments.json else _described(result.evaluation))


def _table(arguments: argparse.Namespace) -> None:
    readme = results.README.read_text(encoding="utf-8")
    written = results.with_table(readme, results.load_all(results.RESULTS))
    results.README.write_text(written, encoding="utf-8")
    _say("the README's table is as it was" if written == readme else "the README's table is written anew")


def _described(scores: Evaluation) -> str:
    low, high = scores.interval95
    named_as = " ".join(scores.per_label)
    lines = [
        f"{scores.n} pictures",
        f"accuracy            {scores.accuracy:.1%}  (95 %: {low:.1%} to {high:.1%})",
        f"macro-F1            {scores.macro_f1:.1%}",
        f"balanced accuracy   {scores.balanced_accuracy:.1%}",
        f"top two             {scores.top2_accuracy:.1%}",
        f"calibration error   {scores.ece:.3f}",
        "",
        f"{'label':<10} {'n':>5} {'recall':>8} {'precision':>10} {'F1':>7}   named as {named_as}",
    ]
    for (label, score), row in zip(scores.per_label.items(), scores.confusion, strict=True):
        named = " ".join(f"{count:>{len(each)}}" for count, each in zip(row, scores.per_label, strict=True))
        lines.append(
            f"{label:<10} {score.count:>5} {score.recall:>8.1%} {score.precision:>10.1%} {score.f1:>7.1%}"
            f"            {named}"
        )
    return "\n".join(lines)


def _report(card: WeightsCard) -> None:
    size = sum(file.size for file in card.files.values()) / 1e6
    low, high = card.scores["interval95"]
    _say(f"wrote {', '.join(card.files)} and {card.network}.json into {card.folder}, {size:.1f} MB")
    _say(f"{card.scores['split']}: {card.scores['accuracy']:.1%} (95 %: {low:.1%} to {high:.1%})")


def _read(path: Path, split: str) -> fer2013.Pictures:
    sys.stderr.write(f"reading {split} ...\n")
    pictures = fer2013.read(path, split)
    for reason in pictures.passed_over[:NAMED_FILES]:
        sys.stderr.write(f"passed over {reason}\n")
    if len(pictures.passed_over) > NAMED_FILES:
        sys.stderr.write(f"passed over {len(pictures.passed_over) - NAMED_FILES} more\n")
    return pictures


def _load_keras() -> None:
    """TensorFlow greets on file descriptor 2 before it reads its own switch for that, so the descriptor
    is closed to it while it loads. An import that fails still raises."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import keras  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model_zoo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="the networks, their papers and what they score")
    listing.set_defaults(run=_list)

    train = commands.add_parser("train", help="train a network by its recipe; goes on where it stopped")
    train.add_argument("name", help="as `list` shows it")
    _takes_data(train)
    train.add_argument("--seed", type=int, default=0, help="of the order and the changes of the pictures")
    train.set_defaults(run=_train)

    export = commands.add_parser("export", help="write .onnx, .keras and the card of a trained network")
    export.add_argument("name", help="as `list` shows it")
    _takes_data(export)
    export.add_argument("--from", dest="source", type=Path, help="folder of the training (runs/NAME)")
    export.add_argument("--to", type=Path, default=WEIGHTS, help="folder to write into (model_zoo/weights)")
    export.add_argument(
        "--from-checkpoint", action="store_true", help="the averaged weights of a training that has not ended"
    )
    export.set_defaults(run=_export)

    scores = commands.add_parser("evaluate", help="score a shipped network on one split")
    scores.add_argument("name", help="a shipped network, `default`, or the path of a card")
    _takes_data(scores)
    scores.add_argument("--split", choices=fer2013.SPLITS, required=True)
    scores.add_argument("--tta", action="store_true", help="average ten crops of each picture")
    scores.add_argument("--without-copies", action="store_true", help="leave out pictures also in Training")
    scores.add_argument("--format", choices=tuple(FORMATS), default="onnx", help="which file to score")
    scores.add_argument("--json", action="store_true", help="print the result as JSON")
    scores.add_argument("--save", action="store_true", help="keep the result in model_zoo/results/")
    scores.set_defaults(run=_evaluate)

    table = commands.add_parser("table", help="write the results into model_zoo/README.md")
    table.set_defaults(run=_table)
    return parser


def _takes_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="FER2013: the release's folder, or its zip")


if __name__ == "__main__":
    sys.exit(main())
