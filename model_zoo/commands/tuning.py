"""`tune`: many short trainings, to find what a recipe might do better."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from data.pictures import Pictures
from model_zoo.commands.datasets import read, takes_data
from model_zoo.commands.terminal import load_keras, say
from model_zoo.commands.training import RUNS
from model_zoo.errors import ModelZooError
from model_zoo.recipes import recipe

if TYPE_CHECKING:
    from model_zoo.learning.tuning import Trial

FOLDER = RUNS / "tune"
TRIALS, EPOCHS = 30, 3
COLUMNS = ("trial", "accuracy", "optimizer", "schedule", "rate", "width", "dropout", "seconds")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    tune = commands.add_parser(
        "tune", help="search optimizer, schedule, rate, width and dropout; goes on where it stopped"
    )
    tune.add_argument("name", help="as `list` shows it")
    takes_data(tune)
    tune.add_argument("--trials", type=int, default=TRIALS, help=f"in all, those of earlier runs included ({TRIALS})")
    tune.add_argument("--epochs", type=int, default=EPOCHS, help=f"of each trial ({EPOCHS})")
    tune.add_argument(
        "--grid",
        action="store_true",
        help="first six optimizers by five schedules, as paper 001's reference tried them",
    )
    tune.add_argument("--pictures", type=int, help="of Training, to learn from in each trial (all)")
    tune.add_argument("--seed", type=int, default=0, help="of the choices, the pictures and their order")
    tune.add_argument("--cluster", metavar="ADDRESS", help="of a Ray cluster on which the trials run: auto, IP:PORT, …")
    tune.add_argument("--processors", type=int, default=1, help="of the cluster, for each trial (1)")
    tune.add_argument("--json", action="store_true", help="print the trials as JSON")
    tune.set_defaults(run=_tune)


def _tune(arguments: argparse.Namespace) -> None:
    load_keras(to_train=True)
    from model_zoo import registry
    from model_zoo.learning import tuning

    spec, plan = registry.spec(arguments.name), recipe(arguments.name)
    if not spec.takes_pictures:
        raise ModelZooError(f"{spec.name} learns from sequences {spec.input_shape!r}; `tune` has single pictures")
    if arguments.trials < 1:
        raise ModelZooError(f"--trials is 1 or more, got {arguments.trials}")
    if arguments.processors < 1:
        raise ModelZooError(f"--processors is 1 or more, got {arguments.processors}")
    training, public_test = (read(arguments.data, split) for split in ("Training", "PublicTest"))
    pictures = len(training) if arguments.pictures is None else arguments.pictures
    terms = tuning.terms_of(plan, arguments.epochs, pictures, len(training), arguments.seed)
    study = tuning.open_study(FOLDER / f"{spec.name}.db", spec.name, terms, bool(arguments.cluster))
    if arguments.grid:
        tuning.queue_grid(study, spec)
    part, page = _some(training, pictures, arguments.seed), FOLDER / f"{spec.name}.html"
    done = len(tuning.trials_of(study))
    with tqdm(total=arguments.trials, initial=done, desc="tuning", unit="trial", disable=None) as progress:
        of_all = (spec, plan, part, public_test)
        if arguments.cluster:
            more = tuning.try_afar(study, arguments.trials - done, arguments.cluster, arguments.processors, *of_all)
        else:
            more = (tuning.try_next(study, *of_all) for _ in range(arguments.trials - done))
        for tried in more:
            progress.set_postfix_str(f"last {tried.accuracy:.1%}, best {study.best_value:.1%}")
            progress.update()
            _write(page, spec.name, terms, tuning.trials_of(study))
    trials = tuning.trials_of(study)
    _write(page, spec.name, terms, trials)
    sys.stderr.write(f"wrote {page}; {FOLDER / f'{spec.name}.db'} keeps the trials, and more may follow\n")
    if arguments.json:
        say(json.dumps({"network": spec.name, **terms, "trials": [asdict(each) for each in trials]}, indent=2))
    else:
        say(_table(trials))


def _some(training: Pictures, count: int, seed: int) -> Pictures:
    places = np.random.default_rng(seed).permutation(len(training))[:count]
    return training.chosen(sorted(places.tolist()), training.split)


def _rows(trials: Sequence[Trial]) -> list[tuple[str, ...]]:
    """The best first; a dash where the architecture does not take a size."""
    return [
        (
            str(each.number + 1),
            f"{each.accuracy:.2%}",
            each.choices["optimizer"],
            each.choices["schedule"],
            f"{each.choices['rate']:.2g}",
            f"{each.choices['width']:.2f}" if "width" in each.choices else "-",
            f"{each.choices['dropout']:.2f}" if "dropout" in each.choices else "-",
            f"{each.seconds:.0f}",
        )
        for each in sorted(trials, key=lambda each: -each.accuracy)
    ]


def _table(trials: Sequence[Trial]) -> str:
    rows = [COLUMNS, *_rows(trials)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)


def _write(page: Path, name: str, terms: Mapping[str, Any], trials: Sequence[Trial]) -> None:
    from model_zoo.measuring import figures, pages

    said = [", ".join(f"{key} {_brief(value)}" for key, value in each.choices.items()) for each in trials]
    section = pages.Section(
        "Trials",
        "Each point is a short training by choices of its own, scored on PublicTest after its last epoch.",
        figures.trials([each.number + 1 for each in trials], [each.accuracy for each in trials], said),
        pages.Table("The best first; a width is a factor on the architecture's own", [COLUMNS, *_rows(trials)]),
    )
    words = (
        f"Trials: {len(trials)}; epochs of each: {terms['epochs']}; pictures: {terms['pictures']} of {terms['of']}. "
        "They say what begins well, and the best of many flatters itself: train the best few to their end before "
        "a recipe changes."
    )
    page.write_text(pages.page(f"Tuning of {name}", words, [section]), encoding="utf-8")


def _brief(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"
