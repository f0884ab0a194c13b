"""The check of a student's camera and connection: what is known, in plain words, and what to do about it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum

from app.browser_facts import BrowserFacts
from app.own_picture import told
from monitor.domain import Frame, Picture
from monitor.vision.picture import PictureCheck
from monitor.words import _, number

ENOUGH = 15  # pictures: three seconds of the way to the server
PATIENCE_S = 10.0  # a way that exists is found in two


class Verdict(Enum):
    GOOD = "✅"
    OPEN = "⏳"
    BAD = "❌"


@dataclass(frozen=True)
class Line:
    verdict: Verdict
    title: str
    sentence: str


@dataclass(frozen=True)
class Arrived:
    """`waited_s`: since the first frame was awaited; `took_s`: from the first frame to the last."""

    frames: int = 0
    took_s: float = 0.0
    waited_s: float = 0.0
    black: bool = False


class Arrivals:
    """Counts the frames that reach the server and keeps none. `submit` is called on a thread of the wire."""

    def __init__(self) -> None:
        self._check = PictureCheck()
        self._lock = threading.Lock()
        self._frames, self._black = 0, False
        self._first = self._last = 0.0
        self._awaited: float | None = None

    def submit(self, frame: Frame) -> None:
        black = self._check.look(frame.image, frame.at) is Picture.BLACK
        with self._lock:
            self._last = time.monotonic()
            self._first = self._first or self._last
            self._frames, self._black = self._frames + 1, black

    def pass_over(self, stream: str) -> None:
        """It came, all the same."""
        with self._lock:
            self._last = time.monotonic()
            self._frames += 1

    def spoil(self, stream: str) -> None:
        """Nothing that can be seen came."""

    def wait(self) -> None:
        """The browser has begun to look for a way; from now on time counts."""
        with self._lock:
            self._awaited = self._awaited or time.monotonic()

    @property
    def now(self) -> Arrived:
        with self._lock:
            waited = time.monotonic() - self._awaited if self._awaited else 0.0
            return Arrived(self._frames, self._last - self._first, waited, self._black)


def findings(
    facts: BrowserFacts | None, problem: str | None, way: str | None, arrived: Arrived
) -> tuple[Line, Line, Line, Line, Line]:
    """From the address to the pictures that arrive. `problem` and `way` as of `checked_picture`."""
    known = problem or (_known_problem(facts) if facts and not arrived.frames else None)
    camera = _camera(known, opened=way not in (None, "new") or arrived.frames > 0)
    return _address(facts), _browser(facts), camera, _picture(camera, arrived), _way(facts, way, arrived)


def _known_problem(facts: BrowserFacts) -> str | None:
    """What is wrong before START is pressed."""
    if not facts.secure:
        return "unsupported"
    if facts.permission == "denied":
        return "NotAllowedError"
    return "NotFoundError" if facts.cameras == 0 else None


def _address(facts: BrowserFacts | None) -> Line:
    title = _("Address")
    if facts is None:
        return Line(Verdict.OPEN, title, _("Your browser is being asked …"))
    if facts.secure:
        return Line(Verdict.GOOD, title, _("At this address a page may use the camera."))
    return Line(Verdict.BAD, title, _("It begins with http://. Ask your teacher for the address with https://."))


def _browser(facts: BrowserFacts | None) -> Line:
    title = _("Browser")
    if facts is None:
        return Line(Verdict.OPEN, title, _("Your browser is being asked …"))
    if facts.sends:
        return Line(Verdict.GOOD, title, _("This browser can send pictures."))
    sentence = _(
        "This browser cannot send pictures. Open the link in a current Chrome, Edge, Firefox or Safari, not inside "
        "another app."
    )
    return Line(Verdict.BAD, title, sentence)


def _camera(problem: str | None, opened: bool) -> Line:
    title = _("Camera")
    if problem is not None:
        return Line(Verdict.BAD, title, told(problem))
    if opened:
        return Line(Verdict.GOOD, title, _("The camera works."))
    return Line(Verdict.OPEN, title, _("Press START and allow the camera when your browser asks."))


def _picture(camera: Line, arrived: Arrived) -> Line:
    title = _("Picture")
    if camera.verdict is not Verdict.GOOD or not arrived.frames:
        return Line(Verdict.OPEN, title, _("That can be told when pictures arrive."))
    if arrived.black:
        sentence = _("It is black. Open the camera's cover or slider, take the finger away, or switch on a light.")
        return Line(Verdict.BAD, title, sentence)
    return Line(Verdict.GOOD, title, _("It is bright enough to see something in it."))


def _way(facts: BrowserFacts | None, way: str | None, arrived: Arrived) -> Line:
    title = _("Way to the server")
    if arrived.frames >= ENOUGH:
        sentence = _("{n} pictures arrived in {seconds} s.")
        return Line(Verdict.GOOD, title, sentence.format(n=arrived.frames, seconds=number(arrived.took_s, ".1f")))
    if way == "none":
        return Line(
            Verdict.BAD,
            title,
            _(
                "Your browser may not use the network for video (UDP is switched off). Switch off VPN and blocking "
                "add-ons, or take another browser."
            ),
        )
    if way == "failed" or (way is not None and arrived.waited_s > PATIENCE_S and not arrived.frames):
        return Line(
            Verdict.BAD,
            title,
            _(
                "The page arrives, but no video: the network holds it back (UDP is blocked). Use the same Wi-Fi as "
                "your teacher, no guest network and no VPN; your teacher can show this sentence to whoever runs the "
                "network."
            ),
        )
    if way is not None and arrived.waited_s > PATIENCE_S:
        sentence = _("Only {n} pictures arrived in {seconds} s: the connection is slow. Go nearer to the Wi-Fi.")
        return Line(Verdict.BAD, title, sentence.format(n=arrived.frames, seconds=f"{arrived.waited_s:.0f}"))
    if way is not None:
        return Line(Verdict.OPEN, title, _("Connecting …"))
    if facts is not None and not facts.secure:
        return Line(Verdict.OPEN, title, _("That can be told when the address is right."))
    return Line(Verdict.OPEN, title, _("Press START."))
