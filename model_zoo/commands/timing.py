"""`bench`: milliseconds for 1, 8 and 30 faces, each way of running a network side by side."""

from __future__ import annotations

import argparse
import json
import time

from tqdm import tqdm

from model_zoo.commands.terminal import load_keras, say
from model_zoo.measuring import timing
from model_zoo.weights import load_card, shipped


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("bench", help="milliseconds for 1, 8 and 30 faces, side by side with Keras")
    parser.add_argument("name", nargs="*", help="shipped networks or paths of cards (all that are shipped)")
    parser.add_argument("--rounds", type=int, default=timing.ROUNDS, help=f"timed calls of each ({timing.ROUNDS})")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.set_defaults(run=_bench)


def _bench(arguments: argparse.Namespace) -> None:
    cards = [load_card(name) for name in arguments.name or shipped()]
    if not cards:
        raise timing.TimingError("no network is shipped; `python -m model_zoo export` writes one")
    load_keras()
    timings = []
    total = len(cards) * len(timing.FACES) * arguments.rounds
    with tqdm(total=total, desc="timing", unit="round", disable=None) as progress:
        for card in cards:
            ways = list(timing.contenders(card))
            timings += timing.measure(
                ways, card.input_shape, time.perf_counter, rounds=arguments.rounds, done=progress.update
            )
    say(json.dumps(timing.to_dict(timings)) if arguments.json else timing.described(timings))
