"""Where the time goes: seconds of each step of a frame's way since the process began."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum


class Stage(StrEnum):
    """The steps that cost something; decoding is libavcodec's, on threads of the wire, and not among them."""

    FACES = "faces"
    EMOTIONS = "emotions"
    STEADIES = "steadies"
    KEEPS = "keeps"


class Spent:
    """Each stage is timed by one thread; may be read from any."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(Stage, 0.0)

    @contextmanager
    def on(self, stage: Stage) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] += time.perf_counter() - begun

    @property
    def seconds(self) -> Mapping[Stage, float]:
        return dict(self._seconds)
