"""A camera that sends to the server without a page: one peer connection, received in the server's own event loop."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import av
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import SessionDescription, candidate_from_sdp

from app.frames import LARGEST_ROOM, LARGEST_SIDE, image_of
from monitor.domain import Frame, Image, View
from monitor.live.classroom import Classroom

log = logging.getLogger(__name__)
CONNECTS_WITHIN_S = 30.0
# What aiortc raises for an offer that is none.
OFFER_ERRORS = (
    ValueError, AssertionError, IndexError, KeyError, TypeError, AttributeError, InvalidStateError, InvalidAccessError,
)  # fmt: skip
UFRAG = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


class NoOffer(Exception):  # noqa: N818 - read as "no offer"
    """What was sent is no offer of a video."""


class OtherIce(Exception):  # noqa: N818
    """Candidates of another ICE session: it would have to be restarted, which aiortc cannot."""


@dataclass(frozen=True)
class Sender:
    """Who sends: a room of a lesson, or a student of it."""

    lesson_id: int
    stream: str
    student_id: int | None = None

    @property
    def view(self) -> View:
        return View.ROOM if self.student_id is None else View.OWN


class Incoming:
    """Lives in the event loop in which it was made. `stop` may be called twice."""

    def __init__(self, sender: Sender, room: Classroom, ice_servers: Sequence[dict[str, Any]], fps: int) -> None:
        self.id, self.etag = secrets.token_urlsafe(16), f'"{secrets.token_hex(8)}"'
        self.sender, self.since = sender, time.monotonic()
        self.newest: Frame | None = None
        self._room, self._fps = room, fps
        self._ufrag = ""
        self._connection = RTCPeerConnection(RTCConfiguration([RTCIceServer(**one) for one in ice_servers]))
        self._connection.add_listener("track", self._receive)
        self._task: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        """Whether nothing comes any more, or nothing ever came."""
        state = self._connection.connectionState
        return state in ("failed", "closed") or (
            state != "connected" and time.monotonic() - self.since > CONNECTS_WITHIN_S
        )

    async def answer(self, offer: str) -> str:
        """The SDP to an offer. Raises NoOffer."""
        try:
            if not any(media.kind == "video" for media in SessionDescription.parse(offer).media):
                raise NoOffer
            await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        except OFFER_ERRORS as error:
            raise NoOffer from error
        for each in self._connection.getTransceivers():
            each.direction = "recvonly" if each.kind == "video" else "inactive"  # nobody listens
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        self._ufrag = _ufrag(offer)
        return str(self._connection.localDescription.sdp)

    async def trickle(self, fragment: str) -> None:
        """More addresses of the sender. Raises OtherIce, and NoOffer for what is no fragment of SDP."""
        if _ufrag(fragment) not in ("", self._ufrag):
            raise OtherIce
        mid = None
        try:
            for line in fragment.splitlines():
                if line.startswith("a=mid:"):
                    mid = line.removeprefix("a=mid:").strip()
                elif line.startswith("a=candidate:"):
                    candidate = candidate_from_sdp(line.removeprefix("a=candidate:"))
                    candidate.sdpMid, candidate.sdpMLineIndex = mid, None if mid else 0
                    await self._connection.addIceCandidate(candidate)
                elif line.startswith("a=end-of-candidates"):
                    await self._connection.addIceCandidate(None)
        except OFFER_ERRORS as error:
            raise NoOffer from error

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await self._connection.close()

    def _receive(self, track: MediaStreamTrack) -> None:
        if track.kind == "video" and self._task is None:
            self._task = asyncio.create_task(self._hand_over(track))

    async def _hand_over(self, track: MediaStreamTrack) -> None:
        """Each frame to the class, but no more than twice as many as are asked of a camera: the rest is counted."""
        last, most = -1.0, LARGEST_ROOM if self.sender.view is View.ROOM else LARGEST_SIDE
        try:
            while True:
                frame = cast(av.VideoFrame, await track.recv())
                if (now := time.monotonic()) - last < 0.5 / self._fps:
                    self._room.pass_over(self.sender.stream)
                    continue
                last = now
                await self._submit(frame, most)
        except MediaStreamError:
            self.newest = None

    async def _submit(self, frame: av.VideoFrame, most: int) -> None:
        """A frame of which no picture can be made is counted; the stream goes on."""
        try:
            image = await _converted(frame, most)
            self.newest = Frame(self.sender.stream, image, datetime.now(UTC), self.sender.view)
            self._room.submit(self.newest)
        except Exception:
            log.exception("no picture could be made of a frame of %dx%d", frame.width, frame.height)
            self._room.spoil(self.sender.stream)


async def _converted(frame: av.VideoFrame, most: int) -> Image:
    """A small picture takes less than handing it to a thread does."""
    return image_of(frame, most) if frame.width <= LARGEST_SIDE else await asyncio.to_thread(image_of, frame, most)


def _ufrag(sdp: str) -> str:
    found = UFRAG.search(sdp)
    return found[1] if found else ""
