"""Somebody announces a picture that would take all memory."""

from __future__ import annotations

from collections.abc import Sequence

import aiortc.codecs
import av
import numpy as np
import pytest
from aiortc.codecs import get_decoder
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av.video.codeccontext import VideoCodecContext

from app import decoders
from app.decoders import refuse_giant_pictures, size_of_key_frame
from tests.benchmarks.sending import encoded
from tests.browser.camera import nobody

VP8 = RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90_000, payloadType=97)
H264 = RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=99)


@pytest.fixture(autouse=True)
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Vp8Decoder", "H264Decoder"):
        monkeypatch.setattr(aiortc.codecs, name, getattr(aiortc.codecs, name))  # put back afterwards
    refuse_giant_pictures()


def arrived(data: bytes) -> JitterFrame:
    return JitterFrame(data=data, timestamp=0)


def sizes(frames: Sequence[object]) -> list[tuple[int, int]]:
    return [(frame.width, frame.height) for frame in frames if isinstance(frame, av.VideoFrame)]


def announcing(key_frame: bytes, width: int, height: int) -> bytes:
    return key_frame[:6] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + key_frame[10:]


def test_a_giant_is_refused_by_what_it_announces_and_its_stream_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []
    decode = Vp8Decoder.decode

    def watched(self: Vp8Decoder, frame: JitterFrame) -> list[av.VideoFrame]:
        given.append(frame.data)
        return decode(self, frame)  # type: ignore[return-value]

    monkeypatch.setattr(Vp8Decoder, "decode", watched)
    key, *following = encoded(nobody(1), 5).packets[:5]
    giant, decoder = announcing(key, 16_383, 16_383), get_decoder(VP8)
    with pytest.raises(av.FFmpegError, match="16383 x 16383 pixels, decoded are 9437184 at most"):
        decoder.decode(arrived(giant))
    with pytest.raises(av.FFmpegError, match="16383 x 16383"):  # what only changes a giant
        decoder.decode(arrived(following[0]))
    assert given == []
    assert sizes(decoder.decode(arrived(key))) == [(320, 240)]
    assert len(decoder.decode(arrived(following[0]))) == 1


def test_the_largest_that_is_allowed_is_decoded() -> None:
    (key, *_) = encoded(nobody(0.2), 5, 4096, 2304).packets
    assert size_of_key_frame(key) == (4096, 2304)
    assert sizes(get_decoder(VP8).decode(arrived(key))) == [(4096, 2304)]


def h264(width: int, height: int) -> bytes:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt, codec.framerate = width, height, "yuv420p", 5  # type: ignore[assignment]
    codec.options = {"preset": "ultrafast", "tune": "zerolatency"}
    picture = av.VideoFrame.from_ndarray(np.zeros((height * 3 // 2, width), np.uint8), format="yuv420p")
    return b"".join(bytes(packet) for packet in codec.encode(picture))


def test_of_h264_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sizes(get_decoder(H264).decode(arrived(h264(640, 480)))) == [(640, 480)]
    monkeypatch.setattr(decoders, "MAX_PIXELS", 640 * 480 - 1)
    with pytest.raises(av.FFmpegError):
        get_decoder(H264).decode(arrived(h264(640, 480)))


@pytest.mark.parametrize("frame", [b"", b"\x00" * 9, b"\x01" + b"\x9d\x01\x2a" * 5, b"\x00" * 30])
def test_what_is_no_key_frame_announces_nothing(frame: bytes) -> None:
    assert size_of_key_frame(frame) is None
