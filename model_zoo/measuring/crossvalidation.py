"""k-fold cross-validation: every sequence, or picture, is scored once, by a network that learned from the other folds.

All sequences of a person are in one fold, and all copies of a picture, so nobody is recognised. For sequences this is
the protocol of paper 004 on Cohn-Kanade: the label of a sequence is learned for each of its frames, the scores of the
frames are summed and normalised, and the largest sum names the sequence. The last epoch of each fold counts; its
held-out part is shown after each epoch and chooses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from data.pictures import Pictures
from data.sequences import FaceSequence, as_face, load
from data.splits import folds
from model_zoo.learning.augmentation import NO_AUGMENTATION
from model_zoo.learning.batches import scaling_of
from model_zoo.learning.training import train
from model_zoo.measuring.evaluation import Evaluation, evaluate, indices
from model_zoo.preprocessing import centre_crop, standardise
from model_zoo.recipes import Recipe
from model_zoo.registry import ModelSpec
from model_zoo.sequences.sequence_training import Windows, frames_of, train_windows
from model_zoo.sequences.streams import Scorer

FOLDS = 5
BATCHES = 16
"""Into so many a fold is divided that is smaller than this many batches of the recipe."""
AVERAGED = 0.1
"""The part of a short training's steps over which its weights are averaged."""

FoldScores = Callable[[int, list[int], list[int]], NDArray[np.floating]]
"""(number, learned places, held-out places) → (held out, 7) probabilities."""


@dataclass(frozen=True)
class CrossValidation:
    """`errors`: 1 − accuracy of each fold; `error` their mean and `deviation` their standard deviation (n − 1), which
    is how paper 004 gives them. `groups`: people, or distinct pictures. `evaluation` is of all folds together, each
    case scored once."""

    network: str
    data_set: str
    groups: int
    seed: int
    errors: tuple[float, ...]
    error: float
    deviation: float
    evaluation: Evaluation

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "evaluation": self.evaluation.to_dict()}, indent=2) + "\n"


def crossvalidate_sequences(
    spec: ModelSpec,
    recipe: Recipe,
    found: Sequence[FaceSequence],
    score: Scorer,
    folder: Path,
    count: int = FOLDS,
    seed: int = 0,
) -> CrossValidation:
    """Trains in `folder`/fold-1 and so on, going on from checkpoints found there. `score` is asked by networks that
    take probabilities, not faces. Raises DataError for fewer people than folds, or a frame that cannot be read."""
    people, labels = [each.person for each in found], [each.label for each in found]
    faces = np.stack([_faces(each, frames_of(spec)) for each in found])

    def scores(number: int, learned: list[int], held_out: list[int]) -> NDArray[np.floating]:
        shown = _inputs(spec, faces, faces[learned], score)
        truth = np.repeat(indices(labels)[:, np.newaxis], frames_of(spec), axis=1)
        known, new = (Windows(shown[places], truth[places]) for places in (learned, held_out))
        plan = for_few(recipe, len(learned))
        model = train_windows(spec, plan, known, new, folder / f"fold-{number}", seed)
        # Its last layer sums the scores of the frames and normalises them.
        return np.asarray(keras.ops.convert_to_numpy(model(new.inputs)))

    return _in_folds(spec.name, "Cohn-Kanade's layout", people, labels, scores, count, seed)


def crossvalidate_pictures(
    spec: ModelSpec,
    recipe: Recipe,
    pictures: Pictures,
    people: Sequence[Hashable],
    folder: Path,
    count: int = FOLDS,
    seed: int = 0,
) -> CrossValidation:
    """The same for single pictures. `people` says of each picture with which others it stays together."""

    def scores(number: int, learned: list[int], held_out: list[int]) -> NDArray[np.floating]:
        known, new = (pictures.chosen(places, pictures.split) for places in (learned, held_out))
        plan = replace(recipe, batch=min(recipe.batch, len(learned)))
        model = train(spec, plan, known, new, folder / f"fold-{number}", seed)
        shown = standardise(centre_crop(new.images, spec.side), *scaling_of(known))
        return np.asarray(model.predict(shown, batch_size=plan.batch, verbose=0))

    return _in_folds(spec.name, pictures.split, people, pictures.labels, scores, count, seed)


def shortened(recipe: Recipe, epochs: int | None) -> Recipe:
    """The recipe with `epochs` at its last size, for trying it; itself for None."""
    return recipe if epochs is None else replace(recipe, sizes=((epochs, recipe.sizes[-1][1]),))


def for_few(recipe: Recipe, count: int) -> Recipe:
    """The recipe for `count` sequences. Cohn-Kanade has 327 labelled ones, of which a batch of 128 would make three
    steps an epoch, and an average over 500 steps would remember the first. Sequences are learned as they are."""
    batch = max(1, min(recipe.batch, count // BATCHES))
    steps = recipe.epochs * -(-count // batch)
    average = min(recipe.average, max(0.0, 1 - 1 / max(1.0, AVERAGED * steps)))
    return replace(recipe, batch=batch, average=average, augmentation=NO_AUGMENTATION)


def described(found: CrossValidation) -> str:
    scores = found.evaluation
    low, high = scores.interval95
    errors = ", ".join(f"{error:.1%}" for error in found.errors)
    return "\n".join(
        [
            f"{found.network} on {found.data_set}: {scores.n} cases in {found.groups} groups that stay together "
            f"(people, or copies of a picture), {len(found.errors)} folds",
            f"error of a fold      {found.error:.1%} ± {found.deviation:.1%}   ({errors})",
            f"accuracy of all      {scores.accuracy:.1%}  (95 %: {low:.1%} to {high:.1%})",
            f"macro-F1             {scores.macro_f1:.1%}",
        ]
    )


def _in_folds(
    network: str,
    data_set: str,
    people: Sequence[Hashable],
    labels: Sequence[str],
    scores: FoldScores,
    count: int,
    seed: int,
) -> CrossValidation:
    probabilities, errors = np.empty((len(labels), 7)), []
    truth = indices(labels)
    for number, part in enumerate(folds(people, count, seed), start=1):
        held_out = list(part)
        learned = sorted(set(range(len(labels))) - set(held_out))
        probabilities[held_out] = scores(number, learned, held_out)
        errors.append(float((probabilities[held_out].argmax(axis=1) != truth[held_out]).mean()))
    return CrossValidation(
        network=network,
        data_set=data_set,
        groups=len(set(people)),
        seed=seed,
        errors=tuple(errors),
        error=float(np.mean(errors)),
        deviation=float(np.std(errors, ddof=1)),
        evaluation=evaluate(probabilities, labels),
    )


def _faces(sequence: FaceSequence, count: int) -> NDArray[np.uint8]:
    """(count, 48, 48), from the first frame to the last. The middle square of a frame stands for the face, which
    Cohn-Kanade's camera holds in its middle."""
    return np.stack([as_face(load(file)) for file in sequence.evenly(count)])


def _inputs(
    spec: ModelSpec, faces: NDArray[np.uint8], learned: NDArray[np.uint8], score: Scorer
) -> NDArray[np.float32]:
    """(n, frames, 48, 48) faces as the network takes them, standardised by those that it learns from."""
    if len(spec.input_shape) == 2:
        rows = score(faces.reshape(-1, *faces.shape[2:]))
        return rows.reshape(*faces.shape[:2], -1).astype(np.float32)
    return standardise(faces, float(learned.mean()), float(learned.std()))
