"""`robustness`: what a network still sees in darker, turned, hidden, blurred and noisy faces."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from data import fer2013
from model_zoo import scoring
from model_zoo.commands.datasets import read, takes_data
from model_zoo.commands.terminal import say
from model_zoo.measuring import results, robustness
from model_zoo.measuring.disturbances import DISTURBANCES
from model_zoo.weights import file_name, load_card, require_faces


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("robustness", help="accuracy under nine disturbances, five strengths each")
    parser.add_argument("name", help="a shipped network, `default`, or the path of a card")
    takes_data(parser)
    parser.add_argument("--split", choices=fer2013.SPLITS, default="PublicTest")
    parser.add_argument("--pictures", type=int, metavar="N", help="only N of the split, evenly chosen (all)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--save", action="store_true", help="keep them in model_zoo/results/robustness-NAME.json")
    parser.add_argument("--page", type=Path, metavar="FILE.html", help="also write the curves")
    parser.set_defaults(run=_robustness)


def _robustness(arguments: argparse.Namespace) -> None:
    if arguments.page and not arguments.page.parent.is_dir():
        raise results.ResultsError(f"--page is a file in a folder that exists, got {str(arguments.page)!r}")
    card = load_card(arguments.name)
    require_faces(card)
    network = scoring.open_network(card)
    pictures = read(arguments.data, arguments.split)
    chosen = pictures.chosen(robustness.evenly(len(pictures), arguments.pictures), arguments.split)

    def score(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        return scoring.score_with(network, card, images)

    steps = 1 + sum(len(each.amounts) for each in DISTURBANCES)
    # Without a terminal to draw on, tqdm keeps silent.
    with tqdm(total=steps, desc="disturbing", unit="step", disable=None) as progress:
        plain, rows = robustness.measure(score, chosen.images, chosen.labels, done=progress.update)
    measured = robustness.Robustness(
        network=card.network,
        sha256=card.files[file_name(card.network, "onnx")].sha256,
        data_set="FER2013",
        split=arguments.split,
        n=len(chosen),
        plain=plain,
        rows=rows,
    )
    if arguments.page:
        from model_zoo.measuring.robustness_page import robustness_page

        arguments.page.write_text(robustness_page(measured), encoding="utf-8")
        sys.stderr.write(f"wrote {arguments.page}\n")
    if arguments.save:
        path = robustness.save(measured, results.RESULTS)
        sys.stderr.write(f"saved {path}; python -m model_zoo table shows it in the README\n")
    say(measured.to_json().rstrip() if arguments.json else robustness.described(measured))
