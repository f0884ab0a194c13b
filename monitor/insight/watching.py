"""Keeps the alerts of a running lesson, once for all pages that show it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from monitor.insight.alerts import Turn, Watch, follow
from monitor.insight.timeline import Timeline
from monitor.store.store import Store
from monitor.teaching import Alert, Marker, Rule

SETTLED_S = 3
"""By then a second is in the store."""
READ_AGAIN_S = 5
LOOK_BACK_S = 600


class Watcher:
    """Follows the rules through one lesson and stores what they raise. May be shared by threads.

    Where no page was open for a while, the last ten minutes are made up for. After a restart it goes on from the
    stored alerts: one that is open does not fire again, and no rule is taken through the same seconds twice.
    """

    def __init__(self, store: Store, lesson_id: int) -> None:
        self._store, self._lesson_id = store, lesson_id
        self._watches: tuple[Watch, ...] = ()
        self._alerts: tuple[Alert, ...] = ()
        self._done: int | None = None
        self._read_at = -math.inf
        self._lock = Lock()

    def look(self, timeline: Timeline, markers: tuple[Marker, ...], now: datetime) -> tuple[Alert, ...]:
        """All alerts of the lesson, the earliest first; a second that another page looked at costs nothing.

        Raises StoreUnavailable; then the same seconds are looked at again.
        """
        second = math.floor(now.timestamp())
        last = second - SETTLED_S
        with self._lock:
            first = self._first(timeline, last)
            if second - self._read_at >= READ_AGAIN_S:
                self._read(first, last)
                self._read_at = second
            if last >= first:
                self._go_on(timeline, markers, first, last)
            return self._alerts

    def dismiss(self, alert: Alert, at: datetime) -> None:
        with self._lock:
            self._store.alerts.dismiss(alert.id, at)
            self._alerts = self._store.alerts.of(self._lesson_id)

    def _first(self, timeline: Timeline, last: int) -> int:
        begin = math.ceil(timeline.lesson.started_at.timestamp()) if self._done is None else self._done + 1
        return max(begin, last - LOOK_BACK_S)

    def _read(self, first: int, last: int) -> None:
        """Rules that were switched on meanwhile count from now on, those that are gone end what they raised."""
        rules = {replace(one, on=True) for one in self._store.alerts.rules_for(self._lesson_id) if one.on}
        self._alerts = self._store.alerts.of(self._lesson_id)
        gone = [one for one in self._alerts if one.over_at is None and one.rule not in rules]
        for alert in gone:
            self._store.alerts.over(self._lesson_id, alert.rule.id, datetime.fromtimestamp(max(first, last), UTC))
        if gone:
            self._alerts = self._store.alerts.of(self._lesson_id)
        known = {watch.rule: watch for watch in self._watches}
        begin = first if self._done is None else last
        ordered = sorted(rules, key=lambda rule: rule.id)
        self._watches = tuple(known.get(rule) or _watch(rule, self._alerts, begin) for rule in ordered)

    def _go_on(self, timeline: Timeline, markers: tuple[Marker, ...], first: int, last: int) -> None:
        watches, turns = follow(self._watches, timeline, markers, first, last)
        for turn in turns:
            self._keep(turn)
        if turns:
            self._alerts = self._store.alerts.of(self._lesson_id)
        self._watches, self._done = watches, last

    def _keep(self, turn: Turn) -> None:
        if turn.fired:
            self._store.alerts.raised(self._lesson_id, turn.rule, turn.at)
        else:
            self._store.alerts.over(self._lesson_id, turn.rule.id, turn.at)


def _watch(rule: Rule, alerts: tuple[Alert, ...], begin: int) -> Watch:
    """Where this rule stands: an open alert of it holds still, one that is over ended what came before it."""
    latest = next((one for one in reversed(alerts) if one.rule == rule), None)
    if latest is None:
        return Watch(rule, begin)
    if latest.over_at is None:
        ready = max(begin, math.ceil(latest.at.timestamp()))
        return Watch(rule, ready, fired=True)
    return Watch(rule, max(begin, math.ceil(latest.over_at.timestamp())))
