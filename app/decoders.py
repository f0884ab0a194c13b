"""Decoders of WebRTC's pictures that refuse a giant one before it takes memory.

Who may send to a class can announce 16,383 x 16,383 pixels in ten bytes, and a decoder would first get itself 400 MB
for each picture it keeps. aiortc decodes on threads of its own, before anything of ours sees a picture.
"""

from __future__ import annotations

from typing import Any

import aiortc.codecs
import av
from aiortc.codecs.h264 import H264Decoder
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame

MAX_PIXELS = 4096 * 2304  # a little more than 4K, for a room's camera


class NarrowVp8(Vp8Decoder):
    """Raises av.InvalidDataError, which aiortc logs and answers with the wish for another key frame, for a key frame of
    more than MAX_PIXELS and for what follows it, up to the next one that may be decoded."""

    def __init__(self) -> None:
        super().__init__()
        self._refused = (0, 0)

    def decode(self, encoded_frame: JitterFrame) -> list[Any]:
        size = size_of_key_frame(encoded_frame.data)
        if size is not None:
            self._refused = size if size[0] * size[1] > MAX_PIXELS else (0, 0)
        if self._refused != (0, 0):
            width, height = self._refused
            told = f"a picture of {width} x {height} pixels, decoded are {MAX_PIXELS} at most"
            raise av.error.InvalidDataError(av.error.tag_to_code(b"INDA"), told)
        return super().decode(encoded_frame)


class NarrowH264(H264Decoder):
    """FFmpeg's own decoder can be told."""

    def __init__(self) -> None:
        super().__init__()
        self.codec.options = {"max_pixels": str(MAX_PIXELS)}


def refuse_giant_pictures() -> None:
    """From now on, of every connection of this process, those of streamlit-webrtc as well."""
    # aiortc makes its decoders by these names, and has no other way to choose them: the tests notice their loss.
    aiortc.codecs.Vp8Decoder = NarrowVp8  # type: ignore[attr-defined]
    aiortc.codecs.H264Decoder = NarrowH264  # type: ignore[attr-defined]


def size_of_key_frame(frame: bytes) -> tuple[int, int] | None:
    """Width and height that a frame of VP8 announces (RFC 6386, 9.1); None for one that is no key frame."""
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != b"\x9d\x01\x2a":
        return None
    return int.from_bytes(frame[6:8], "little") & 0x3FFF, int.from_bytes(frame[8:10], "little") & 0x3FFF
