"""When a teacher's rules fire: over the class as the live page shows it, never over one student.

A rule looks at the last ten seconds, as “mood now” does. It fires when it has held for `Rule.seconds` without a gap,
is over when it no longer holds, and does not fire again before. Seconds without data and seconds that are left out
fire nothing and end nothing; when they last longer than a minute, an alert before them is over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from monitor.insight.mood import NOW_S, mood_of, signed
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Ints, class_mean, cut, ratio, running
from monitor.teaching import Alert, Marker, Measure, Rule
from monitor.words import _, percent

UNKNOWN_S = 60
SHOWN_AFTER = timedelta(seconds=60)
SUGGESTED = (
    Rule(0, Measure.MOOD, below=True, limit=-0.2, seconds=60),
    Rule(0, Measure.FACE_VISIBLE, below=True, limit=0.5, seconds=120),
)


@dataclass(frozen=True, slots=True)
class Watch:
    """How far a rule got. Seconds since 1970: those before `ready` do not count; it holds from `since` to `last`."""

    rule: Rule
    ready: int
    since: int | None = None
    last: int | None = None
    fired: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A rule that fired at that moment, or else was over."""

    rule: Rule
    at: datetime
    fired: bool


def follow(
    watches: tuple[Watch, ...], timeline: Timeline, markers: tuple[Marker, ...], first: int, last: int
) -> tuple[tuple[Watch, ...], tuple[Turn, ...]]:
    """Takes every watch through the seconds (since 1970) `first` to `last`, both among them."""
    seconds = range(first, last + 1)
    measured = measure(timeline, markers, first, len(seconds))
    followed, turns = [], []
    for watch in watches:
        for second, value in zip(seconds, measured[watch.rule.measure].tolist(), strict=True):
            watch, turn = _step(watch, second, value)
            turns += [turn] if turn else []
        followed.append(watch)
    return tuple(followed), tuple(turns)


def measure(timeline: Timeline, markers: tuple[Marker, ...], first: int, count: int) -> dict[Measure, Floats]:
    """(count,) each: what the rules watch at the end of every second, NaN where nothing is known or it is left out.

    Of the ten seconds up to there: the mood of the class, and the share of the measured students whose face was seen
    in at least half of their seconds.
    """
    windows = cut(timeline, first - NOW_S + 1, 1, count + NOW_S - 1)
    out = _left_out(markers, windows.starts)
    kept = np.where(out, 0.0, 1.0)
    seconds, seen = running(windows.seconds * kept, NOW_S), running(windows.seen * kept, NOW_S)
    mood = mood_of(class_mean(running(windows.scores * kept[:, None], NOW_S), seen))
    visible = ((seen > 0) & (2 * seen >= seconds)).sum(axis=0)
    share = ratio(visible, (seconds > 0).sum(axis=0))
    now_out = out[NOW_S - 1 :]
    return {Measure.MOOD: np.where(now_out, np.nan, mood), Measure.FACE_VISIBLE: np.where(now_out, np.nan, share)}


def shown(alerts: tuple[Alert, ...], now: datetime) -> tuple[Alert, ...]:
    """What the live page says: what holds or was just over, the latest of each rule; nothing of a dismissed rule."""
    silent = {one.rule for one in alerts if one.dismissed_at is not None}
    fresh = (one for one in alerts if one.over_at is None or now - one.over_at < SHOWN_AFTER)
    return tuple({one.rule: one for one in fresh if one.rule not in silent}.values())


def in_words(rule: Rule) -> str:
    """`Mood of the class below −0.20 for 60 s`."""
    if rule.measure is Measure.MOOD:
        text = (
            _("Mood of the class below {limit} for {time}")
            if rule.below
            else _("Mood of the class above {limit} for {time}")
        )
        return text.format(limit=signed(rule.limit), time=duration_in_words(rule.seconds))
    text = (
        _("Faces visible of less than {limit} of the class for {time}")
        if rule.below
        else _("Faces visible of more than {limit} of the class for {time}")
    )
    return text.format(limit=percent(rule.limit), time=duration_in_words(rule.seconds))


def duration_in_words(seconds: int) -> str:
    """`90 s`, but `2 min`."""
    if seconds >= 120 and seconds % 60 == 0:
        return _("{minutes} min").format(minutes=seconds // 60)
    return _("{seconds} s").format(seconds=seconds)


def _step(watch: Watch, second: int, value: float) -> tuple[Watch, Turn | None]:
    if second < watch.ready:
        return watch, None
    if math.isnan(value):
        return _unknown(watch, second)
    if not _holds(watch.rule, value):
        return _ended(watch, second)
    since = second if watch.since is None else watch.since
    held = replace(watch, since=since, last=second)
    if watch.fired or second + 1 - since < watch.rule.seconds:
        return held, None
    return replace(held, fired=True), Turn(watch.rule, _moment(second + 1), fired=True)


def _unknown(watch: Watch, second: int) -> tuple[Watch, Turn | None]:
    if not watch.fired:
        return replace(watch, since=None), None
    last = watch.ready - 1 if watch.last is None else watch.last
    return _ended(watch, last + 1) if second - last > UNKNOWN_S else (watch, None)


def _ended(watch: Watch, second: int) -> tuple[Watch, Turn | None]:
    turn = Turn(watch.rule, _moment(second), fired=False) if watch.fired else None
    return Watch(watch.rule, watch.ready), turn


def _holds(rule: Rule, value: float) -> bool:
    return value < rule.limit if rule.below else value > rule.limit


def _left_out(markers: tuple[Marker, ...], starts: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(seconds,): those that begin in a span that is left out."""
    out = np.zeros(len(starts), np.bool_)
    for marker in markers:
        if marker.left_out:
            until = math.inf if marker.until is None else marker.until.timestamp()
            out |= (starts >= marker.at.timestamp()) & (starts < until)
    return out


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
