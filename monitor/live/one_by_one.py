"""A frame that raises is one failed frame: those that were to be read with it are read all the same."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from monitor.domain import Frame, Reading
from monitor.live.pipeline import Pipeline

log = logging.getLogger(__name__)


def read_all(pipeline: Pipeline, frames: Sequence[Frame]) -> tuple[list[Reading], int]:
    """The readings, and how many frames failed."""
    if not frames:
        return [], 0
    try:
        return pipeline.read(frames), 0
    except Exception:
        log.exception("a batch of %d frames failed; trying them one by one", len(frames))
        tried = [_read(pipeline, frame) for frame in frames]
        return [reading for read in tried for reading in read or ()], sum(read is None for read in tried)


def _read(pipeline: Pipeline, frame: Frame) -> list[Reading] | None:
    try:
        return pipeline.read([frame])
    except Exception:
        log.exception("a frame of %dx%d failed", frame.image.shape[1], frame.image.shape[0])
        return None
