"""What a frame with one face costs, by stage, beside the public `fer` package and beside `model.predict` for each face.

`python -m tests.benchmarks.pipeline --beside PYTHON`. All see the same frames of one video, one after
the other in one run. Processor time is that of all threads; a stage's is measured by itself, `whole` is what the live
class does with a frame, from the decoder to the scores.
"""

from __future__ import annotations

import argparse
import fractions
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np

from monitor import settings
from monitor.domain import Frame, Image
from monitor.live.pipeline import Pipeline
from monitor.vision.classification import open_classifier
from monitor.vision.detection import open_detector
from tests.benchmarks.sending import encoded
from tests.benchmarks.stage import say
from tests.faces import noisy, picture
from tests.videos import film

Given = TypeVar("Given")
OTHER = Path(__file__).with_name("beside.py")
FPS, CLASS = 5, 30
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "PATH": os.environ.get("PATH", "")}
PREDICT = """
import json, sys, time
import numpy as np, keras
from model_zoo.weights import load_card
card = load_card(sys.argv[1])
model = keras.models.load_model(card.folder / f"{card.network}.keras", compile=False)
faces = np.load(sys.argv[2])
for face in faces[:5]: model.predict(face[None], verbose=0)
wall, processor = time.perf_counter(), time.process_time()
for face in faces: model.predict(face[None], verbose=0)
wall, processor = time.perf_counter() - wall, time.process_time() - processor
each = 1000 / len(faces)
print(json.dumps({"wall_ms": round(each * wall, 2), "processor_ms": round(each * processor, 2)}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--width", type=int, default=640, help="of the video; a student's camera has 320")
    parser.add_argument("--beside", type=Path, metavar="PYTHON", help="of an environment with `fer`")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        video = _video(Path(folder), wanted.seconds, wanted.width)
        images = _frames(video, wanted.seconds)
        ours, faces = _ours(images)
        theirs = _fer(wanted.beside, video, wanted.seconds) if wanted.beside else None
        predicted = _predict(Path(folder), faces)
    whole = ours["whole"]["processor_ms"]
    versus: dict[str, float] = {"whole_of_predict_for_each_face": round(whole / predicted["processor_ms"], 3)}
    for name in ("keras", "lite") if theirs else ():
        versus[f"whole_of_fer_{name}"] = round(whole / theirs[name]["processor_ms"], 3)  # type: ignore[index]
    size = f"{images[0].shape[1]}x{images[0].shape[0]}"
    load = round(os.getloadavg()[0], 2)
    say(benchmark="pipeline", frames=len(images), size=size, **ours, predict=predicted, fer=theirs, **versus, load=load)


def _ours(images: Sequence[Image]) -> tuple[dict[str, dict[str, float]], list[np.ndarray]]:
    """By stage, and what the network is shown of each face."""
    chosen = settings.load()
    detector = open_detector(chosen.detector, Path(os.environ.get("YUNET", chosen.yunet)))
    classifier = open_classifier(chosen.network, chosen.threads)
    pipeline = Pipeline(detector, classifier, chosen.smoothing)
    packets = encoded((image[:, :, ::-1] for image in images), 10, images[0].shape[1], images[0].shape[0]).packets
    squares = [(image, found[0].cut) for image in images if (found := detector.detect(image))]
    cuts = [classifier.cut(image, square) for image, square in squares]
    begun = datetime.now(UTC)
    frames = [Frame("one", image, begun + timedelta(seconds=place / FPS)) for place, image in enumerate(images)]
    many = [
        [Frame(f"{each}", image, begun + timedelta(seconds=place / FPS)) for each in range(CLASS)]
        for place, image in enumerate(images[:10])
    ]
    decoder = _decoder()
    stages = {
        "decode": _timed(lambda packet: decoder(packet), packets),
        "faces": _timed(detector.detect, images),
        "cut": _timed(lambda pair: classifier.cut(*pair), squares),
        "emotions": _timed(lambda cut: classifier.classify([cut]), cuts),
        "read": _timed(lambda frame: pipeline.read([frame]), frames),
        "read_in_a_class_of_30": _timed(pipeline.read, many, each=CLASS),
    }
    whole = {name: stages["decode"][name] + stages["read"][name] for name in ("wall_ms", "processor_ms")}
    stages["whole"] = {name: round(value, 2) for name, value in whole.items()}
    stages["whole"]["frames_per_second"] = round(1000 / whole["wall_ms"], 1)
    mean, deviation = classifier.card.mean, classifier.card.deviation
    return stages, [(cut.astype(np.float32) - mean) / deviation for cut in cuts]


def _timed(work: Callable[[Given], object], given: Sequence[Given], each: int = 1) -> dict[str, float]:
    for one in given[:3]:
        work(one)
    wall, processor = time.perf_counter(), time.process_time()
    for one in given:
        work(one)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    count = max(1, len(given) * each)
    return {"wall_ms": round(1000 * wall / count, 3), "processor_ms": round(1000 * processor / count, 3)}


def _decoder() -> Callable[[bytes], Image]:
    """As aiortc has it, and then the picture as the class reads it."""
    codec = av.CodecContext.create("libvpx", "r")

    def decode(packet: bytes) -> Image:
        made = av.Packet(packet)
        made.time_base = fractions.Fraction(1, 90_000)
        (frame,) = codec.decode(made)
        return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)

    return decode


def _video(folder: Path, seconds: float, width: int) -> Path:
    """FACE_MEDIA's single face, or the astronaut; as wide as wanted, over and over."""
    media = os.environ.get("FACE_MEDIA")
    piece = Path(media) / "single_face.mp4" if media else folder / "piece.mp4"
    if media is None:
        room = picture((150, 20, 320), width=640, height=360)
        piece.write_bytes(film([noisy(room, seed) for seed in range(72)], fps=30))
    path = folder / "video.mp4"
    command = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", str(piece), "-an", "-vf", f"scale={width}:-2"]
    subprocess.run([*command, "-t", str(seconds), str(path)], check=True)
    return path


def _frames(video: Path, seconds: float) -> list[Image]:
    """`FPS` of each second, as `beside.py` takes them."""
    with av.open(str(video)) as container:
        rate, due, taken = float(container.streams.video[0].average_rate or 30), 0.0, []
        for number, frame in enumerate(container.decode(video=0)):
            if number / rate >= seconds:
                break
            if number / rate >= due:
                taken.append(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))
                due += 1 / FPS
    return taken


def _fer(python: Path, video: Path, seconds: float) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = _said([str(python), str(OTHER), str(video), str(FPS), str(seconds)])
    return found


def _predict(folder: Path, faces: Sequence[np.ndarray]) -> dict[str, float]:
    """Keras's own call with the same network, for each face, in a process of its own: no TensorFlow in this one."""
    np.save(folder / "faces.npy", np.stack(faces)[..., None])
    name = settings.load().network
    found: dict[str, float] = _said([sys.executable, "-c", PREDICT, name, str(folder / "faces.npy")])
    return found


def _said(command: Sequence[str]) -> Any:
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=QUIET)
    return json.loads(ran.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
