"""The simulated streams that a command works on, and the training and export of networks that learn from them."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.fer2013 import Pictures
from model_zoo.commands.datasets import read
from model_zoo.errors import ModelZooError
from model_zoo.sequences.streams import ScoredStreams, Scorer, hardness, kept_streams
from model_zoo.weights import WeightsCard, file_name, load_card

if TYPE_CHECKING:
    import keras

    from model_zoo.exporting import Origin
    from model_zoo.recipes import Recipe
    from model_zoo.registry import ModelSpec

FORMAT = "int8"
"""The file of `classroom` that scores the frames: the one that watches a class."""
FRAMES = 200
LEARNED_STUDENTS, SHOWN_STUDENTS, COMPARED_STUDENTS = 240, 40, 150
"""Simulated students of Training; of PublicTest after each epoch; of PublicTest for the comparison."""
SHOWN_SEED = 1000
"""Other students than those of the comparison."""
FILMED_STUDENTS, FILMED_FRAMES = 1750, 24
"""Of Training in each epoch of a network that looks at faces: in not quite five seconds one shows five pictures or so,
so sixteen epochs look at each picture five times."""


@dataclass(frozen=True)
class Shown:
    """What a network of sequences is judged by: `faces` scored `streams`, which are made of `pictures` by `seed`."""

    faces: WeightsCard
    streams: ScoredStreams
    pictures: Pictures
    seed: int


def shown(training: Pictures, data: Path, kept: Path, students: int, seed: int) -> Shown:
    """Streams of `students` of PublicTest by `seed`; kept in the folder `kept`, so that only the first call takes
    minutes. PublicTest pictures that also stand in `training` are left out."""
    card = load_card()
    pictures = read(data, "PublicTest").without(training)
    sys.stderr.write("simulating streams: nobody was filmed\n")
    streams = kept_streams(kept, _sha256(card), scorer(card), pictures, students, FRAMES, seed)
    return Shown(card, streams, pictures, seed)


def learned(training: Pictures, kept: Path) -> ScoredStreams:
    """Streams of `training`, kept likewise."""
    card = load_card()
    score, network = scorer(card), _sha256(card)
    weights = _hard(card, score, network, training, kept)
    return kept_streams(kept, network, score, training, LEARNED_STUDENTS, FRAMES, 0, weights)


def _sha256(card: WeightsCard) -> str:
    return card.files[file_name(card.network, FORMAT)].sha256


def scorer(card: WeightsCard) -> Scorer:
    from model_zoo import scoring

    network = scoring.open_network(card, FORMAT)
    return lambda faces: scoring.score_with(network, card, faces)


def train(spec: ModelSpec, recipe: Recipe, data: Path, folder: Path, seed: int) -> WeightsCard:
    """Trains in `folder` and writes the files of the network there."""
    from model_zoo.exporting import origin_of
    from model_zoo.sequences.films import Films, train_on_films
    from model_zoo.sequences.sequence_training import train_on_streams

    kept = folder.parent / "streams"
    training = read(data, "Training")
    by = shown(training, data, kept, SHOWN_STUDENTS, SHOWN_SEED)
    if spec.takes_scores:
        model = train_on_streams(spec, recipe, learned(training, kept), by.streams, folder, seed)
    else:
        films = Films(FILMED_STUDENTS, FILMED_FRAMES, SHOWN_STUDENTS, FRAMES, SHOWN_SEED)
        model = train_on_films(spec, recipe, training, by.pictures, folder, films, seed)
    return _written(spec, model, origin_of(folder), by, folder)


def export(spec: ModelSpec, data: Path, source: Path, kept: Path, target: Path) -> WeightsCard:
    """Writes the files of the training in `source` into `target`. Raises TrainingError when it has not ended."""
    from model_zoo.exporting import origin_of
    from model_zoo.learning.training import trained

    origin, model = origin_of(source), trained(spec, source)
    by = shown(read(data, "Training"), data, kept, SHOWN_STUDENTS, SHOWN_SEED)
    return _written(spec, model, origin, by, target)


def _written(spec: ModelSpec, model: keras.Model, origin: Origin, by: Shown, target: Path) -> WeightsCard:
    from model_zoo.sequences import sequence_exporting

    if spec.takes_scores:
        return sequence_exporting.export(spec, model, origin, by.faces, by.streams, target)
    return sequence_exporting.export_of_films(spec, model, origin, by.faces, by.streams, by.pictures, by.seed, target)


def scored_on_films(card: WeightsCard, by: Shown) -> NDArray[np.float32]:
    """(students, frames, 7): what a network of faces in sequence says of the students of `by`."""
    from model_zoo import scoring
    from model_zoo.sequences.films import score_films

    network, scaling = scoring.open_network(card), (card.mean, card.deviation)
    size = (by.streams.students, by.streams.frames)
    return score_films(network, card.window, scaling, by.pictures, *size, by.seed)


def require_streams(
    spec: ModelSpec, votes: Path | None = None, from_checkpoint: bool = False, teacher: str | None = None
) -> None:
    """Raises ModelZooError for an option that is for pictures only."""
    if votes or from_checkpoint or teacher:
        option = "--votes" if votes else "--teacher" if teacher else "--from-checkpoint"
        raise ModelZooError(f"{option} is for networks of single pictures; {spec.name} learns from simulated streams")


def _hard(card: WeightsCard, score: Scorer, network: str, training: Pictures, kept: Path) -> NDArray[np.float64]:
    """(n,): how likely each picture comes into an album; the scores behind it are kept."""
    file = kept / f"Training-{hashlib.sha256(network.encode() + training.images.tobytes()).hexdigest()[:16]}.npy"
    if not file.exists():
        sys.stderr.write("scoring Training ...\n")
        file.parent.mkdir(parents=True, exist_ok=True)
        half_written = file.with_suffix(".part.npy")
        np.save(half_written, score(training.images))
        half_written.replace(file)
    return hardness(np.load(file), training.labels, card.scores["without_copies"]["accuracy"])
