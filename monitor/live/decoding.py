"""Decodes a video, in a process of its own: `python -m monitor.live.decoding WANTED`, started by `monitor.live.video`.

A file that a person gave may be broken, or made to break a decoder. Here it can take neither the dashboard with it nor
more memory and time than it is allowed, and nothing can be written: the process may write to no file at all.

`WANTED` is `Wanted` as JSON. The file's bytes come on stdin unless it names a path. On stdout go messages: a letter,
the length of what follows (4 bytes, little endian), and H(eader), F(rame), E(nd) or P(roblem): all but the frame JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from monitor.crashes import leave_no_core

# Kinds of file, by FFmpeg's names. Not among them: pictures, and lists that have a reader open other files.
KINDS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,mp3,wav,flac,aac,mjpeg"
FRAME = struct.Struct("<ddHH")
"""Seconds since the first frame, share of the file that is done (NaN: unknown), height, width; then BGR pixels."""
LARGEST_PIXELS = 40_000_000
MEMORY_BYTES = 3 << 30  # beside the file itself; a frame of 8K takes 50 MB, and a decoder keeps some twenty
THREADS, LARGE_PIXELS = 2, 1_000_000  # two threads for large pictures only: one costs less processor time

Send = Callable[..., None]


@dataclass(frozen=True)
class Wanted:
    """`fps`: frames a second to give; `side`: pixels of their longer side at most; `longest_s`: seconds, a longer video
    is a problem; `cpu_s`: seconds of processor time after which the process is ended."""

    path: str | None
    fps: float
    side: int
    longest_s: float
    cpu_s: int
    quietly: bool


class Problem(Exception):  # noqa: N818 - what the reader is told
    """`word` is one of those for which `monitor.live.video` has a sentence."""

    def __init__(self, word: str, **facts: object) -> None:
        super().__init__(word)
        self.word, self.facts = word, facts


def main() -> None:
    wanted = Wanted(**json.loads(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever reads; then this process is ended
    file = io.BytesIO(sys.stdin.buffer.read()) if wanted.path is None else open(wanted.path, "rb")  # noqa: SIM115
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    _bound(size, wanted)
    with contextlib.suppress(BrokenPipeError):
        try:
            decode(file, size, wanted, send)
        except Problem as problem:
            send(b"P", json.dumps({"problem": problem.word, **problem.facts}).encode())
        except MemoryError:
            send(b"P", json.dumps({"problem": "memory"}).encode())
        sys.stdout.buffer.flush()
    os._exit(0)  # a decoder's threads may still be at work on a broken file


def send(kind: bytes, *parts: bytes | memoryview) -> None:
    sys.stdout.buffer.write(kind + struct.pack("<I", sum(map(len, parts))))
    for part in parts:
        sys.stdout.buffer.write(part)
    if kind != b"F":
        sys.stdout.buffer.flush()


def _bound(size: int, wanted: Wanted) -> None:
    if wanted.quietly and hasattr(os, "nice"):
        os.nice(15)
    leave_no_core()
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY_BYTES, size + MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (wanted.cpu_s, wanted.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def decode(file: BinaryIO, size: int, wanted: Wanted, send: Send) -> None:
    """Raises Problem."""
    with _opened(file, size) as container:
        stream = _pictures(container)
        duration = _duration(container, stream)
        if duration is not None and duration > wanted.longest_s:
            raise Problem("long", seconds=duration)
        created = {**stream.metadata, **container.metadata}
        named = created.get("com.apple.quicktime.creationdate") or created.get("creation_time")
        send(b"H", json.dumps({"duration_s": duration, "created": named}).encode())
        last = None
        for seconds, place, frame in _chosen(container, stream, wanted):
            share = seconds / duration if duration else place / size
            image = _image(frame, stream, wanted.side)
            send(b"F", FRAME.pack(seconds, min(1.0, share), *image.shape[:2]), image.reshape(-1).data)
            last = seconds
        if last is None:
            raise Problem("empty")
        broken = duration is not None and last < 0.95 * duration - 2 / wanted.fps
        send(b"E", json.dumps({"broken_off": broken, "seconds": last, "duration_s": duration}).encode())


def _opened(file: BinaryIO, size: int) -> InputContainer:
    try:
        return av.open(file, mode="r", options={"format_whitelist": KINDS}, metadata_errors="replace")
    except (FFmpegError, ValueError, OSError) as error:
        file.seek(0)
        start = file.read(64)
        if not size:
            raise Problem("nothing") from error
        # An MP4 is finished by its table of contents, a Matroska file by nothing.
        raise Problem("cut_off" if start[4:8] == b"ftyp" or start[:4] == b"\x1aE\xdf\xa3" else "no_video") from error


def _pictures(container: InputContainer) -> VideoStream:
    """The first track of moving pictures: a song's cover is none."""
    streams = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not streams:
        raise Problem("no_track")
    stream = streams[0]
    if stream.codec_context is None:
        raise Problem("codec")
    if stream.width * stream.height > LARGEST_PIXELS:
        raise Problem("large", width=stream.width, height=stream.height)
    stream.codec_context.thread_type = "AUTO"
    stream.codec_context.thread_count = THREADS if stream.width * stream.height > LARGE_PIXELS else 1
    return stream


def _duration(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _chosen(container: InputContainer, stream: VideoStream, wanted: Wanted) -> Iterator[tuple[float, int, VideoFrame]]:
    """(seconds since the first frame, place in the file, frame), `fps` a second at most, by the frames' own times."""
    step, due, before = 1 / wanted.fps, 0.0, 0.0
    rate = float(stream.average_rate or 0)
    if rate >= 3 * wanted.fps:
        # Frames that no other frame needs are not decoded at all; often that is half of them.
        stream.codec_context.skip_frame = "NONREF"
    for seconds, place, frame in _timed(container, stream, 1 / (rate or 25)):
        if seconds > wanted.longest_s:
            raise Problem("long", seconds=seconds)
        if seconds - before > 1.5 * step:
            stream.codec_context.skip_frame = "DEFAULT"  # too few are left: this video needs them all
        before = seconds
        if seconds >= due - step / 100:
            due = max(due + step, seconds + step / 2)
            yield seconds, place, frame


def _timed(container: InputContainer, stream: VideoStream, usual: float) -> Iterator[tuple[float, int, VideoFrame]]:
    """`usual`: seconds to the next frame where the file does not tell. A time that runs backwards is passed over."""
    first, last, place = None, -usual, 0
    for packet in _packets(container, stream):
        place = packet.pos or place
        try:
            frames = packet.decode()
        except FFmpegError:
            continue  # a damaged piece; what comes after it may be whole
        for frame in frames:
            own = None if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
            first = own if first is None else first
            seconds = last + usual if own is None or first is None else own - first
            if seconds > last:
                last = seconds
                yield seconds, place, frame


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[av.Packet[VideoStream]]:
    """Until the end of the file, or to where it breaks off."""
    with contextlib.suppress(FFmpegError):
        yield from container.demux(stream)


def _image(frame: VideoFrame, stream: VideoStream, side: int) -> np.ndarray:
    """Upright, BGR, with square pixels."""
    if frame.width * frame.height > LARGEST_PIXELS:
        raise Problem("large", width=frame.width, height=frame.height)
    wide = frame.width * float(stream.sample_aspect_ratio or 1)
    scale = min(1.0, side / max(wide, frame.height))
    width, height = max(2, round(wide * scale)), max(2, round(frame.height * scale))
    # Without saying so, it would start threads for this one picture.
    small = frame.reformat(width=width, height=height, format="bgr24", interpolation="AREA", threads=1).to_ndarray()
    return np.ascontiguousarray(np.rot90(small, round(frame.rotation / 90) % 4))


if __name__ == "__main__":
    main()
