"""What travels to a scoring cluster and back, over HTTP: pixels of cut faces there, seven numbers for each back.

No name, no student and no time is in it, and neither side writes any of it down.
"""

from __future__ import annotations

import http.client
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS, EmotionScores
from model_zoo.weights import WeightsCard
from monitor.errors import ClusterError
from monitor.vision.classification import Cut

PATH = "/score"
TYPE = "application/octet-stream"
NETWORK, BATCH = "X-Network", "X-Batch"
"""Headers: the network that has to score, and how many requests and faces were scored in one call of it."""

# Ray keeps what is smaller than 100 kB out of its object store, which lies in files of shared memory and may be spilled
# to a disk.
MOST_BYTES = 90_000
START = struct.Struct("<HH")
"""Count of the faces and side of each, before their pixels (uint8)."""


class NoHop(Exception):  # noqa: N818 - what happened, not an error of ours
    """A batch was not scored on the cluster; says why in a few words."""


def fingerprint(card: WeightsCard) -> str:
    """Of all files of a network: two with the same give the same scores."""
    return f"{card.network} {'-'.join(file.sha256[:8] for _, file in sorted(card.files.items()))}"


def packed(cuts: Sequence[Cut]) -> bytes:
    faces = np.stack(cuts)
    return START.pack(len(faces), faces.shape[1]) + faces.tobytes()


def unpacked(body: bytes) -> NDArray[np.uint8]:
    """(n, side, side). Raises ValueError for anything that `packed` did not make."""
    if not START.size < len(body) <= MOST_BYTES:
        raise ValueError(f"a batch has {START.size + 1} to {MOST_BYTES} bytes, got {len(body)}")
    count, side = START.unpack_from(body)
    return np.frombuffer(body, np.uint8, offset=START.size).reshape(count, side, side)


def most_faces(side: int) -> int:
    """That fit into one batch."""
    return (MOST_BYTES - START.size) // (side * side)


def rows(scores: Sequence[EmotionScores]) -> bytes:
    return np.array([one.probabilities for one in scores], "<f4").tobytes()


def scores_of(body: bytes, count: int) -> list[EmotionScores]:
    """Raises NoHop for anything but `count` rows of probabilities."""
    if len(body) != 4 * count * len(EMOTIONS):
        raise NoHop(f"{len(body)} bytes came for {count} faces")
    try:
        return [EmotionScores.of(row) for row in np.frombuffer(body, "<f4").reshape(count, -1)]
    except ValueError as error:
        raise NoHop("no probabilities came") from error


class Hop:
    """A connection that is kept open between batches. Used by one thread."""

    def __init__(self, address: str, network: str, patience_s: float) -> None:
        """`network`: its fingerprint. Raises ClusterError for an address that is none."""
        parts, self._patience_s = require_address(address), patience_s
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._way = kind(parts.hostname or "", parts.port, timeout=patience_s)
        self._headers = {"Content-Type": TYPE, NETWORK: network}
        self._path = parts.path.rstrip("/") + PATH

    def score(self, cuts: Sequence[Cut]) -> list[EmotionScores]:
        """As many batches as they need. Raises NoHop."""
        most = most_faces(cuts[0].shape[0])
        parts = [cuts[start : start + most] for start in range(0, len(cuts), most)]
        return [one for part in parts for one in self._batch(part)]

    def close(self) -> None:
        with suppress(OSError):
            self._way.close()

    def _batch(self, cuts: Sequence[Cut]) -> list[EmotionScores]:
        body, kept_open = packed(cuts), self._way.sock is not None
        try:
            return scores_of(self._post(body), len(cuts))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            # The other side may have closed what lay idle; only a connection that is new says something.
            if kept_open and not isinstance(error, TimeoutError):
                return self._batch(cuts)
            raise NoHop(_reason(error)) from error
        except NoHop:
            self.close()
            raise

    def _post(self, body: bytes) -> bytes:
        self._way.request("POST", self._path, body, self._headers)
        answer = self._way.getresponse()
        content = self._read(answer)
        if answer.status != http.client.OK:
            # Only what a server of ours may say is short and plain.
            said = content[:120].decode("ascii", "replace") if answer.status == http.client.CONFLICT else ""
            raise NoHop(f"it answered {answer.status} {answer.reason} {said}".rstrip())
        return content

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """Also of a server from which a byte comes now and then."""
        content, give_up = b"", time.monotonic() + self._patience_s
        while part := answer.read1(MOST_BYTES):
            content += part
            if time.monotonic() > give_up or len(content) > MOST_BYTES:
                raise TimeoutError
        answer.close()  # else the connection still waits for more of it
        return content


def require_address(address: str) -> SplitResult:
    """Raises ClusterError."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port is not False:
            return parts
    except ValueError:
        pass
    raise ClusterError(
        f'scoring is "local" or the address of a cluster such as "http://10.0.0.5:8000", got {address!r}.'
    )


def _reason(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
