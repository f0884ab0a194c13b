"""YuNet as it was published until May 2026: its file names the size of the pictures."""

from __future__ import annotations

from pathlib import Path

import onnx

from tests.conftest import shared_path


def yunet_of_one_size(folder: Path) -> Path:
    network = onnx.load(shared_path("YUNET"))
    for side in network.graph.input[0].type.tensor_type.shape.dim[2:]:
        side.dim_value = 640
    file = folder / "of_one_size.onnx"
    onnx.save(network, file)
    return file
