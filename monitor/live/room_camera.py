"""A camera that the server opens itself: on the network (`rtsp://`, `http://`) or plugged in (an index).

It is read on a thread of its own, which nothing waits for: an address that never answers costs only that thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

import av
import cv2
import numpy as np

from monitor.domain import Frame, Image, View
from monitor.errors import CameraError
from monitor.vision.detection import shrunk
from monitor.words import _

log = logging.getLogger(__name__)

ANSWER_S, SILENCE_S = 8.0, 5.0
"""Seconds that an address has to answer with a first picture, and that a camera may be silent after that."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
LARGEST_SIDE, LARGEST_HEIGHT = 1280, 720
LARGEST_INDEX = 63
SCHEMES = ("rtsp", "rtsps", "http", "https")
# What a camera's answer may lead to: nothing on the disk of this machine.
PROTOCOLS = "http,https,tcp,tls,udp,rtp,rtsp,rtsps,crypto"


class Link(StrEnum):
    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"
    SILENT = "silent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CameraState:
    """`since` this is so; `tries` in vain since the last picture; `reason` in words, where one is known."""

    link: Link
    since: datetime
    tries: int = 0
    reason: str = ""

    @property
    def words(self) -> str:
        """Without the address."""
        reason = f" ({self.reason})" if self.reason else ""
        return {
            Link.CONNECTING: _("Connecting …"),
            Link.LIVE: _("Live"),
            Link.LOST: _("Lost: the camera stopped sending; it is tried again{reason}").format(reason=reason),
            Link.SILENT: _("The camera does not answer at this address; it is tried again{reason}").format(
                reason=reason
            ),
            Link.STOPPED: _("Switched off"),
        }[self.link]


def camera_address(text: str) -> str | int:
    """What a teacher typed, as an address or the index of a device. Raises CameraError."""
    typed = text.strip()
    if typed.isdecimal() and int(typed) <= LARGEST_INDEX:
        return int(typed)
    try:
        parts = urlsplit(typed)
        known = parts.scheme.lower() in SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    # What was typed may hold a password, so it is not repeated.
    if not known or not typed.isprintable() or " " in typed:
        raise CameraError(
            _(
                "A camera's address begins with rtsp:// or http:// and names a host. "
                "A camera that is plugged into the server is a number: 0, 1 …"
            )
        )
    return typed


def without_secrets(address: str | int) -> str:
    """As it may be shown: no name, no password, nothing after a question mark."""
    if isinstance(address, int):
        return _("camera {index} of this computer").format(index=address)
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}{'?…' if parts.query else ''}"


class RoomCamera:
    """Hands each picture to `submit`, `fps` a second at most. Start and stop may be called twice."""

    def __init__(self, stream: str, address: str | int, submit: Callable[[Frame], None], fps: float = 5.0) -> None:
        self.stream, self.shown_address = stream, without_secrets(address)
        self._address, self._submit, self._every = address, submit, 1 / fps
        self._newest: Frame | None = None
        self._came_at = 0.0
        self._state = CameraState(Link.STOPPED, datetime.now(UTC))
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._stop = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(self._stop,), name="room camera", daemon=True)
            self._tell(Link.CONNECTING, self._stop)
            self._thread.start()

    def stop(self, patience: float = 0.0) -> None:
        """From now on no picture comes. The thread ends as soon as the camera lets it; `patience`: seconds to wait."""
        thread, self._thread = self._thread, None
        self._tell(Link.STOPPED, self._stop)
        self._stop.set()
        with self._lock:
            self._newest = None
        if thread is not None:
            thread.join(patience)

    @property
    def state(self) -> CameraState:
        """Lost as soon as it was silent for `SILENCE_S`: what reads an RTSP stream gives up only seconds after that."""
        with self._lock:
            if not self._silent:
                return self._state
        since = datetime.now(UTC) - timedelta(seconds=time.monotonic() - self._came_at)
        return CameraState(Link.LOST, since, 1, _nothing_for(SILENCE_S))

    @property
    def newest(self) -> Frame | None:
        """The last picture, only in memory; None while the camera is not live."""
        with self._lock:
            return None if self._silent else self._newest

    @property
    def _silent(self) -> bool:
        return self._state.link is Link.LIVE and time.monotonic() - self._came_at > SILENCE_S

    def _run(self, stop: threading.Event) -> None:
        pause = SHORTEST_PAUSE_S
        while not stop.is_set():
            before = self._state
            reason, was_live = self._read(stop)
            lost = was_live or before.link is Link.LOST
            tries = 1 if was_live else before.tries + 1
            self._tell(Link.LOST if lost else Link.SILENT, stop, tries, reason)
            pause = SHORTEST_PAUSE_S if was_live else min(LONGEST_PAUSE_S, 2 * pause)
            stop.wait(pause)

    def _read(self, stop: threading.Event) -> tuple[str, bool]:
        """Reads until it ends; the reason in words, and whether pictures came."""
        reason, was_live = "", False
        try:
            with opened(self._address) as pictures:
                try:
                    self._hand_on(pictures, stop)
                finally:
                    was_live = self._state.link is Link.LIVE
                    if was_live:  # told now: an RTSP camera that fell silent takes seconds more to be closed
                        self._tell(Link.LOST, stop, 1)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
            # The text and the trace of the error would hold the whole address.
            log.info("the room's camera ended: %s", type(error).__name__)
            reason = _reason(error, SILENCE_S if was_live else ANSWER_S)
        return reason, was_live

    def _hand_on(self, pictures: Iterator[Callable[[], Image]], stop: threading.Event) -> None:
        due = 0.0
        for picture in pictures:
            if stop.is_set():
                return
            self._came_at = time.monotonic()
            if self._state.link is not Link.LIVE:
                self._tell(Link.LIVE, stop)
            if time.monotonic() < due:
                continue
            due = max(due + self._every, time.monotonic() - self._every)
            frame = Frame(self.stream, picture(), datetime.now(UTC), View.ROOM)
            with self._lock:
                if stop.is_set():
                    return
                self._newest = frame
            self._submit(frame)

    def _tell(self, link: Link, stop: threading.Event, tries: int = 0, reason: str = "") -> None:
        """A thread that was stopped tells nothing more. What goes on being so keeps its beginning."""
        with self._lock:
            if stop.is_set():
                return
            same = self._state.link is link
            since = self._state.since if same else datetime.now(UTC)
            self._state = CameraState(link, since, tries, reason)
            if link is not Link.LIVE:
                self._newest = None


@contextmanager
def opened(address: str | int) -> Iterator[Iterator[Callable[[], Image]]]:
    """Pictures as they come; each is turned into an image only when it is called. Raises OSError."""
    if isinstance(address, int):
        device = cv2.VideoCapture(address)
        try:
            if not device.isOpened():
                raise FileNotFoundError("no such device")
            # Left to themselves most give 640 x 480, in which a face at the back of a room is a few pixels. One that
            # has no such size stays at its own.
            device.set(cv2.CAP_PROP_FRAME_WIDTH, LARGEST_SIDE)
            device.set(cv2.CAP_PROP_FRAME_HEIGHT, LARGEST_HEIGHT)
            yield _of_device(device)
        finally:
            device.release()
        return
    options = {
        "rtsp_transport": "tcp",
        "fflags": "nobuffer",
        "protocol_whitelist": PROTOCOLS,
        "analyzeduration": "1000000",
    }
    with av.open(address, options=options, timeout=(ANSWER_S, SILENCE_S)) as container:
        if not container.streams.video:
            raise ValueError("no picture")
        yield _of_stream(container)


def _of_device(device: cv2.VideoCapture) -> Iterator[Callable[[], Image]]:
    while True:
        came, picture = device.read()
        if not came:
            return
        yield partial(_sized, np.asarray(picture, np.uint8))


def _of_stream(container: av.container.InputContainer) -> Iterator[Callable[[], Image]]:
    for frame in container.decode(video=0):
        yield partial(_decoded, frame)


def _decoded(frame: av.VideoFrame) -> Image:
    # Without saying so, it would start threads for this one picture.
    return _sized(np.asarray(frame.to_ndarray(format="bgr24", threads=1), np.uint8))


def _sized(image: Image) -> Image:
    return shrunk(image, LARGEST_SIDE)[0]


def _reason(error: Exception, waited_s: float) -> str:
    if isinstance(error, ConnectionRefusedError):
        return _("nothing listens there")
    if isinstance(error, FileNotFoundError | av.error.HTTPNotFoundError):
        return _("there is no such camera")
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return _("it asks for another name or password")
    if isinstance(error, TimeoutError | av.error.ExitError):
        return _nothing_for(waited_s)
    if isinstance(error, ValueError):
        return _("what it sends is no video")
    return ""


def _nothing_for(seconds: float) -> str:
    return _("no answer in {seconds} s").format(seconds=f"{seconds:.0f}")
