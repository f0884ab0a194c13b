"""A simulated stream: what a camera might show of one student, made of still pictures. Nobody was filmed.

FER2013 has no video and does not say who is seen. So a simulated student is an album of a few pictures of each label,
of different people; while an expression lasts, its pictures are looked at through a crop that drifts, and now and then
the next one is taken. The true label of a frame is that of its picture. How long expressions last and how a face moves
in its crop are assumptions (`Manner`): a figure measured on such streams compares ways of scoring them with each other,
and says nothing of a real class.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from data.fer2013 import Pictures
from model_zoo.emotions import EMOTIONS, Emotion
from model_zoo.errors import ModelZooError
from model_zoo.preprocessing import warp

NEUTRAL = EMOTIONS.index(Emotion.NEUTRAL)
BEFORE = 60.0
"""Seconds that a student has lived before the first frame, so that a stream may begin within any expression."""


class SimulationError(ModelZooError):
    """A stream that cannot be simulated; the message says what came and what is needed."""


@dataclass(frozen=True)
class Manner:
    """How a simulated student behaves and is filmed. Assumptions: plausible, and measured nowhere.

    - `frames_per_second`: what the dashboard asks of a camera.
    - An expression lasts a gamma time of shape `dwell_shape`, `expression_seconds` in the mean: nine in ten between 0.5
      and 4.2 s, the range that Matsumoto and Hwang 2011 (Motivation and Emotion 35) name for ordinary expressions. A
      neutral face lasts `neutral_seconds` in the mean. After an expression comes neutral with probability `to_neutral`,
      else one of the other five, each as likely; after neutral any of six. So a face is neutral half of the time.
    - `album` pictures of each label are a student; in a second another of them is taken with a rate of
      `pictures_per_second`.
    - The crop drifts as a first-order autoregression with `drift` from frame to frame and these deviations: `shift` and
      `scale` as parts of the side, `rotation` in degrees, `brightness` in grey values, `contrast` as a factor.
    - `noise`: deviation of each pixel in grey values.
    - A face is lost with probability `lost` in a frame, and found again with `found` in each frame after.
    """

    frames_per_second: float = 5.0
    expression_seconds: float = 2.0
    neutral_seconds: float = 4.0
    dwell_shape: float = 3.0
    to_neutral: float = 0.5
    album: int = 5
    pictures_per_second: float = 0.5
    drift: float = 0.9
    shift: float = 0.03
    scale: float = 0.05
    rotation: float = 5.0
    brightness: float = 12.0
    contrast: float = 0.1
    noise: float = 6.0
    lost: float = 0.03
    found: float = 0.5

    def __post_init__(self) -> None:
        for name in ("to_neutral", "drift", "lost", "found"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise SimulationError(f"{name} is a probability between 0 and 1, got {value!r}")
        for name in ("frames_per_second", "expression_seconds", "neutral_seconds", "dwell_shape", "album"):
            value = getattr(self, name)
            if not value > 0:
                raise SimulationError(f"{name} is positive, got {value!r}")
        for name in (each.name for each in fields(self)):
            if not 0 <= getattr(self, name) < float("inf"):
                raise SimulationError(f"{name} is not negative, got {getattr(self, name)!r}")


@dataclass(frozen=True)
class Stream:
    """One simulated student: `faces` (frames, 48, 48) uint8, black where `seen` (frames,) is false because the face
    was missed; `labels` (frames,), the place of the true emotion in `EMOTIONS`; `pictures` (frames,), the place of the
    picture that was looked at."""

    faces: NDArray[np.uint8]
    seen: NDArray[np.bool_]
    labels: NDArray[np.int64]
    pictures: NDArray[np.int64]


def simulate(
    pictures: Pictures,
    frames: int,
    student: int = 0,
    seed: int = 0,
    manner: Manner | None = None,
    weights: NDArray[np.float64] | None = None,
) -> Stream:
    """The stream of one student from the pictures of one split; (split, seed, student) alone decide it.

    `weights` (n,) says how likely each picture comes into an album; all alike without it. Raises SimulationError
    when an emotion has no picture or no frame is asked for.
    """
    manner = manner or Manner()
    if frames <= 0:
        raise SimulationError(f"a stream has at least one frame, got {frames!r}")
    random = np.random.default_rng([seed, student, *pictures.split.encode()])
    labels = _labels(frames, manner, random)
    chosen = _looked_at(labels, _album(pictures, manner, weights, random), manner, random)
    seen = _seen(frames, manner, random)
    faces = _filmed(pictures.images, chosen, manner, random)
    faces[~seen] = 0
    return Stream(faces, seen, labels, chosen)


def _labels(frames: int, manner: Manner, random: np.random.Generator) -> NDArray[np.int64]:
    """(frames,): a semi-Markov chain, as `Manner` says."""
    before = round(BEFORE * manner.frames_per_second)
    lived: list[int] = []
    emotion = NEUTRAL
    while len(lived) < before + frames:
        mean = manner.neutral_seconds if emotion == NEUTRAL else manner.expression_seconds
        seconds = random.gamma(manner.dwell_shape, mean / manner.dwell_shape)
        lived += [emotion] * max(1, round(seconds * manner.frames_per_second))
        emotion = _next(emotion, manner, random)
    return np.array(lived[before : before + frames], dtype=np.int64)


def _next(emotion: int, manner: Manner, random: np.random.Generator) -> int:
    if emotion != NEUTRAL and random.random() < manner.to_neutral:
        return NEUTRAL
    return int(random.choice([other for other in range(len(EMOTIONS)) if other not in (emotion, NEUTRAL)]))


def _album(
    pictures: Pictures, manner: Manner, weights: NDArray[np.float64] | None, random: np.random.Generator
) -> list[NDArray[np.int64]]:
    """For each emotion the places of its pictures, drawn without putting back where there are enough."""
    if weights is not None and weights.shape != (len(pictures),):
        raise SimulationError(f"weights are ({len(pictures)},), one for each picture, got {weights.shape}")
    labels = np.array(pictures.labels)
    album = []
    for emotion in EMOTIONS:
        places = np.flatnonzero(labels == emotion.value)
        likely = np.ones(len(places)) if weights is None else weights[places]
        able = int(np.count_nonzero(likely))
        if not able:
            raise SimulationError(f"{pictures.split} has no picture of {emotion.value}: every emotion needs one")
        drawn = random.choice(places, manner.album, replace=able < manner.album, p=likely / likely.sum())
        album.append(np.asarray(drawn, dtype=np.int64))
    return album


def _looked_at(
    labels: NDArray[np.int64], album: list[NDArray[np.int64]], manner: Manner, random: np.random.Generator
) -> NDArray[np.int64]:
    """(frames,): a picture of the frame's label, another at the beginning of an expression and now and then."""
    another = random.random(len(labels)) < manner.pictures_per_second / manner.frames_per_second
    another[0] = True
    another[1:] |= labels[1:] != labels[:-1]
    taken = random.integers(0, manner.album, len(labels))
    last = np.maximum.accumulate(np.where(another, np.arange(len(labels)), 0))
    return np.array([album[label][taken[place]] for label, place in zip(labels, last, strict=True)], dtype=np.int64)


def _seen(frames: int, manner: Manner, random: np.random.Generator) -> NDArray[np.bool_]:
    seen, here = np.empty(frames, dtype=bool), True
    for frame in range(frames):
        here = random.random() >= manner.lost if here else random.random() < manner.found
        seen[frame] = here
    return seen


def _filmed(
    images: NDArray[np.uint8], chosen: NDArray[np.int64], manner: Manner, random: np.random.Generator
) -> NDArray[np.uint8]:
    """(frames, 48, 48): each picture through the crop, the light and the noise of its moment."""
    side = images.shape[1]
    across, down, scale, rotation, brightness, contrast = (
        deviation * _drift(len(chosen), manner.drift, random)
        for deviation in (
            manner.shift * side,
            manner.shift * side,
            manner.scale,
            manner.rotation,
            manner.brightness,
            manner.contrast,
        )
    )
    frames = np.empty((len(chosen), side, side), dtype=np.uint8)
    for frame, picture in enumerate(chosen):
        matrix = _matrix(side, across[frame], down[frame], float(np.exp(scale[frame])), rotation[frame])
        face = warp(images[picture], matrix, side).astype(np.float64)
        middle = face.mean()
        face = (face - middle) * np.exp(contrast[frame]) + middle + brightness[frame]
        face += manner.noise * random.standard_normal(face.shape)
        frames[frame] = np.clip(np.rint(face), 0, 255)
    return frames


def _drift(frames: int, keep: float, random: np.random.Generator) -> NDArray[np.float64]:
    """(frames,) of deviation 1: xₜ = keep · xₜ₋₁ + √(1 − keep²) · εₜ."""
    steps = random.standard_normal(frames)
    steps[1:] *= np.sqrt(1 - keep * keep)
    for frame in range(1, frames):
        steps[frame] += keep * steps[frame - 1]
    return steps


def _matrix(side: int, across: float, down: float, scale: float, degrees: float) -> NDArray[np.float64]:
    """Target pixel → source pixel: turn and scale about the middle, then shift."""
    angle, middle = np.radians(degrees), np.full(2, (side - 1) / 2)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.column_stack([turn, middle + np.array([across, down]) - turn @ middle])
