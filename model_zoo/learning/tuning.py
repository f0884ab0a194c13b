"""Looks for a better recipe: short trainings, each with other choices, kept in an SQLite file as they end.

What comes next is chosen by Optuna (Akiba et al. 2019, arXiv:1907.10902) with its tree of Parzen estimators. A short
training says which choices begin well, not which end well: train the best few to their end before a recipe changes.
And the best of many trials on PublicTest flatters itself there; only its own training gives the figure.
"""

from __future__ import annotations

import inspect
import json
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import optuna
from optuna.trial import TrialState

from data.fer2013 import Pictures
from model_zoo.cluster import as_they_end, joined, processors
from model_zoo.errors import ModelZooError
from model_zoo.learning.optimizers import accuracies
from model_zoo.learning.training import fit
from model_zoo.recipes import OPTIMIZERS, SCHEDULES, Recipe
from model_zoo.registry import ModelSpec

RATES = {
    "sgd": (1e-3, 0.3),
    "nesterov": (1e-3, 0.3),
    "adam": (1e-4, 1e-2),
    "amsgrad": (1e-4, 1e-2),
    "rmsprop": (1e-4, 1e-2),
    "adagrad": (1e-3, 0.1),
    "adadelta": (0.05, 2.0),
}
"""The highest learning rates that are tried, on a logarithmic scale."""

WIDTHS = (0.5, 0.75, 1.0, 1.25, 1.5)  # factors on an architecture's own
WIDTH_NAMES = ("width", "widths", "filters")  # by which an architecture takes them as arguments
DROPOUT = (0.0, 0.7)

GRID = tuple(
    product(
        ("sgd", "nesterov", "adam", "amsgrad", "adagrad", "adadelta"),
        ("plateau", "cosine", "restarts", "one_cycle", "step"),
    )
)
"""Optimizers and schedules of Khaireddin and Chen 2021, arXiv:2105.03588, which paper 001 repeats for `vggnet`."""

Terms = Mapping[str, Any]


class TuningError(ModelZooError):
    """A search cannot begin or go on; the message says what came and what is allowed."""


@dataclass(frozen=True)
class Trial:
    """One short training: what was chosen, its accuracy on PublicTest after each epoch (averaged weights), its time."""

    number: int
    choices: Mapping[str, Any]
    accuracies: tuple[float, ...]
    seconds: float

    @property
    def accuracy(self) -> float:
        """After its last epoch, by which trials are compared."""
        return self.accuracies[-1]


def terms_of(plan: Recipe, epochs: int, pictures: int, of: int, seed: int) -> dict[str, Any]:
    """What all trials of a search have in common, and without which they could not be compared: they learn from
    `pictures` of the `of` that there are."""
    if epochs < 1 or not 1 <= pictures <= of:
        raise TuningError(f"a trial has 1 epoch or more and 1 to {of} pictures, got {epochs!r} and {pictures!r}")
    return _plain({"epochs": epochs, "pictures": pictures, "of": of, "seed": seed, "recipe": asdict(plan)})


def open_study(file: Path, name: str, terms: Terms, several: bool = False) -> optuna.Study:
    """The search kept in `file`, begun where there is none. One process at a time may go on with it: a trial that is
    found unfinished was killed, and is tried again, once. `several` trials at a time are to differ, though none of them
    has ended. Raises TuningError when it began on other terms."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=f"sqlite:///{file.resolve().as_posix()}", study_name=name, direction="maximize", load_if_exists=True
    )
    begun = study.user_attrs.get("terms")
    if begun is None:
        study.set_user_attr("terms", dict(terms))
    elif begun != terms:
        changed = [key for key in terms if begun.get(key) != terms[key]]
        was, is_now = ({key: each.get(key) for key in changed} for each in (begun, terms))
        raise TuningError(f"{file} began with {was!r} and cannot go on with {is_now!r}: move it away")
    study.sampler = optuna.samplers.TPESampler(seed=terms["seed"] + len(study.trials), constant_liar=several)
    for killed in study.get_trials(states=[TrialState.RUNNING]):
        study.tell(killed.number, state=TrialState.FAIL)
        if "again" not in killed.user_attrs:
            study.enqueue_trial(killed.params, user_attrs={"again": killed.number})
    return study


def queue_grid(study: optuna.Study, spec: ModelSpec) -> None:
    """The next trials are all of GRID, each optimizer at the middle of its rates and the architecture in its own sizes.
    Nothing where they were queued before."""
    if study.user_attrs.get("grid"):
        return
    taken = _taken(spec)
    own = {"width": 1.0} if any(name in taken for name in WIDTH_NAMES) else {}
    own |= {"dropout": taken["dropout"]} if "dropout" in taken else {}
    for optimizer, schedule in GRID:
        low, high = RATES[optimizer]
        rate = {f"rate of {optimizer}": math.sqrt(low * high)}
        study.enqueue_trial({"optimizer": optimizer, "schedule": schedule, **rate, **own})
    study.set_user_attr("grid", True)


def trials_of(study: optuna.Study) -> list[Trial]:
    """Those that ended, in their order."""
    return [
        Trial(each.number, each.user_attrs["choices"], tuple(each.user_attrs["accuracies"]), each.user_attrs["seconds"])
        for each in study.get_trials(states=[TrialState.COMPLETE])
    ]


def try_next(study: optuna.Study, spec: ModelSpec, plan: Recipe, training: Pictures, public_test: Pictures) -> Trial:
    """One more trial, kept in the study when it has ended; a kill before that costs this trial alone."""
    trial = study.ask()
    choices = choose(trial, spec)
    learned = learn(choices, spec, plan, study.user_attrs["terms"], training, public_test)
    return _told(study, trial, choices, learned)


def try_afar(
    study: optuna.Study,
    count: int,
    cluster: str,
    each: int,
    spec: ModelSpec,
    plan: Recipe,
    training: Pictures,
    public_test: Pictures,
) -> Iterator[Trial]:
    """`count` more trials on the machines of a Ray cluster, `each` processors for one, kept as they end. What comes
    next is chosen here, when a machine is free. Raises NoCluster, and TuningError when a trial fails."""
    asked: dict[int, optuna.Trial] = {}

    def jobs() -> Iterator[tuple[int, dict[str, Any]]]:
        for _ in range(count):
            trial = study.ask()
            asked[trial.number] = trial
            yield trial.number, choose(trial, spec)

    shared = (spec, plan, dict(study.user_attrs["terms"]), training, public_test)
    with joined(cluster, {"TF_NUM_INTRAOP_THREADS": str(each), "TF_CPP_MIN_LOG_LEVEL": "3"}):
        at_once = max(1, processors() // each)
        for (number, choices), learned in as_they_end(_learn, jobs(), *shared, at_once=at_once, each=each):
            if isinstance(learned, Exception):
                raise TuningError(f"trial {number + 1} failed on the cluster: {learned}") from learned
            yield _told(study, asked[number], choices, learned)


@dataclass(frozen=True)
class Learned:
    """What a short training came to: accuracy on PublicTest after each epoch, and its time."""

    accuracies: tuple[float, ...]
    seconds: float


def learn(
    choices: Mapping[str, Any], spec: ModelSpec, plan: Recipe, terms: Terms, training: Pictures, public_test: Pictures
) -> Learned:
    began, recipe = time.monotonic(), short(plan, spec, terms, choices)
    keras.utils.clear_session()  # what the last trial built would stay in memory
    with TemporaryDirectory() as folder:
        fit(varied(spec, choices), recipe, training, public_test, Path(folder), terms["seed"], quiet=True)
        return Learned(tuple(accuracies(Path(folder))), time.monotonic() - began)


def _learn(job: tuple[int, Mapping[str, Any]], *shared: Any) -> Learned:
    """On a machine of the cluster."""
    return learn(job[1], *shared)


def _told(study: optuna.Study, trial: optuna.Trial, choices: dict[str, Any], learned: Learned) -> Trial:
    trial.set_user_attr("choices", choices)
    trial.set_user_attr("accuracies", learned.accuracies)
    trial.set_user_attr("seconds", learned.seconds)
    study.tell(trial, learned.accuracies[-1])
    return Trial(trial.number, choices, learned.accuracies, learned.seconds)


def choose(trial: optuna.trial.BaseTrial, spec: ModelSpec) -> dict[str, Any]:
    """`optimizer`, `schedule`, `rate`, and where the architecture takes them `width` (a factor) and `dropout`."""
    optimizer = str(trial.suggest_categorical("optimizer", OPTIMIZERS))
    choices: dict[str, Any] = {
        "optimizer": optimizer,
        "schedule": trial.suggest_categorical("schedule", SCHEDULES),
        # A rate says something only beside its optimizer, so each has a scale of its own.
        "rate": trial.suggest_float(f"rate of {optimizer}", *RATES[optimizer], log=True),
    }
    taken = _taken(spec)
    if any(name in taken for name in WIDTH_NAMES):
        choices["width"] = trial.suggest_categorical("width", WIDTHS)
    if "dropout" in taken:
        choices["dropout"] = trial.suggest_float("dropout", *DROPOUT)
    return choices


def short(plan: Recipe, spec: ModelSpec, terms: Terms, choices: Mapping[str, Any]) -> Recipe:
    """`plan` with the choices, in the epochs and on the pictures of `terms`, at full size. The warm-up and the
    time over which weights are averaged keep their parts of the training."""
    epochs, pictures = terms["epochs"], terms["pictures"]
    longer = plan.epochs * terms["of"] / (epochs * pictures)
    return replace(
        plan,
        sizes=((epochs, spec.side),),
        batch=min(plan.batch, pictures),
        warm_up_epochs=plan.warm_up_epochs * epochs / plan.epochs,
        average=max(0.0, 1 - (1 - plan.average) * longer),
        patience=None,
        optimizer=choices["optimizer"],
        schedule=choices["schedule"],
        rate=choices["rate"],
    )


def varied(spec: ModelSpec, choices: Mapping[str, Any]) -> ModelSpec:
    """The architecture with the chosen width and dropout."""
    taken = _taken(spec)
    given = {name: _scaled(taken[name], choices["width"]) for name in WIDTH_NAMES if name in taken}
    if "dropout" in taken:
        given["dropout"] = choices["dropout"]
    return replace(spec, builder=partial(spec.builder, **given))


def _taken(spec: ModelSpec) -> dict[str, Any]:
    """The sizes that an architecture takes as arguments, with their defaults."""
    return {name: each.default for name, each in inspect.signature(spec.builder).parameters.items()}


def _scaled(width: int | tuple[int, ...], factor: float) -> int | tuple[int, ...]:
    if isinstance(width, tuple):
        return tuple(max(1, round(each * factor)) for each in width)
    return max(1, round(width * factor))


def _plain(terms: Terms) -> dict[str, Any]:
    """As JSON keeps it, so that what was kept and what is asked for can be compared."""
    return dict(json.loads(json.dumps(terms)))
