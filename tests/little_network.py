"""A network of one layer with its card, made without TensorFlow, for where none is shipped yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model_zoo.emotions import EMOTIONS
from model_zoo.weights import WeightsCard, WeightsFile

SIDE = 44


def write(folder: Path, name: str = "little", side: int = SIDE, outputs: int = len(EMOTIONS)) -> Path:
    """Writes NAME.onnx and its card, and gives the card's path."""
    file = folder / f"{name}.onnx"
    onnx.save(network(side, outputs), file)
    return write_card(file)


def write_card(file: Path) -> Path:
    """A card that describes any file as a network of `SIDE` pixels."""
    card = WeightsCard(
        network=file.stem,
        side=SIDE,
        channels=1,
        field=48,
        seen=SIDE,
        mean=129.5,
        deviation=65.0,
        labels=EMOTIONS,
        data_set="none",
        counts={},
        recipe={},
        scores={},
        files={file.name: WeightsFile.of(file)},
        licence="none",
        notes=(),
        created=date(2026, 11, 22),
        folder=file.parent,
    )
    path = file.with_suffix(".json")
    path.write_text(card.to_json())
    return path


def network(side: int, outputs: int) -> onnx.ModelProto:
    """(n, side, side, 1) → (n, outputs): one layer whose weights are soft slopes and bumps, then softmax.

    It tells bright from dark, up from down and left from right, and does not mind a shift by a pixel.
    """
    u, v = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
    shapes = (np.ones_like(u), v, u, u * v, v * v - 1 / 3, u * u - 1 / 3, -v - u, v - u)
    weights = np.stack([4 * shape.ravel() / side**2 for shape in shapes[:outputs]], axis=1).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["face"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        ],
        "little",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["n", side, side, 1])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", outputs])],
        [numpy_helper.from_array(weights, "weights")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
