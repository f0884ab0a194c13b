"""What a lesson came to. Everything comes from its `Timeline`; a running lesson has a report as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.domain import Lesson, Student
from monitor.insight.bootstrap import interval, resampled_class_means
from monitor.insight.moments import Moment, moments
from monitor.insight.mood import (
    Course,
    agreement_of,
    by_emotion,
    known,
    mood_of,
    signed,
    volatility_of,
    whole_course,
)
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Ints, Windows, class_mean, cut, ratio

# A lesson of an hour is resampled second by second, a longer one in steps that keep it as quick.
LONGEST = 3600
HEAT_POINTS = 60


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval: how much it would vary had other half-minutes of the lesson been
    seen. It says nothing of the network's own errors. None where the lesson is too short for an interval."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval, or the value twice where there is none."""
        return (self.value, self.value) if self.low is None or self.high is None else (self.low, self.high)

    @property
    def half_width(self) -> float | None:
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


@dataclass(frozen=True)
class StudentRow:
    """One student over the whole lesson; None where no face was seen."""

    student: Student
    minutes: float
    face_visible: float | None
    shares: dict[Emotion, float] | None
    mood: float | None


@dataclass(frozen=True, eq=False)
class MoodMap:
    """`moods` (students, windows): each student's mood, NaN where no face was seen."""

    students: tuple[Student, ...]
    starts: Ints
    width: int
    moods: Floats


@dataclass(frozen=True, eq=False)
class Report:
    """`shares` is empty and `mood` None when nobody's face was ever seen.

    `measured`: students with a sample; `coverage`: measured seconds, of those there would be had every
    measured student been there from the lesson's first sample to its last; `face_visible`: share of analysed
    frames with a face.
    """

    lesson: Lesson
    duration: timedelta
    students: tuple[StudentRow, ...]
    measured: int
    samples: int
    coverage: float | None
    face_visible: float | None
    shares: dict[Emotion, Estimate]
    mood: Estimate | None
    agreement: float | None
    volatility: float | None
    course: Course
    mood_map: MoodMap
    moments: tuple[Moment, ...]

    @property
    def empty(self) -> bool:
        return self.samples == 0

    def sentence(self, zone: tzinfo = UTC) -> str:
        """The lesson in one sentence; times in the reader's zone."""
        if self.empty:
            return "Nothing was measured in this lesson."
        if self.mood is None:
            return "No face was seen in this lesson, so there is no mood to report."
        return f"The mood was {_with_margin(self.mood)}{_what_happened(self.moments, zone)}."


def report(timeline: Timeline, now: datetime) -> Report:
    """`now` ends the duration of a lesson that still runs."""
    windows = _fine_windows(timeline)
    shares = class_mean(windows.scores.sum(axis=1), windows.seen.sum(axis=1))
    resampled = resampled_class_means(windows)
    course = whole_course(timeline)
    rows = _student_rows(timeline.students, windows)
    return Report(
        lesson=timeline.lesson,
        duration=timeline.lesson.duration(now),
        students=rows,
        measured=sum(row.minutes > 0 for row in rows),
        samples=len(timeline.samples),
        coverage=_coverage(windows),
        face_visible=known(ratio(windows.faces.sum(), windows.frames.sum())),
        shares=_shares(shares, resampled),
        mood=_mood(shares, resampled),
        agreement=known(agreement_of(shares)),
        volatility=known(volatility_of(course.shares)),
        course=course,
        mood_map=_mood_map(timeline),
        moments=moments(timeline),
    )


def _fine_windows(timeline: Timeline) -> Windows:
    """The whole lesson, second by second when it is not longer than an hour."""
    if timeline.empty:
        return cut(timeline, 0, 1, 0)
    span = timeline.last_second + 1 - timeline.first_second
    width = -(-span // LONGEST)
    return cut(timeline, timeline.first_second, width, -(-span // width))


def _shares(shares: Floats, resampled: Floats | None) -> dict[Emotion, Estimate]:
    if np.isnan(shares).any():
        return {}
    return {
        emotion: _estimate(float(shares[index]), None if resampled is None else resampled[:, index])
        for index, emotion in enumerate(EMOTIONS)
    }


def _mood(shares: Floats, resampled: Floats | None) -> Estimate | None:
    mood = known(mood_of(shares))
    return None if mood is None else _estimate(mood, None if resampled is None else mood_of(resampled))


def _estimate(value: float, resampled: Floats | None) -> Estimate:
    bounds = None if resampled is None else interval(resampled)
    return Estimate(value, *bounds) if bounds else Estimate(value)


def _student_rows(students: tuple[Student, ...], windows: Windows) -> tuple[StudentRow, ...]:
    means = ratio(windows.scores.sum(axis=1), windows.seen.sum(axis=1)[:, None])
    visible = ratio(windows.faces.sum(axis=1), windows.frames.sum(axis=1))
    minutes = windows.seconds.sum(axis=1) / 60
    return tuple(
        StudentRow(
            student=student,
            minutes=float(minutes[index]),
            face_visible=known(visible[index]),
            shares=None if np.isnan(means[index]).any() else by_emotion(means[index]),
            mood=known(mood_of(means[index])),
        )
        for index, student in enumerate(students)
    )


def _coverage(windows: Windows) -> float | None:
    measured = windows.seconds.sum(axis=1)
    whole = (measured > 0).sum() * (windows.seen.shape[1] * windows.width)
    return known(np.minimum(1.0, ratio(measured.sum(), np.asarray(whole))))


def _mood_map(timeline: Timeline) -> MoodMap:
    course = whole_course(timeline, HEAT_POINTS)
    start = int(course.starts[0]) if len(course.starts) else 0
    windows = cut(timeline, start, course.width, len(course.starts))
    return MoodMap(timeline.students, windows.starts, windows.width, mood_of(windows.student_means))


def _with_margin(mood: Estimate) -> str:
    margin = mood.half_width
    return signed(mood.value) + ("" if margin is None else f" (±{margin:.2f})")


def _what_happened(found: tuple[Moment, ...], zone: tzinfo) -> str:
    """The largest fall with its recovery, or else the largest rise."""
    ranked = sorted(found, key=lambda moment: moment.change)
    if not ranked:
        return " and changed little from one part of the lesson to the next"
    moment = ranked[0] if ranked[0].change < 0 else ranked[-1]
    at = moment.at.astimezone(zone).strftime("%H:%M")
    if moment.change > 0:
        return f" and rose at {at}"
    if moment.back_after is None:
        return f" and fell at {at}"
    minutes = max(1, round(moment.back_after.total_seconds() / 60))
    return f", fell at {at} and came back after {minutes} minute{'' if minutes == 1 else 's'}"
