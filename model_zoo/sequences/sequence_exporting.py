"""Makes the shipped files of a network of sequences: `.onnx`, `.keras` and their card.

The files give a row for each frame of the window, (n, frames, 7): live the last one counts; the mean of all is what
paper 004 says of a sequence. 8 bits would save nothing here: a window of scores costs less than a face, and one of
faces is not for live use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from data.fer2013 import SIDE, Pictures
from model_zoo import scoring
from model_zoo.architectures.recurrent import frame_scores
from model_zoo.exporting import LICENCE, NOTES, Origin, halve_keras, require_agreement, write_keras, write_onnx
from model_zoo.preprocessing import standardise
from model_zoo.registry import ModelSpec
from model_zoo.sequences.films import filmed, score_films
from model_zoo.sequences.sequence_comparison import AHEAD, FRAME_BY_FRAME, by_windows, score_way
from model_zoo.sequences.sequence_training import frames_of
from model_zoo.sequences.streams import ScoredStreams
from model_zoo.weights import WeightsCard, WeightsFile, file_name
from model_zoo.whole_files import files_in_whole

FORMATS = ("onnx", "keras")
OF_SEQUENCES = (
    "It learned from simulated streams, made of the still pictures of FER2013, and its scores are of such: nobody was "
    "filmed, and what it does on a real class is not measured.",
)


def export(
    spec: ModelSpec, model: keras.Model, origin: Origin, faces: WeightsCard, public_test: ScoredStreams, folder: Path
) -> WeightsCard:
    """Writes the files and their card into `folder`; scores are measured on `NAME.onnx` and `public_test`.

    `faces` is the card of the network that scored the frames. Raises WeightsError when the files do not agree; what
    was in `folder` before is then still there.
    """
    ahead, window = AHEAD[spec.name], public_test.scores[:256, : frames_of(spec)]
    about = replace(faces, window=frames_of(spec), scored_by=faces.network, ahead=ahead)

    def scored(network: scoring.Network) -> NDArray[np.float32]:
        return by_windows(network, public_test, ahead)

    return _export(spec, model, origin, about, window, public_test, folder, scored)


def export_of_films(
    spec: ModelSpec,
    model: keras.Model,
    origin: Origin,
    faces: WeightsCard,
    public_test: ScoredStreams,
    pictures: Pictures,
    seed: int,
    folder: Path,
) -> WeightsCard:
    """The same for a network that looks at the faces itself: those of `pictures` that by `seed` are in `public_test`,
    which `faces` scored; it is only what to compare with."""
    scaling = origin.mean, origin.deviation
    about = replace(
        faces,
        side=spec.side,
        channels=spec.channels,
        field=SIDE,
        seen=spec.side,
        mean=origin.mean,
        deviation=origin.deviation,
        window=frames_of(spec),
    )
    some, _ = filmed(pictures, 1, 8 * frames_of(spec), frames_of(spec), seed)

    def scored(network: scoring.Network) -> NDArray[np.float32]:
        shape = (public_test.students, public_test.frames)
        return score_films(network, frames_of(spec), scaling, pictures, *shape, seed)

    return _export(spec, model, origin, about, standardise(some, *scaling), public_test, folder, scored)


def _export(
    spec: ModelSpec,
    model: keras.Model,
    origin: Origin,
    about: WeightsCard,
    window: NDArray[np.float32],
    public_test: ScoredStreams,
    folder: Path,
    scored: Callable[[scoring.Network], NDArray[np.float32]],
) -> WeightsCard:
    frames = frame_scores(model)
    before = keras.ops.convert_to_numpy(frames(window))
    halve_keras(frames)
    with files_in_whole(folder) as beside:
        write_keras(frames, beside / file_name(spec.name, "keras"))
        write_onnx(frames, beside / file_name(spec.name, "onnx"))
        card = _card(spec, origin, about, beside)
        require_agreement(card, window, before)
        card = replace(card, scores=_scores(card, scored(scoring.open_network(card)), public_test))
        (beside / f"{spec.name}.json").write_text(card.to_json(), encoding="utf-8")
    return replace(card, folder=folder)


def _card(spec: ModelSpec, origin: Origin, about: WeightsCard, folder: Path) -> WeightsCard:
    streams = origin.recipe["simulated"]["streams"]
    return replace(
        about,
        network=spec.name,
        data_set=f"frames simulated from {about.data_set}",
        counts={split: each["students"] * each["frames"] for split, each in streams.items()},
        recipe=origin.recipe,
        scores={},
        files={name: WeightsFile.of(folder / name) for name in (file_name(spec.name, each) for each in FORMATS)},
        licence=LICENCE,
        notes=(*NOTES, *OF_SEQUENCES),
        created=datetime.now(UTC).date(),
        folder=folder,
    )


def _scores(card: WeightsCard, named: NDArray[np.float32], streams: ScoredStreams) -> dict[str, Any]:
    own, plain = score_way(card.network, named, streams), score_way(FRAME_BY_FRAME, streams.scores, streams)
    return {
        "split": f"simulated streams of {streams.split}",
        "n": streams.labels.size,
        "students": streams.students,
        "accuracy": own.accuracy,
        "interval95": list(own.interval95),
        "balanced_accuracy": own.balanced_accuracy,
        "frame_by_frame_accuracy": plain.accuracy,
    }
