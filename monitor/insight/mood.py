"""The numbers a teacher may trust, each from the stored probabilities alone.

Shapes: `shares` is (…, 7) in the order of `Emotion`, each row adding up to 1, NaN where nobody was seen.
None of them measures attention, engagement or understanding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from model_zoo.emotions import EMOTIONS, NEGATIVE, Emotion
from monitor.domain import Presence
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Ints, Windows, class_mean, cut, nice_width, ratio
from monitor.words import later, number

HAPPY = EMOTIONS.index(Emotion.HAPPY)
NEUTRAL = EMOTIONS.index(Emotion.NEUTRAL)
NEGATIVES = [EMOTIONS.index(emotion) for emotion in NEGATIVE]

NOW_S = 10
"""“Now” is the last ten seconds."""
MINUTE, APART = 6, 30
"""Windows of `NOW_S` in a minute, and between the two minutes that a trend compares."""
TREND_THRESHOLD = 0.05
"""A smaller change of mood is called steady."""
POINTS = 120


def mood_of(shares: Floats) -> Floats:
    """(…): p(happy) − max(p(angry), p(disgust), p(fear), p(sad)), in −1…1."""
    return np.asarray(shares[..., HAPPY] - shares[..., NEGATIVES].max(axis=-1), np.float64)


def expressiveness_of(shares: Floats) -> Floats:
    """(…): 1 − p(neutral), in 0…1."""
    return np.asarray(1 - shares[..., NEUTRAL], np.float64)


def agreement_of(shares: Floats) -> Floats:
    """(…): 1 − H/ln 7 with H = −Σ p ln p; 1 when all show one expression, 0 when all seven are as likely."""
    logs = np.log(shares, out=np.zeros_like(shares), where=~(shares <= 0))
    entropy = -(shares * logs).sum(axis=-1)
    return np.asarray(1 - entropy / math.log(len(EMOTIONS)), np.float64)


def volatility_of(shares: Floats) -> float:
    """Mean total-variation distance ½ Σ|pₜ − pₜ₋₁| of consecutive windows (windows, 7), in 0…1.

    A pair counts when both windows have a face; NaN when there is no such pair.
    """
    distances = 0.5 * np.abs(np.diff(shares, axis=0)).sum(axis=-1)
    known = distances[~np.isnan(distances)]
    return float(known.mean()) if len(known) else math.nan


class Direction(StrEnum):
    RISING = later("rising")
    STEADY = later("steady")
    FALLING = later("falling")
    UNKNOWN = later("not known yet")

    @property
    def arrow(self) -> str:
        return {"rising": "↗", "steady": "→", "falling": "↘"}.get(self.value, "")


def direction(change: float | None) -> Direction:
    if change is None:
        return Direction.UNKNOWN
    if abs(change) < TREND_THRESHOLD:
        return Direction.STEADY
    return Direction.RISING if change > 0 else Direction.FALLING


@dataclass(frozen=True)
class ClassNow:
    """The class in the last ten seconds; what needs a face is None while none is seen.

    `change` is the mood of the last minute minus that of the minute five minutes before, None while either
    is missing; `volatility` is over the last five minutes; `face_visible` the share of frames with a face;
    `here` counts the students who joined and have neither paused nor left, `measured` and `visible` those
    with a sample and with a face in the last ten seconds.
    """

    shares: dict[Emotion, float] | None
    mood: float | None
    change: float | None
    agreement: float | None
    expressiveness: float | None
    volatility: float | None
    face_visible: float | None
    students: int
    here: int
    measured: int
    visible: int

    @property
    def direction(self) -> Direction:
        return direction(self.change)

    @property
    def top(self) -> Emotion | None:
        """The expression with the largest share."""
        return max(self.shares, key=self.shares.__getitem__) if self.shares else None


def class_now(timeline: Timeline, now: datetime) -> ClassNow:
    windows = cut(timeline, end_of(now) - NOW_S * (MINUTE + APART), NOW_S, MINUTE + APART)
    means = windows.class_means
    shares = means[-1]
    change = _mood_between(windows, -MINUTE, None) - _mood_between(windows, 0, MINUTE)
    return ClassNow(
        shares=None if np.isnan(shares).any() else by_emotion(shares),
        mood=known(mood_of(shares)),
        change=known(change),
        agreement=known(agreement_of(shares)),
        expressiveness=known(expressiveness_of(shares)),
        volatility=known(volatility_of(means[-APART:])),
        face_visible=known(ratio(windows.faces[:, -1].sum(), windows.frames[:, -1].sum())),
        students=len(timeline.students),
        here=sum(student.presence is Presence.HERE for student in timeline.students),
        measured=int((windows.seconds[:, -1] > 0).sum()),
        visible=int((windows.seen[:, -1] > 0).sum()),
    )


@dataclass(frozen=True, eq=False)
class Course:
    """How the class went, window by window, at most 120 of them.

    `starts` (windows,) seconds since 1970; `width` seconds; `shares` (windows, 7) and `mood` (windows,) of
    the class, NaN where nobody was seen; `measured` (windows,) students with a sample, `visible` those of
    them whose face was seen in at least half of their seconds.
    """

    starts: Ints
    width: int
    shares: Floats
    mood: Floats
    measured: Ints
    visible: Ints

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def few_faces(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """(windows,): fewer than half of the measured students were visible, or nobody was measured."""
        return np.asarray((2 * self.visible < self.measured) | (self.visible == 0), np.bool_)


def recent_course(timeline: Timeline, now: datetime, span: timedelta = timedelta(minutes=10)) -> Course:
    """The last `span`, in windows that are over and whose edges stay where they are as time goes on."""
    return _course(timeline, *recent_edges(timeline, now, span))


def recent_edges(timeline: Timeline, now: datetime, span: timedelta) -> tuple[int, int, int]:
    """Of `recent_course`: its start (seconds since 1970), the width of its windows, and how many they are."""
    width = nice_width(span.total_seconds(), POINTS)
    end = end_of(now) // width * width
    began = int(timeline.lesson.started_at.timestamp()) // width * width
    start = max(end - int(span.total_seconds()), began)
    return start, width, max(0, (end - start) // width)


def whole_course(timeline: Timeline, points: int = POINTS) -> Course:
    """From the first sample to the last, in windows as long as the lesson needs."""
    if timeline.empty:
        return _course(timeline, int(timeline.lesson.started_at.timestamp()), 1, 0)
    # One window more than the span needs: its edges are round times, not those of the samples.
    width = nice_width(timeline.last_second + 1 - timeline.first_second, points - 1)
    start = timeline.first_second // width * width
    return _course(timeline, start, width, (timeline.last_second - start) // width + 1)


def _course(timeline: Timeline, start: int, width: int, count: int) -> Course:
    windows = cut(timeline, start, width, count)
    shares = windows.class_means
    visible = (windows.seen > 0) & (2 * windows.seen >= windows.seconds)
    return Course(
        windows.starts,
        width,
        shares,
        mood_of(shares),
        (windows.seconds > 0).sum(axis=0).astype(np.int64),
        visible.sum(axis=0).astype(np.int64),
    )


def _mood_between(windows: Windows, first: int, last: int | None) -> float:
    """The mood of the class over several windows taken as one; NaN when nobody was seen."""
    scores, seen = windows.scores[:, first:last].sum(axis=1), windows.seen[:, first:last].sum(axis=1)
    return float(mood_of(class_mean(scores, seen)))


def end_of(now: datetime) -> int:
    """The end, in seconds since 1970, of the second in which `now` lies."""
    return math.floor(now.timestamp()) + 1


def by_emotion(shares: Floats) -> dict[Emotion, float]:
    return dict(zip(EMOTIONS, shares.tolist(), strict=True))


def known(value: Floats | float) -> float | None:
    """None for NaN."""
    number = float(value)
    return None if math.isnan(number) else number


def signed(mood: float) -> str:
    """`+0.31`, `−0.05` with a minus sign as wide as the plus, `0.00`; with the marks of the language."""
    size = round(abs(mood), 2)
    sign = ("+" if mood > 0 else "−") if size else ""
    return sign + number(size)
