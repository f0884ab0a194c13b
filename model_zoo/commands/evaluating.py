"""`evaluate`: a trained network, or several together, scored on one split."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data import fer2013
from model_zoo.commands.datasets import read, takes_data
from model_zoo.commands.terminal import load_keras, say
from model_zoo.measuring import results
from model_zoo.measuring.calibration import cross_fitted
from model_zoo.measuring.evaluation import EvaluationError, evaluate, indices
from model_zoo.measuring.results import Result
from model_zoo.weights import FORMATS, file_name, load_cards


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scores = commands.add_parser("evaluate", help="score a shipped network, or several together, on one split")
    scores.add_argument(
        "name", help="a shipped network, `default`, or the path of a card; A+B+C is the mean of their probabilities"
    )
    takes_data(scores)
    scores.add_argument("--split", choices=fer2013.SPLITS, required=True)
    scores.add_argument("--tta", action="store_true", help="average ten crops of each picture")
    scores.add_argument("--without-copies", action="store_true", help="leave out pictures also in Training")
    scores.add_argument("--format", choices=tuple(FORMATS), default="onnx", help="which file to score")
    scores.add_argument("--json", action="store_true", help="print the result as JSON")
    scores.add_argument("--save", action="store_true", help="keep the result in model_zoo/results/")
    scores.add_argument(
        "--page", type=Path, metavar="FILE.html", help="also write the confusion matrix and the reliability curve"
    )
    scores.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> None:
    if arguments.format == "keras":
        load_keras()
    from model_zoo import scoring

    if arguments.without_copies and arguments.split == "Training":
        raise EvaluationError("copies are pictures that also stand in Training: Training itself has no others")
    if arguments.page and not arguments.page.parent.is_dir():
        raise EvaluationError(f"--page is a file in a folder that exists, got {str(arguments.page)!r}")
    cards = load_cards(arguments.name)
    pictures = read(arguments.data, arguments.split)
    if arguments.without_copies:
        pictures = pictures.without(read(arguments.data, "Training"))
    probabilities = scoring.score_together(cards, pictures.images, arguments.tta, arguments.format, quiet=False)
    truth = indices(pictures.labels)
    calibration, after = cross_fitted(probabilities, truth)
    result = Result(
        network="+".join(card.network for card in cards),
        sha256="+".join(card.files[file_name(card.network, arguments.format)].sha256 for card in cards),
        data_set="FER2013",
        split=arguments.split,
        crops=10 if arguments.tta else 1,
        copies=not arguments.without_copies,
        evaluation=evaluate(probabilities, pictures.labels),
        calibration=calibration,
    )
    if arguments.page:
        from model_zoo.measuring.evaluation_page import evaluation_page

        arguments.page.write_text(evaluation_page(result, probabilities, after, truth), encoding="utf-8")
        sys.stderr.write(f"wrote {arguments.page}\n")
    if arguments.save:
        sys.stderr.write(
            f"saved {results.save(result, results.RESULTS)}; python -m model_zoo table shows it in the README\n"
        )
    say(result.to_json().rstrip() if arguments.json else _described(result))


def _described(result: Result) -> str:
    scores, scaled = result.evaluation, result.calibration
    low, high = scores.interval95
    named_as = " ".join(scores.per_label)
    lines = [
        f"{scores.n} pictures",
        f"accuracy            {scores.accuracy:.1%}  (95 %: {low:.1%} to {high:.1%})",
        f"macro-F1            {scores.macro_f1:.1%}",
        f"balanced accuracy   {scores.balanced_accuracy:.1%}",
        f"top two             {scores.top2_accuracy:.1%}",
        f"calibration error   {scores.ece:.3f}  (of halves: {scaled.ece_before_temperature:.3f}, "
        f"after temperature {scaled.ece_after_temperature:.3f}; T {scaled.temperature:.2f})",
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
