"""YuNet (Wu et al. 2023, doi:10.1007/s11633-023-1423-y) as a function of a picture.

Its file of May 2026 takes pictures of any size, and then ONNX Runtime runs it for less than half of what OpenCV's own
engine takes (1.14 against 2.9 ms of processor time for 160 x 128). That of March 2023 names one size, which OpenCV
passes over and ONNX Runtime does not: it is left to OpenCV.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from monitor.domain import Image
from monitor.vision.onnx_runtime import options

Rows = NDArray[np.float32]
"""(faces, 5): left, top, width and height of the box in pixels, and how sure it is, in 0...1."""

Net = Callable[[Image], Rows]
"""Not thread-safe."""

STRIDES = (8, 16, 32)
MULTIPLE = 32
"""Pixels: a picture is filled up with black to multiples of it, at the right and below."""
OVERLAP, MOST = 0.3, 50
"""Of two boxes of which more than this share is common to both, the less sure one is dropped; so many faces at most."""
SIZES = 8
"""Another size of picture costs OpenCV as much as reading one: it is made ready once for each of so many."""


def open_yunet(file: Path, confidence: float) -> Net:
    """Raises ValueError, cv2.error or one of ORT_ERRORS for a file that is no YuNet."""
    session = ort.InferenceSession(str(file), options(), providers=["CPUExecutionProvider"])
    entrance = session.get_inputs()[0]
    names = [f"{kind}_{stride}" for stride in STRIDES for kind in ("cls", "obj", "bbox")]
    if missing := set(names) - {exit_.name for exit_ in session.get_outputs()}:
        raise ValueError(f"it has no output {', '.join(sorted(missing))}")
    if isinstance(entrance.shape[-1], int):
        return ByOpenCV(file, confidence)

    blobs: dict[tuple[int, int], NDArray[np.float32]] = {}

    def find(image: Image) -> Rows:
        blob = _planes(image, blobs)
        found = session.run(names, {entrance.name: blob})
        parts = [found[place : place + 3] for place in range(0, len(found), 3)]
        columns = [blob.shape[3] // stride for stride in STRIDES]
        grids = zip(parts, STRIDES, columns, strict=True)
        rows = [_decoded(part, stride, across, confidence) for part, stride, across in grids]
        return _without_doubles(np.concatenate(rows), confidence)

    return find


class ByOpenCV:
    """OpenCV's FaceDetectorYN."""

    def __init__(self, file: Path, confidence: float) -> None:
        """The first picture raises cv2.error for a file that is no YuNet."""
        self._file, self._confidence = file, confidence
        self.ready: dict[tuple[int, int], Any] = {}

    def __call__(self, image: Image) -> Rows:
        size = (image.shape[1], image.shape[0])
        if size not in self.ready:
            if len(self.ready) == SIZES:
                del self.ready[next(iter(self.ready))]
            made = cv2.FaceDetectorYN.create(str(self._file), "", size, self._confidence, OVERLAP, MOST)
            self.ready[size] = made
        _, rows = self.ready[size].detect(image)
        return np.empty((0, 5), np.float32) if rows is None else np.asarray(rows[:, [0, 1, 2, 3, -1]], np.float32)


def _planes(image: Image, blobs: dict[tuple[int, int], NDArray[np.float32]]) -> NDArray[np.float32]:
    """(height, width, 3) → (1, 3, height, width), both filled up to multiples.

    In the memory of the last picture of that size, whose filling is still black: fresh memory of the system for each
    took a fifth of the time. In one step: each lets go of Python's lock, for which all other threads wait.
    """
    height, width = image.shape[:2]
    if (height, width) not in blobs:
        if len(blobs) == SIZES:
            del blobs[next(iter(blobs))]
        blobs[height, width] = np.zeros((1, 3, height + -height % MULTIPLE, width + -width % MULTIPLE), np.float32)
    blob = blobs[height, width]
    blob[0, :, :height, :width] = image.transpose(2, 0, 1)
    return blob


def _decoded(grid: Sequence[NDArray[Any]], stride: int, columns: int, confidence: float) -> Rows:
    """Of one grid, (1, cells, 1), (1, cells, 1) and (1, cells, 4): a face's box is told from its cell, in cells, its
    width and height as logarithms; how sure it is, is the geometric mean of two probabilities."""
    classes, objects, boxes = grid
    sure = np.sqrt(np.clip(classes[0, :, 0], 0, 1) * np.clip(objects[0, :, 0], 0, 1))
    cells = np.flatnonzero(sure >= confidence)
    down, across = np.divmod(cells, columns)
    box = boxes[0, cells]
    width, height = (np.exp(box[:, 2:]) * stride).T
    left, top = (across + box[:, 0]) * stride - width / 2, (down + box[:, 1]) * stride - height / 2
    return np.stack([left, top, width, height, sure[cells]], axis=1).astype(np.float32)


def _without_doubles(rows: Rows, confidence: float) -> Rows:
    """The surest first."""
    if len(rows) < 2:
        return rows
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 4].tolist(), confidence, OVERLAP, top_k=MOST)
    return rows[np.asarray(kept, np.int64).ravel()]
