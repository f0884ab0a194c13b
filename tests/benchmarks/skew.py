"""Whether a network sees live what it saw in training.

`python -m tests.benchmarks.skew --pictures 700 --data PATH`. Pictures of PublicTest are enlarged, put into frames of
320x240 and read by the whole pipeline (detector, cut, batch, label order), and scored directly by the same network.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from data import fer2013
from model_zoo.preprocessing import centre_crop
from monitor import settings
from monitor.domain import Frame, Image
from monitor.live.pipeline import Pipeline
from monitor.vision.classification import open_classifier
from monitor.vision.detection import open_detector
from tests.benchmarks.stage import say

WIDTH, HEIGHT, GREY = 320, 240, 127
BATCH = 20
SEED = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=700)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FER2013", "")))
    parser.add_argument("--side", type=int, default=150, help="pixels of the enlarged picture's side")
    wanted = parser.parse_args()
    pictures = fer2013.read(wanted.data, "PublicTest")
    chosen = np.random.default_rng(SEED).permutation(len(pictures))[: wanted.pictures]
    images, labels = pictures.images[chosen], np.array(pictures.labels)[chosen]

    chosen_settings = settings.load()
    yunet = Path(os.environ.get("YUNET", chosen_settings.yunet))
    detector = open_detector(chosen_settings.detector, yunet)
    classifier = open_classifier(chosen_settings.network)
    pipeline = Pipeline(detector, classifier, chosen_settings.smoothing)

    live = np.array(list(_live(pipeline, [framed(image, wanted.side) for image in images])))
    direct = np.array(
        [each.top(1)[0][0] for each in classifier.classify(list(centre_crop(images, classifier.card.side)))]
    )
    found = live != ""
    live_right, direct_right = (live == labels)[found].mean(), (direct == labels)[found].mean()
    say(
        benchmark="skew",
        pictures=len(images),
        detector=detector.name,
        network=classifier.name,
        found=round(float(found.mean()), 4),
        accuracy_live=round(float(live_right), 4),
        accuracy_direct=round(float(direct_right), 4),
        difference_in_points=round(100 * float(live_right - direct_right), 2),
        accuracy_direct_of_all=round(float((direct == labels).mean()), 4),
    )


def framed(picture: np.ndarray, side: int) -> Image:
    """A grey frame with the picture, enlarged, in its middle."""
    large = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    frame = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
    top, left = (HEIGHT - side) // 2, (WIDTH - side) // 2
    frame[top : top + side, left : left + side] = large[..., np.newaxis]
    return frame


def _live(pipeline: Pipeline, images: list[Image]) -> Iterator[str]:
    """The likeliest emotion, empty where no face was found. Each picture is a stream of its own."""
    at = datetime.now(UTC)
    for first in range(0, len(images), BATCH):
        frames = [Frame(f"{first + place}", image, at) for place, image in enumerate(images[first : first + BATCH])]
        for reading in pipeline.read(frames):
            yield reading.scores.top(1)[0][0] if reading.scores is not None else ""
            pipeline.forget(reading.stream)


if __name__ == "__main__":
    main()
