"""Tiny videos, whole and broken, made where they are needed."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

import av
import numpy as np

from monitor.domain import Image
from tests.faces import picture

FACE, ROOM = picture((40, 0, 240)), picture()
TWO = picture((10, 20, 150), (170, 60, 150))
TICKS = 1000


def seconds_of(*shown: tuple[Image, float], fps: int = 10) -> list[Image]:
    """Each picture for so many seconds."""
    return [image for image, seconds in shown for _ in range(round(seconds * fps))]


def film(
    images: Sequence[Image],
    fps: int = 10,
    times: Sequence[float] | None = None,
    created: datetime | None = None,
    kind: str = "mp4",
) -> bytes:
    """H.264. `times`: seconds of each picture, evenly by `fps` if None; `created`: what the file says of its making."""
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as container:
        if created is not None:
            container.metadata["creation_time"] = created.isoformat()
        stream = container.add_stream("libx264", rate=fps)
        height, width = images[0].shape[:2] if images else (240, 320)
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        stream.codec_context.options = {"preset": "ultrafast", "crf": "20"}
        container.start_encoding()
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts = round(TICKS * (times[number] if times else number / fps))
            frame.time_base = Fraction(1, TICKS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def turned(mp4: bytes) -> bytes:
    """As a phone writes a video that is to be shown turned by a quarter, clockwise: in the track's header."""
    start = mp4.index(b"tkhd") + 4
    matrix = start + (52 if mp4[start] == 1 else 40)
    one = 1 << 16
    quarter = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)
    return mp4[:matrix] + quarter + mp4[matrix + len(quarter) :]


def sound() -> bytes:
    """A quarter of a second of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(bytes(4000))
    return file.getvalue()


def half_lit(height: int = 240, width: int = 320) -> Image:
    """Bright on its left, dark on its right."""
    image = np.full((height, width, 3), 20, np.uint8)
    image[:, : width // 2] = 230
    return image
