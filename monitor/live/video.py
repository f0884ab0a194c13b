"""Reads a recorded video: its own times, and some frames a second of it, decoded by a process of its own.

Nothing of the video is written anywhere: the bytes go through a pipe, the frames come through another.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from monitor.domain import Image
from monitor.errors import VideoError
from monitor.live.decoding import FRAME, Wanted
from monitor.words import _

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
FIRST_YEAR = 1990  # cameras without a clock write 1904 or 1970
CPU_S_PER_S = 2.0  # processor time that a second of video may take: 4K takes about one
LARGEST_SIDE, SIDE_OF_MANY = 640, 1280
"""Pixels of a picture's longer side: of one face, of many small ones."""
PIPE_BYTES = 1 << 20

DECODER = (sys.executable, "-m", "monitor.live.decoding")


@dataclass(frozen=True)
class Header:
    """`duration_s` and `created_at` as the file says, None where it does not."""

    duration_s: float | None
    created_at: datetime | None


@dataclass(frozen=True, eq=False)
class Still:
    """A picture of the video; `seconds` since its first one, `share` of the file that is read (NaN: unknown)."""

    seconds: float
    share: float
    image: Image


class Video:
    """A video that is being read: a context manager that ends its process. Used by one thread."""

    def __init__(
        self,
        source: bytes | Path,
        fps: float,
        longest_s: float,
        quietly: bool = False,
        side: int = LARGEST_SIDE,
        decoder: Sequence[str] = DECODER,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`quietly`: with the lowest priority. `patience_s`: how long the decoder may say nothing.

        Raises VideoError when the file cannot be read.
        """
        path = None if isinstance(source, bytes) else _readable(source)
        wanted = Wanted(path, fps, side, longest_s, round(60 + CPU_S_PER_S * longest_s), quietly)
        self.longest_s, self._patience_s = longest_s, patience_s
        self.broken_off_at: float | None = None
        self._waits_since: float | None = None
        self._silent, self._closed = False, threading.Event()
        self._process = subprocess.Popen(
            [*decoder, json.dumps(asdict(wanted))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # FFmpeg's remarks name the file
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        _widen(self._pipe("stdout"))
        threading.Thread(target=self._watch, name="video", daemon=True).start()
        try:
            self.header = self._open(b"" if path else source)
        except BaseException:
            self.close()
            raise

    def frames(self) -> Iterator[Still]:
        """Once, in their order. Raises VideoError when nothing can be made of the file."""
        while True:
            kind, content = self._message()
            if kind == b"E":
                said = json.loads(content)
                self.broken_off_at = said["seconds"] if said["broken_off"] else None
                return
            seconds, share, height, width = FRAME.unpack_from(content)
            pixels = np.frombuffer(content, np.uint8, offset=FRAME.size)
            yield Still(seconds, share, pixels.reshape(height, width, 3))

    def close(self) -> None:
        """May be called twice."""
        self._closed.set()
        self._process.kill()
        for pipe in (self._pipe("stdin"), self._pipe("stdout")):
            with suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()

    def __enter__(self) -> Video:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] = getattr(self._process, name)
        return pipe

    def _open(self, content: bytes | Path) -> Header:
        self._waits_since = time.monotonic()
        with suppress(BrokenPipeError):
            self._pipe("stdin").write(bytes(content))
            self._pipe("stdin").close()
        _kind, said = self._message()
        found = json.loads(said)
        return Header(found["duration_s"], _moment(found["created"]))

    def _message(self) -> tuple[bytes, bytes]:
        self._waits_since = time.monotonic()
        start = self._pipe("stdout").read(5)
        kind, length = start[:1], struct.unpack("<I", start[1:])[0] if len(start) == 5 else 0
        content = self._pipe("stdout").read(length)
        self._waits_since = None
        if len(start) < 5 or len(content) < length:
            raise VideoError(_sentence("silent" if self._silent else "died", {}, self.longest_s))
        if kind == b"P":
            facts = json.loads(content)
            raise VideoError(_sentence(facts.pop("problem"), facts, self.longest_s))
        return kind, content

    def _watch(self) -> None:
        while not self._closed.wait(0.2):
            since = self._waits_since
            if since is not None and time.monotonic() - since > self._patience_s:
                self._silent = True
                self._process.kill()
                return


def _readable(path: Path) -> str:
    if not path.is_file():
        raise VideoError(_("There is no file {path}.").format(path=path))
    if not os.access(path, os.R_OK):
        raise VideoError(_("The file {path} may not be read.").format(path=path))
    return str(path.resolve())


def _widen(pipe: IO[bytes]) -> None:
    """Where the system lets a pipe hold a whole frame, two processes wake each other a tenth as often."""
    try:
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return


def _moment(text: str | None) -> datetime | None:
    """When the file says it was made, unless that cannot be."""
    try:
        made = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    made = made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
    return made if made.year >= FIRST_YEAR and made < datetime.now(UTC) + timedelta(days=1) else None


def _sentence(word: str, facts: dict[str, Any], longest_s: float) -> str:
    """What a person reads, and what to do."""
    allowed = _("MP4, MOV, WebM, MKV, AVI and MPEG are read.")
    sentences = {
        "nothing": _("This file is empty: it has no bytes."),
        "no_video": _("This file is no video that can be read.") + " " + allowed,
        "cut_off": _(
            "This video was cut off before its recorder had finished it, so it cannot be opened. Copy it from the "
            "camera again, or have a video program repair it."
        ),
        "no_track": _("There are no moving pictures in this file; it may have sound only."),
        "codec": _("The pictures of this video are packed in a way that is not known here.") + " " + allowed,
        "empty": _("Not one picture could be read from this video; it may be damaged."),
        "large": _("The pictures of this video are too large: {width} x {height} pixels. 4K is fine, 8K may be not."),
        "long": _("This video is longer than {longest} minutes, which is the most that is read. Please cut it."),
        "memory": _("This video needs more memory than is allowed. Please save it anew with smaller pictures."),
        "silent": _("This video could not be read: its pictures did not come. It may be damaged."),
        "died": _("This video broke the program that reads videos, and nothing else. It may be damaged."),
    }
    return sentences[word].format(longest=round(longest_s / 60), **facts)
