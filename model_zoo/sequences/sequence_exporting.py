"""Makes the shipped files of a network of sequences: `.onnx`, `.keras` and their card.

The files give a row for each frame of the window, (n, 16, 7): live the last one counts; the mean of all is what paper
004 says of a sequence. 8 bits would save nothing here: a window costs less than a face.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras

from model_zoo import scoring
from model_zoo.architectures.recurrent import frame_scores
from model_zoo.exporting import LICENCE, NOTES, Origin, halve_keras, require_agreement, write_keras, write_onnx
from model_zoo.registry import ModelSpec
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
    frames = frame_scores(model)
    window = public_test.scores[:256, : spec.input_shape[0]]
    before = keras.ops.convert_to_numpy(frames(window))
    halve_keras(frames)
    with files_in_whole(folder) as beside:
        write_keras(frames, beside / file_name(spec.name, "keras"))
        write_onnx(frames, beside / file_name(spec.name, "onnx"))
        card = _card(spec, origin, faces, beside)
        require_agreement(card, window, before)
        card = replace(card, scores=_scores(card, public_test))
        (beside / f"{spec.name}.json").write_text(card.to_json(), encoding="utf-8")
    return replace(card, folder=folder)


def _card(spec: ModelSpec, origin: Origin, faces: WeightsCard, folder: Path) -> WeightsCard:
    streams = origin.recipe["simulated"]["streams"]
    return replace(
        faces,
        network=spec.name,
        data_set=f"frames simulated from {faces.data_set}",
        counts={split: each["students"] * each["frames"] for split, each in streams.items()},
        recipe=origin.recipe,
        scores={},
        files={name: WeightsFile.of(folder / name) for name in (file_name(spec.name, each) for each in FORMATS)},
        licence=LICENCE,
        notes=(*NOTES, *OF_SEQUENCES),
        created=datetime.now(UTC).date(),
        folder=folder,
        window=frames_of(spec),
        scored_by=faces.network,
        ahead=AHEAD[spec.name],
    )


def _scores(card: WeightsCard, streams: ScoredStreams) -> dict[str, Any]:
    named = by_windows(scoring.open_network(card), streams, AHEAD[card.network])
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
