"""Senders that cost next to nothing: a film is encoded once, and its packets are sent over and over (WHIP)."""

from __future__ import annotations

import asyncio
import fractions
import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from aiortc import RTCPeerConnection, RTCRtpSender, VideoStreamTrack

from tests.browser.camera import Picture

CLOCK = 90_000
BIT_RATE = 250_000


@dataclass(frozen=True)
class Film:
    """VP8, its first packet a key frame, and so are some after it: who missed one is back within a second."""

    packets: tuple[bytes, ...]
    fps: int


def encoded(pictures: Iterable[Picture], fps: int, width: int = 320, height: int = 240) -> Film:
    """Pictures of ten a second, as the films of the tests have them, at `fps` a second."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.bit_rate, codec.gop_size = fractions.Fraction(1, fps), BIT_RATE, max(1, fps)
    codec.options = {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "0", "lag-in-frames": "0"}
    packets: list[bytes] = []
    for number, picture in enumerate(itertools.islice(pictures, 0, None, max(1, round(10 / fps)))):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame = frame.reformat(width, height, "yuv420p")
        frame.pts = number
        packets += [bytes(packet) for packet in codec.encode(frame)]
    packets += [bytes(packet) for packet in codec.encode(None)]
    return Film(tuple(packets), fps)


class Repeated(VideoStreamTrack):
    """Hands out packets at their pace; aiortc sends them as they are."""

    def __init__(self, film: Film, late_s: float = 0.0) -> None:
        super().__init__()
        self._film, self._number, self._late = film, 0, late_s
        self._begun: float | None = None
        self.sent: list[float] = []

    async def recv(self) -> Any:
        if self._begun is None:
            self._begun = time.monotonic() + self._late
        due = self._begun + self._number / self._film.fps
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        packet = av.Packet(self._film.packets[self._number % len(self._film.packets)])
        packet.pts = packet.dts = self._number * CLOCK // self._film.fps
        packet.time_base = fractions.Fraction(1, CLOCK)
        self._number += 1
        return packet


async def offered(film: Film, late_s: float = 0.0) -> tuple[RTCPeerConnection, str]:
    """A connection that sends the film, and its offer. Close it."""
    connection = RTCPeerConnection()
    transceiver = connection.addTransceiver(Repeated(film, late_s), "sendonly")
    known = RTCRtpSender.getCapabilities("video")
    assert known is not None
    transceiver.setCodecPreferences([one for one in known.codecs if one.mimeType == "video/VP8"])
    await connection.setLocalDescription(await connection.createOffer())
    return connection, connection.localDescription.sdp
