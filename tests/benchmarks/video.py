"""A recorded video with one face: how fast it is analysed, and beside the public `fer` package.

`python -m tests.benchmarks.video --beside PYTHON`. The video is FACE_MEDIA's single face, or the
astronaut, over and over, 640 x 360 at 30 frames/s. Everything from the file to the stored lesson counts, with the
decoder's own process; of `fer` only what it does with a frame.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from monitor import settings
from monitor.live.analysis import FPS, Recording, analyse
from monitor.live.pipeline import Pipeline
from monitor.store.store import open_store
from monitor.vision.classification import open_classifier
from monitor.vision.detection import open_detector
from tests.benchmarks.stage import say
from tests.faces import noisy, picture
from tests.lesson import state
from tests.videos import film

BESIDE_S = 30.0
OTHER = Path(__file__).with_name("beside.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--beside", type=Path, metavar="PYTHON", help="of an environment with `fer`")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = _looped(Path(folder), wanted.minutes)
        ours = _ours(path)
        theirs = _theirs(wanted.beside, path) if wanted.beside else None
    versus = {}
    if theirs is not None:
        for name in ("keras", "lite"):
            versus[f"processor_of_{name}"] = round(ours["processor_ms"] / theirs[name]["processor_ms"], 3)
    say(benchmark="video", minutes=wanted.minutes, **ours, fer=theirs, **versus)


def _looped(folder: Path, minutes: float) -> Path:
    """Streams are copied where ffmpeg can; nothing is encoded twice."""
    media = os.environ.get("FACE_MEDIA")
    piece = Path(media) / "single_face.mp4" if media else folder / "piece.mp4"
    if media is None:
        room = picture((150, 20, 320), width=640, height=360)
        piece.write_bytes(film([noisy(room, seed) for seed in range(72)], fps=30))
    path = folder / "video.mp4"
    command = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", str(piece), "-an", "-c", "copy"]
    subprocess.run([*command, "-t", str(60 * minutes), str(path)], check=True)
    return path


def _ours(path: Path) -> dict[str, float]:
    chosen = settings.load()
    yunet = Path(os.environ.get("YUNET", chosen.yunet))
    pipeline = Pipeline(
        open_detector(chosen.detector, yunet), open_classifier(chosen.network, chosen.threads), chosen.smoothing
    )
    before, wall = _processor_s(), time.perf_counter()
    recording = Recording(path, "Benchmark", "Ada", datetime.now(UTC), fps=FPS)
    state(store := open_store("sqlite://"))
    done = analyse(store, pipeline, recording, 7200)
    wall, processor = time.perf_counter() - wall, _processor_s() - before
    lasted = done.lesson.duration(datetime.now(UTC)).total_seconds()
    return {
        "frames": done.frames,
        "with_a_face": round(done.faces / done.frames, 3),
        "times_real_time": round(lasted / wall, 1),
        "wall_ms": round(1000 * wall / done.frames, 2),
        "processor_ms": round(1000 * processor / done.frames, 2),
    }


def _processor_s() -> float:
    """Of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _theirs(python: Path, path: Path) -> dict[str, dict[str, float]]:
    command = [str(python), str(OTHER), str(path), str(FPS), str(BESIDE_S)]
    variables = {"TF_CPP_MIN_LOG_LEVEL": "3", "PATH": os.environ.get("PATH", "")}
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=variables)
    found: dict[str, dict[str, float]] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
