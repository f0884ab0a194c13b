"""Makes the shipped files of a trained network: `.onnx`, `.keras` and the card of both.

Weights are kept as 16-bit floats, which halves the files. Both still compute in 32 bits, and an export
fails when one of them moves a probability by more than 0.01.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray

from data.fer2013 import SIDE, Pictures
from model_zoo import scoring
from model_zoo.architectures.deepface import load_package_weights
from model_zoo.emotions import EMOTIONS
from model_zoo.learning.batches import scaling_of
from model_zoo.learning.training import epochs_done, recipe_of
from model_zoo.measuring.evaluation import evaluate
from model_zoo.preprocessing import centre_crop, standardise
from model_zoo.quantisation import write_int8
from model_zoo.registry import ModelSpec
from model_zoo.weights import FORMATS, WeightsCard, WeightsError, WeightsFile, file_name, verified
from model_zoo.whole_files import files_in_whole

# Smaller arrays (biases, norms) are not worth the loss.
HALVED_FROM = 1024
CALIBRATION = 512  # training pictures by which the 8-bit ranges are found
# Halved weights move the scores of 8 layers by less than 0.001, those of 27 (MobileNet) by 0.0024 to 0.0055.
SAME_GRAPH, SAME_SCORES = 1e-4, 1e-2

LICENCE = "The project's own licence; the pictures it learned from are not the project's to publish."
NOTES = (
    "The EU AI Act, Art. 5(1)(f), prohibits inferring emotions of people in education and at work, "
    "save for medical or safety reasons.",
    "Not validated for decisions about people. It names expressions, not feelings, attention or understanding.",
    "The labels of FER2013 are noisy: people agree with them in about 65 of 100 pictures.",
)

NOTE_OF_START = {
    "faces": "It began with HSE-FaceRes by A. Savchenko (github.com/HSE-asavchenko/HSE_FaceRec_tf, Apache-2.0), which "
    "learned from VGGFace2 (Cao et al. 2018, arXiv:1710.08092), out of the npm package @vladmandic/human 3.3.6 (MIT).",
    "imagenet": "It began with the weights that keras.applications learned on ImageNet.",
    "shipped": "It went on from what was shipped before; how that was made stands in its recipe under `before`.",
}


@dataclass(frozen=True)
class Origin:
    """What a network learned from: the grey values' `mean` and `deviation`, and the recipe in words."""

    mean: float
    deviation: float
    recipe: Mapping[str, Any]


def origin_of(folder: Path) -> Origin:
    """What a run's folder says. Raises TrainingError when no training began there."""
    kept = recipe_of(folder)
    kept.pop("network")
    recipe = kept | {"epochs_trained": epochs_done(folder)}
    return Origin(mean=recipe.pop("mean"), deviation=recipe.pop("deviation"), recipe=recipe)


def notes_of(origin: Origin) -> tuple[str, ...]:
    """What the card says beside figures: also whose weights it began with, and those before it."""
    notes, recipe = list(NOTES), origin.recipe
    while recipe:
        start = NOTE_OF_START.get(str(recipe.get("begun_from")))
        if start and start not in notes:
            notes.append(start)
        recipe = recipe.get("before", {}).get("recipe", {})
    return tuple(notes)


def of_package(spec: ModelSpec, file: Path, training: Pictures) -> tuple[keras.Model, Origin]:
    """`spec` with the weights of the `deepface` package. Raises ModelZooError when they do not fit."""
    if spec.name != "deepface_emotion":
        raise WeightsError(f"the weights of the deepface package are those of deepface_emotion, got {spec.name}")
    mean, deviation = scaling_of(training)
    model = spec.build()
    load_package_weights(model, file, mean, deviation)
    return model, Origin(mean, deviation, {"begun_from": "the weights of the deepface package (S. Serengil, MIT)"})


def export(
    spec: ModelSpec,
    model: keras.Model,
    origin: Origin,
    training: Pictures,
    public_test: Pictures,
    folder: Path,
    quiet: bool = True,
) -> WeightsCard:
    """Writes the three files of `FORMATS` and their card into `folder`; scores are measured on `NAME.onnx`.

    `training` tells which PublicTest pictures are copies. Raises WeightsError when the files do not agree; what was in
    `folder` before is then still there.
    """
    with files_in_whole(folder) as beside:
        card = _written(spec, model, origin, (training, public_test), beside, quiet)
    return replace(card, folder=folder)


def _written(
    spec: ModelSpec,
    model: keras.Model,
    origin: Origin,
    pictures: tuple[Pictures, Pictures],
    folder: Path,
    quiet: bool,
) -> WeightsCard:
    training, public_test = pictures
    faces = standardise(centre_crop(public_test.images[:256], spec.side), origin.mean, origin.deviation)
    scores = keras.ops.convert_to_numpy(model(faces))
    halve_keras(model)
    write_keras(model, folder / f"{spec.name}.keras")
    write_onnx(model, folder / f"{spec.name}.onnx")
    write_int8(
        folder / file_name(spec.name, "onnx"),
        folder / file_name(spec.name, "int8"),
        _calibration(spec.side, origin.mean, origin.deviation, training),
    )
    card = _card(spec, origin, {each.split: len(each) for each in pictures}, folder)
    require_agreement(card, faces, scores)
    card = replace(card, scores=_scores(card, training, public_test, quiet))
    (folder / f"{spec.name}.json").write_text(card.to_json(), encoding="utf-8")
    return card


def quantise_again(card: WeightsCard, training: Pictures, public_test: Pictures) -> WeightsCard:
    """Makes the 8-bit file anew from the 32-bit one; both stay in `card.folder`, with a card that says what it scores.

    Raises WeightsError for a network without one, and where the 32-bit file is not what its card says.
    """
    name = file_name(card.network, "int8")
    if name not in card.files:
        raise WeightsError(f"{card.network} has no 8-bit file; its card names {', '.join(card.files)}")
    plain = verified(card, file_name(card.network, "onnx"))
    with files_in_whole(card.folder) as beside:
        write_int8(plain, beside / name, _calibration(card.side, card.mean, card.deviation, training))
        new = replace(card, files={**card.files, name: WeightsFile.of(beside / name)}, folder=beside)
        new = replace(new, scores={**card.scores, "int8_accuracy": _in_8_bits(new, public_test, quiet=False)})
        (beside / f"{card.network}.json").write_text(new.to_json(), encoding="utf-8")
    return replace(new, folder=card.folder)


def _calibration(side: int, mean: float, deviation: float, training: Pictures) -> NDArray[np.float32]:
    rows = np.random.default_rng(0).permutation(len(training))[:CALIBRATION]
    return standardise(centre_crop(training.images[rows], side), mean, deviation)


def halve_keras(model: keras.Model) -> None:
    for weight in model.weights:
        values = keras.ops.convert_to_numpy(weight)
        if values.size >= HALVED_FROM:
            weight.assign(values.astype(np.float16).astype(np.float32))


def write_keras(model: keras.Model, path: Path) -> None:
    """A `.keras` file is a zip that Keras does not compress; halved weights compress well."""
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def write_onnx(model: keras.Model, path: Path) -> None:
    write_plain_onnx(model, path)
    graph = onnx.load(path)
    _halve_onnx(graph.graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def write_plain_onnx(model: keras.Model, path: Path) -> None:
    """The graph as Keras writes it, 32-bit. Raises WeightsError when it computes other than `model`."""
    with warnings.catch_warnings():
        # keras asks NumPy for an old name.
        warnings.filterwarnings("ignore", category=FutureWarning)
        model(np.zeros((1, *model.input_shape[1:]), dtype=np.float32))
        model.export(path, format="onnx", verbose=False)
    _require_same_graph(model, path)


def _halve_onnx(graph: onnx.GraphProto) -> None:
    """Keeps large initialisers as float16, each with a Cast back that a runtime folds away when it loads."""
    casts = []
    for tensor in graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= HALVED_FROM:
            name = tensor.name
            tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}/half"))
            casts.append(onnx.helper.make_node("Cast", [tensor.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _require_same_graph(model: keras.Model, path: Path) -> None:
    network = scoring.open_onnx_file(path)
    random = np.random.default_rng(0)
    for count in (1, 8, 30):
        batch = random.standard_normal((count, *model.input_shape[1:])).astype(np.float32)
        apart = np.abs(network(batch) - keras.ops.convert_to_numpy(model(batch))).max()
        if not apart <= SAME_GRAPH:
            raise WeightsError(f"{path.name} differs from its network by {apart:.1e} for {count} faces")


def require_agreement(card: WeightsCard, faces: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
    for name in ("onnx", "keras"):
        apart = np.abs(scoring.open_network(card, name)(faces) - scores).max()
        if not apart <= SAME_SCORES:
            raise WeightsError(
                f"{file_name(card.network, name)} differs from the 32-bit network by {apart:.1e}, "
                f"allowed is {SAME_SCORES}"
            )


def _card(spec: ModelSpec, origin: Origin, counts: Mapping[str, int], folder: Path) -> WeightsCard:
    names = [file_name(spec.name, each) for each in FORMATS]
    return WeightsCard(
        network=spec.name,
        side=spec.side,
        channels=spec.channels,
        field=SIDE,
        seen=spec.side,
        mean=origin.mean,
        deviation=origin.deviation,
        labels=tuple(emotion.value for emotion in EMOTIONS),
        data_set="FER2013 (Goodfellow et al. 2013, arXiv:1307.0414)",
        counts=counts,
        recipe=origin.recipe,
        scores={},
        files={name: WeightsFile.of(folder / name) for name in names},
        licence=LICENCE,
        notes=notes_of(origin),
        created=datetime.now(UTC).date(),
        folder=folder,
    )


def _scores(card: WeightsCard, training: Pictures, public_test: Pictures, quiet: bool) -> dict[str, Any]:
    probabilities = scoring.score_with(scoring.open_network(card), card, public_test.images, quiet=quiet)
    own = public_test.uncopied(training)
    everything = evaluate(probabilities, public_test.labels)
    uncopied = evaluate(probabilities[own], [public_test.labels[row] for row in own])
    return {
        "split": public_test.split,
        "n": everything.n,
        "accuracy": everything.accuracy,
        "interval95": list(everything.interval95),
        "without_copies": {"n": uncopied.n, "accuracy": uncopied.accuracy},
        "macro_f1": everything.macro_f1,
        "balanced_accuracy": everything.balanced_accuracy,
        "top2_accuracy": everything.top2_accuracy,
        "ece": everything.ece,
        "int8_accuracy": _in_8_bits(card, public_test, quiet),
    }


def _in_8_bits(card: WeightsCard, public_test: Pictures, quiet: bool) -> float:
    network = scoring.open_network(card, "int8")
    return evaluate(scoring.score_with(network, card, public_test.images, quiet=quiet), public_test.labels).accuracy
