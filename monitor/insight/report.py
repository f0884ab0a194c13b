"""What a lesson came to. Everything comes from its `Timeline`; a running lesson has a report as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.domain import Lesson, Presence, Shown, Student
from monitor.insight.bootstrap import Estimate, blocks_in, estimate, resampled_class_means
from monitor.insight.effects import Effect, effects
from monitor.insight.left_out import Span, counted, counted_windows, left_out
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
from monitor.words import _, number

# A lesson of an hour is resampled second by second, a longer one in steps that keep it as quick.
LONGEST = 3600
HEAT_POINTS = 60


@dataclass(frozen=True)
class StudentRow:
    """One student over what counts of the lesson; None where no face was seen."""

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

    `measured`: students with a sample, rounded down to fives where only the class is shown; `coverage`: measured
    seconds, of those there would be had every measured student been there from the lesson's first sample to its last;
    `face_visible`: share of analysed frames with a face; `confidence`: the mean, over students and their seconds with
    a face, of the largest of the seven probabilities.

    What lies in `left_out` counts for no figure; only `course` and `mood_map` show it. `students` and `mood_map` are
    of those with a name: `unnamed` faces count for the class alone. `effects` are before and after each marker.
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
    confidence: float | None = None
    effects: tuple[Effect, ...] = ()
    left_out: tuple[Span, ...] = ()
    unnamed: int = 0

    @property
    def empty(self) -> bool:
        return self.samples == 0

    def sentence(self, zone: tzinfo = UTC) -> str:
        """The lesson in one sentence; times in the reader's zone."""
        if self.empty and self.left_out:
            return _("All that was measured is left out, so there is nothing to report.")
        if self.empty and self.lesson.shown is Shown.CLASS:
            return _("There is no half-minute in which five students were seen who can be counted together.")
        if self.empty:
            return _("Nothing was measured in this lesson.")
        if self.mood is None:
            return _("No face was seen in this lesson, so there is no mood to report.")
        return _what_happened(self.moments, zone).format(mood=with_margin(self.mood))


def report(timeline: Timeline, now: datetime) -> Report:
    """`now` ends the duration of a lesson that still runs."""
    spans, counts = left_out(timeline), counted(timeline)
    windows = counted_windows(fine_windows(counts), spans)
    shares = class_mean(windows.scores.sum(axis=1), windows.seen.sum(axis=1))
    resampled = resampled_class_means(windows)
    blocks = blocks_in(windows)
    course = whole_course(timeline)
    steady = whole_course(counts) if spans else course
    rows = _student_rows(timeline.students, windows)
    return Report(
        lesson=timeline.lesson,
        duration=timeline.lesson.duration(now),
        students=tuple(row for row in rows if row.student.named and _took_part(row)),
        measured=sum(row.minutes > 0 for row in rows) if timeline.about is None else timeline.about,
        samples=len(counts.samples),
        coverage=_coverage(windows, spans),
        face_visible=known(ratio(windows.faces.sum(), windows.frames.sum())),
        shares=estimated_shares(shares, resampled, blocks),
        mood=estimated_mood(shares, resampled, blocks),
        agreement=known(agreement_of(shares)),
        volatility=known(volatility_of(steady.shares)),
        course=course,
        mood_map=_mood_map(timeline),
        moments=moments(counts),
        confidence=float(np.nanmean(confidences(counts))) if windows.seen.any() else None,
        effects=effects(timeline),
        left_out=spans,
        unnamed=0 if timeline.class_only else sum(row.minutes > 0 and not row.student.named for row in rows),
    )


def fine_windows(timeline: Timeline) -> Windows:
    """The whole lesson, second by second when it is not longer than an hour."""
    if timeline.empty:
        return cut(timeline, 0, 1, 0)
    span = timeline.last_second + 1 - timeline.first_second
    width = -(-span // LONGEST)
    return cut(timeline, timeline.first_second, width, -(-span // width))


def estimated_shares(shares: Floats, resampled: Floats | None, blocks: int) -> dict[Emotion, Estimate]:
    """`shares` (7,), `resampled` (resamples, 7); empty when nobody was seen."""
    if np.isnan(shares).any():
        return {}
    return {
        emotion: estimate(float(shares[index]), None if resampled is None else resampled[:, index], blocks)
        for index, emotion in enumerate(EMOTIONS)
    }


def estimated_mood(shares: Floats, resampled: Floats | None, blocks: int) -> Estimate | None:
    mood = known(mood_of(shares))
    return None if mood is None else estimate(mood, None if resampled is None else mood_of(resampled), blocks, (-1, 1))


def confidences(timeline: Timeline) -> Floats:
    """(students,): the mean of the largest probability over a student's seconds with a face, NaN without any."""
    arrays, count = timeline.arrays, len(timeline.students)
    largest, seen = arrays.probabilities.max(axis=1, initial=-1), np.flatnonzero(arrays.faces > 0)
    rows = arrays.student[seen]
    return ratio(np.bincount(rows, largest[seen], minlength=count), np.bincount(rows, minlength=count))


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


def _took_part(row: StudentRow) -> bool:
    """Who was invited and would rather not be measured is on no list."""
    return row.minutes > 0 or row.student.presence is not Presence.INVITED


def _coverage(windows: Windows, spans: tuple[Span, ...]) -> float | None:
    """A span that was left out shortens what there could have been, to the second."""
    measured = windows.seconds.sum(axis=1)
    if not measured.any():
        return None
    first, last = int(windows.starts[0]), int(windows.starts[-1]) + windows.width
    gone = sum(max(0, min(span.last, last) - max(span.first, first)) for span in spans)
    return min(1.0, float(measured.sum() / ((measured > 0).sum() * (last - first - gone))))


def _mood_map(timeline: Timeline) -> MoodMap:
    course = whole_course(timeline, HEAT_POINTS)
    start = int(course.starts[0]) if len(course.starts) else 0
    windows = cut(timeline, start, course.width, len(course.starts))
    measured = [bool(total) for total in windows.seconds.sum(axis=1)]
    shown = [
        student.named and (seen or student.presence is not Presence.INVITED)
        for student, seen in zip(timeline.students, measured, strict=True)
    ]
    named = np.array(shown, np.bool_)
    students = tuple(student for student, on in zip(timeline.students, shown, strict=True) if on)
    return MoodMap(students, windows.starts, windows.width, mood_of(windows.student_means)[named])


def with_margin(mood: Estimate) -> str:
    """`+0.22 (±0.05)`."""
    margin = mood.half_width
    return signed(mood.value) + ("" if margin is None else f" (±{number(margin)})")


def _what_happened(found: tuple[Moment, ...], zone: tzinfo) -> str:
    """The largest fall with its recovery, or else the largest rise; `{mood}` is left open."""
    ranked = sorted(found, key=lambda moment: moment.change)
    if not ranked:
        return _("The mood was {mood} and changed little from one part of the lesson to the next.")
    moment = ranked[0] if ranked[0].change < 0 else ranked[-1]
    at = moment.at.astimezone(zone).strftime("%H:%M")
    if moment.change > 0:
        return _("The mood was {mood} and rose at {at}.").replace("{at}", at)
    if moment.back_after is None:
        return _("The mood was {mood} and fell at {at}.").replace("{at}", at)
    minutes = max(1, round(moment.back_after.total_seconds() / 60))
    if minutes == 1:
        return _("The mood was {mood}, fell at {at} and came back after 1 minute.").replace("{at}", at)
    told = _("The mood was {mood}, fell at {at} and came back after {n} minutes.")
    return told.replace("{at}", at).replace("{n}", str(minutes))
