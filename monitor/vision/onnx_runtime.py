"""What all networks that run on ONNX Runtime share."""

from __future__ import annotations

import onnxruntime as ort

ORT_ERRORS = tuple(
    getattr(ort.capi.onnxruntime_pybind11_state, name)
    for name in ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NotImplemented", "RuntimeException")
)
"""ONNX Runtime's errors have no common class but Exception."""


def options(threads: int = 1) -> ort.SessionOptions:
    made = ort.SessionOptions()
    made.intra_op_num_threads, made.inter_op_num_threads = threads, 1
    # Threads that spin while they wait would burn the core that decodes the video.
    made.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return made
