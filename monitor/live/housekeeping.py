"""Deletes what has been kept for long enough, while the dashboard runs, and brings the deleted out of the files."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from monitor.clock import Clock
from monitor.errors import StoreError
from monitor.people.audit import Action
from monitor.store.store import Store

log = logging.getLogger(__name__)

ACTOR = "clock"
PURGE_EVERY = timedelta(hours=1)
LOOK_EVERY_S = 60.0


class Housekeeping:
    """One thread: looks once a minute, purges once an hour. The database may be away at any time: next time, then."""

    def __init__(
        self,
        store: Store,
        keep_days: int,
        busy: Callable[[], bool],
        look_every_s: float = LOOK_EVERY_S,
        clock: Clock | None = None,
    ) -> None:
        """`busy`: whether a class is measured just now, which has to wait while a large file is written anew; `clock`:
        that of the class, which may go back between lessons."""
        self._clock = clock
        self._store, self._keep_days, self._busy, self._every = store, keep_days, busy, look_every_s
        self._purged_at: datetime | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """May be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self.look(datetime.now(UTC))

    def look(self, now: datetime) -> None:
        try:
            # The clock may have been set back.
            hourly = self._purged_at is None or not timedelta(0) <= now - self._purged_at < PURGE_EVERY
            if hourly:
                self.purge(now)
            if self._store.forgetting.due:
                self._forget(patient=self._busy() and not hourly)
            if self._clock is not None and self._clock.ahead and not self._store.lessons.running():
                self._clock.settle()
        except StoreError as error:
            log.warning("housekeeping waits: %s", error)

    def purge(self, now: datetime) -> None:
        """Raises StoreError."""
        gone = self._store.retention.purge(now, self._keep_days)
        self._store.backup.clear_leftovers(now)
        self._purged_at = now
        if gone:
            self._store.audit.note(ACTOR, Action.PURGE, "database", detail=f"lessons={len(gone)}")
            log.info("deleted %d lessons that were kept for their time", len(gone))
        # Whoever keeps the server's log elsewhere can show later that nothing was cut off the audit log.
        log.info("audit log: head %s", self._store.audit.head())

    def _forget(self, patient: bool) -> None:
        if patient:
            self._store.forgetting.empty_log()
        elif self._store.forgetting.sweep():
            log.info("the database's file was written anew, without what was deleted")
