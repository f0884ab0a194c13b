"""Who is at the door: slows down who guesses, and knows who is signed in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import math
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field

from monitor.domain import Lesson
from monitor.errors import TooManyTries
from monitor.insight.pseudonyms import pseudonym_key
from monitor.words import _, later

FREE_TRIES = 4
LONGEST_WAIT_S = 60.0  # a whole class may share one address
FORGET_AFTER_S = 900.0
HOUR_S = 3600.0
MOST_WRONG_CODES_AN_HOUR = 300  # slips of a large school; a chance of 1e-6 a day hangs on it
WRONG_CODES = later("Too many wrong codes. Please wait {seconds} s and try again.")
WRONG_PASSWORDS = later("Too many tries. Please wait {seconds} s and try again.")


@dataclass
class CodeTries:
    """Wrong codes per address, or wrong passwords per address and per name. After `FREE_TRIES` each wrong one doubles
    the wait, from two seconds on.

    Times are seconds of any steady clock, handed in by the caller. Safe from any thread.
    """

    told: str = WRONG_CODES
    most_an_hour: int | None = None
    """From all addresses together: whoever has many of them guesses no faster."""
    _wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    _lately: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, address: str, now: float) -> None:
        """Raises TooManyTries while this address has to wait."""
        with self._lock:
            self._check(address, now)

    def wrong(self, address: str, now: float) -> None:
        with self._lock:
            self._count(address, now)

    def attempt(self, keys: tuple[str, ...], now: float) -> None:
        """Counts as wrong before it is known to be right, so that many at once gain nothing. Raises TooManyTries."""
        with self._lock:
            for key in keys:
                self._check(key, now)
            for key in keys:
                self._count(key, now)

    def right(self, keys: tuple[str, ...]) -> None:
        """An attempt was right after all."""
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)

    def _check(self, key: str, now: float) -> None:
        count, last = self._wrong.get(key, (0, now))
        wait = last + _pause(count) - now
        while self._lately and now - self._lately[0] >= HOUR_S:
            self._lately.popleft()
        if self.most_an_hour is not None and len(self._lately) >= self.most_an_hour:
            wait = max(wait, self._lately[0] + HOUR_S - now)
        if wait > 0:
            raise TooManyTries(_(self.told).format(seconds=math.ceil(wait)), wait)

    def _count(self, key: str, now: float) -> None:
        old = [one for one, (_count, last) in self._wrong.items() if now - last > FORGET_AFTER_S]
        for one in old:
            del self._wrong[one]
        count, _last = self._wrong.get(key, (0, now))
        self._wrong[key] = (count + 1, now)
        if self.most_an_hour is not None:
            self._lately.append(now)


def _pause(count: int) -> float:
    return 0.0 if count < FREE_TRIES else min(LONGEST_WAIT_S, 2.0 ** (count - FREE_TRIES + 1))


class SetupLink:
    """The link in the terminal that makes the first administrator. Its secret lives in memory, as a hash."""

    def __init__(self) -> None:
        self._hash = b""
        self.once = threading.Lock()

    def make(self) -> str:
        """What the link says; an older one is void."""
        token = secrets.token_urlsafe(32)
        self._hash = _digest(token)
        return token

    def opens(self, token: str) -> bool:
        return bool(self._hash) and secrets.compare_digest(self._hash, _digest(token))

    def use_up(self) -> None:
        self._hash = b""


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def sending_token(lesson: Lesson) -> str:
    """With which a camera without a page sends to this lesson (WHIP): the same on all servers with one key, kept in no
    database, and worth nothing once the lesson is over."""
    told = f"whip|{lesson.id}|{lesson.code}|{lesson.started_at.isoformat()}"
    return base64.urlsafe_b64encode(hmac.digest(pseudonym_key(), told.encode(), "sha256")).decode().rstrip("=")


def opens(lesson: Lesson, token: str) -> bool:
    return secrets.compare_digest(sending_token(lesson).encode(), token.encode())


def bearer(authorization: str) -> str:
    """The token of an Authorization header; empty where it holds none."""
    scheme, _space, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 the /64, in which anybody may take as many as there are seconds."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address or "local"
    # Where a server listens for both, IPv4 comes as ::ffff:192.0.2.7, and all of it would be one /64.
    known = known.ipv4_mapped or known if known.version == 6 else known
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))
