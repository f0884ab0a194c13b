"""`predict`: the seven probabilities of each face in picture files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model_zoo import scoring
from model_zoo.commands.terminal import say
from model_zoo.explaining import prediction
from model_zoo.explaining.faces import CUT_UP_TO
from model_zoo.weights import file_name, load_card, require_faces


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("predict", help="what a shipped network says of the faces in pictures")
    parser.add_argument("name", help="a shipped network, `default`, or the path of a card")
    parser.add_argument("image", nargs="+", type=Path, help="a picture file; in a large one faces are looked for")
    takes_cut_pictures(parser)
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")
    parser.set_defaults(run=_predict)


def takes_cut_pictures(parser: argparse.ArgumentParser) -> None:
    described = f"the whole picture is one face, also above {CUT_UP_TO} pixels"
    parser.add_argument("--cut", action="store_true", help=described)


def say_passed_over(reasons: list[str], pictures: int) -> None:
    """Names and counts them on stderr."""
    for reason in reasons:
        sys.stderr.write(f"passed over {reason}\n")
    if reasons:
        sys.stderr.write(f"passed over {len(reasons)} of {pictures} pictures\n")


def _predict(arguments: argparse.Namespace) -> None:
    card = load_card(arguments.name)
    require_faces(card)
    network = scoring.open_network(card)
    faces, passed_over = prediction.look(arguments.image, card.field, arguments.cut)
    say_passed_over(passed_over, len(arguments.image))

    def score(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        return scoring.score_with(network, card, images)

    predictions = prediction.predict(score, faces)
    if arguments.json:
        kept = {
            "network": card.network,
            "sha256": card.files[file_name(card.network, "onnx")].sha256,
            "faces": [each.to_dict() for each in predictions],
            "passed_over": passed_over,
        }
        say(json.dumps(kept))
    else:
        say(prediction.described(predictions))
