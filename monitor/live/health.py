"""Whether this process can do its work, as a load balancer or an alarm asks it: nothing of persons, no address, no
words of an error that might name one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any, Literal

from monitor.errors import ClassifierError, MonitorError, StoreError
from monitor.live.classroom import Classroom
from monitor.store.store import Store

PATIENCE_S = 2.0
"""For the database's answer: one that takes longer is told as one that does not come."""
FRESH_S = 2.0
"""So long one answer serves all who ask: asking costs a transaction."""


@dataclass(frozen=True)
class Health:
    """`weights`: whether the network's file is what its card says; a process without it does not score."""

    reachable: bool
    writable: bool
    scoring: bool
    weights: bool
    waiting: int = 0
    capacity: int = 0
    lost: int = 0
    kept: bool = True
    streams: int = 0

    @property
    def status(self) -> Literal["ok", "degraded", "failing"]:
        """Degraded: samples wait, or were lost. All that is asked of this process still works or will by itself."""
        if not (self.reachable and self.writable and self.scoring and self.weights):
            return "failing"
        return "ok" if self.kept and not self.waiting > self.capacity // 2 else "degraded"

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "database": {"reachable": self.reachable, "writable": self.writable},
            "recorder": {
                "keeps": self.kept,
                "waiting": self.waiting,
                "capacity": self.capacity,
                "lost": self.lost,
            },
            "scoring": {"alive": self.scoring, "weights_verified": self.weights},
            "streams": self.streams,
        }


class Examiner:
    """Asks the store on a thread of its own, so that a database that hangs makes an answer and no queue of those who
    ask. May be used from any thread."""

    def __init__(self, store: Callable[[], Store], room: Callable[[], Classroom]) -> None:
        """Both are asked each time: neither may be there yet."""
        self._store, self._room = store, room
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._reached = False
        self._asked: Future[tuple[bool, bool]] | None = None
        self._known: tuple[float, Health] | None = None
        self._lock = threading.Lock()

    def look(self) -> Health:
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > FRESH_S:
                found = self._examine()
                self._known = time.monotonic(), found
            return self._known[1]

    def stop(self) -> None:
        self._clerk.shutdown(wait=False, cancel_futures=True)

    def _examine(self) -> Health:
        reachable, writable = self._database()
        try:
            room = self._room()
        except MonitorError as error:
            return Health(reachable, writable, scoring=False, weights=not isinstance(error, ClassifierError))
        keeping = room.keeping
        return Health(
            reachable,
            writable,
            room.alive,
            weights=True,  # without that it would not have been opened
            waiting=keeping.waiting,
            capacity=room.capacity,
            lost=keeping.lost,
            kept=keeping.problem is None,
            streams=len(room.streams),
        )

    def _database(self) -> tuple[bool, bool]:
        if self._asked is None or self._asked.done():
            self._reached = False
            self._asked = self._clerk.submit(self._ask)
        try:
            return self._asked.result(PATIENCE_S)
        except NotYet:
            return self._reached, False

    def _ask(self) -> tuple[bool, bool]:
        """Whether it can be reached, and whether it can be written."""
        try:
            store = self._store()
            store.answers()
            self._reached = True
        except MonitorError:  # of the settings too
            return False, False
        try:
            store.writes()
        except StoreError:
            return True, False
        return True, True
