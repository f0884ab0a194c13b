"""The public `fer` package on a video: `PYTHON tests/benchmarks/beside.py VIDEO FPS SECONDS`.

Runs in an environment of its own and uses nothing of this project. `fer` finds faces with OpenCV's Haar cascade
(`mtcnn=False`) and scores each with its mini-Xception; `lite` is its quantized file, which newer versions take by
default. Prints one line of JSON: per analysed frame, milliseconds of wall and of processor time. The decoding of the
video is left out.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time

import cv2  # the one of that environment
import numpy as np
from fer.fer import FER  # type: ignore[import-not-found, unused-ignore]

WARM_UP = 5


def main(video: str, fps: float, seconds: float) -> None:
    frames = _frames(video, fps, seconds)
    found = {"fer": importlib.metadata.version("fer"), "frames": len(frames)}
    for name, lite in (("keras", False), ("lite", True)):
        found[name] = _timed(FER(mtcnn=False, use_tflite=lite), frames)
    print(json.dumps(found))


def _timed(judge: FER, frames: list[np.ndarray]) -> dict[str, float]:
    for frame in frames[:WARM_UP]:
        judge.detect_emotions(frame)
    wall, processor = time.perf_counter(), time.process_time()
    faces = sum(bool(judge.detect_emotions(frame)) for frame in frames)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {
        "wall_ms": round(1000 * wall / len(frames), 2),
        "processor_ms": round(1000 * processor / len(frames), 2),
        "with_a_face": round(faces / len(frames), 3),
    }


def _frames(video: str, fps: float, seconds: float) -> list[np.ndarray]:
    """`fps` frames a second of the video's beginning."""
    opened, frames, due = cv2.VideoCapture(video), [], 0.0
    rate = opened.get(cv2.CAP_PROP_FPS)
    number = 0
    while opened.grab() and number / rate < seconds:
        if number / rate >= due:
            frames.append(opened.retrieve()[1])
            due += 1 / fps
        number += 1
    return frames


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
