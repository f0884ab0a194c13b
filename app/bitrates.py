"""What aiortc reckons of each packet to tell a sender how fast it may send, for a fraction of the time.

Of sixty senders a third of what the event loop did was this: aiortc goes through each millisecond since the last packet
(a camera of five pictures a second leaves two hundred), and while packets come late, as in a server that is held up,
it answers each of them.
"""

from __future__ import annotations

from collections import deque

import aiortc.rtcrtpreceiver
from aiortc.rate import RateCounter, RemoteBitrateEstimator

TELL_EVERY_MS = 1000
FALLEN = 0.97
"""Of what a sender was told last: less than this it is told at once, as in libwebrtc's `RembThrottler`."""

Told = tuple[int, list[int]]
"""Bits a second, and the sources (SSRC) for which they are."""


class Bitrate(RateCounter):
    """The same figures as aiortc's, from the packets of the window in place of its milliseconds."""

    _packets: deque[tuple[int, int]]
    _since: int | None
    _sum: int

    def add(self, value: int, now_ms: int) -> None:
        self._erase_old(now_ms)
        if self._since is None:
            self._since = now_ms
        self._packets.append((now_ms, value))
        self._sum += value

    def rate(self, now_ms: int) -> int | None:
        """Of the window, in `scale` / 1000 units a second; None without a packet in it, or for one millisecond."""
        self._erase_old(now_ms)
        if self._since is None or not self._packets:
            return None
        lasted = now_ms - self._since + 1
        return round(self._scale * self._sum / lasted) if lasted > 1 else None

    def reset(self) -> None:
        self._packets = deque()
        self._since = None
        self._sum = 0

    def _erase_old(self, now_ms: int) -> None:
        begin = now_ms - self._window_size + 1
        if self._since is not None:
            self._since = max(self._since, begin)
        while self._packets and self._packets[0][0] < begin:
            self._sum -= self._packets.popleft()[1]


class BitrateEstimator(RemoteBitrateEstimator):
    """Tells a sender at once that it has to send less, and all else once a second."""

    def __init__(self) -> None:
        super().__init__()
        self.incoming_bitrate = Bitrate(1000, 8000)
        self._told, self._told_ms = 0, -TELL_EVERY_MS

    def add(self, arrival_time_ms: int, abs_send_time: int, payload_size: int, ssrc: int) -> Told | None:
        told = super().add(arrival_time_ms, abs_send_time, payload_size, ssrc)
        if told is None:
            return None
        if arrival_time_ms - self._told_ms < TELL_EVERY_MS and told[0] > FALLEN * self._told:
            return None
        self._told, self._told_ms = told[0], arrival_time_ms
        return told


def reckon_bitrates_quickly() -> None:
    """From now on, for every connection of this process, those of streamlit-webrtc as well."""
    # aiortc makes its estimator by this name, and has no other way to choose it: a test notices its loss.
    aiortc.rtcrtpreceiver.RemoteBitrateEstimator = BitrateEstimator  # type: ignore[attr-defined]
