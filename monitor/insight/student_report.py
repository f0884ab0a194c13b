"""One student's own page: what was measured of this student, beside the middle half of the class. No ranking."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model_zoo.emotions import Emotion
from monitor.domain import Student
from monitor.insight.bootstrap import Estimate, blocks_in, resampled_class_means
from monitor.insight.effects import Effect, effects
from monitor.insight.left_out import Span, counted, counted_windows, left_out
from monitor.insight.mood import known, mood_of, whole_course
from monitor.insight.report import confidences, estimated_mood, estimated_shares, fine_windows
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Ints, Windows, cut, ratio

POINTS = 90
LEAST_CLASS = 4
"""With fewer students seen, the middle half of a class is a person or two."""


@dataclass(frozen=True, eq=False)
class StudentReport:
    """Figures as in `Report`, of one student, over what counts of the lesson.

    `starts` (windows,) seconds since 1970, `width` seconds; (windows,): `moods` of the student, NaN where no face was
    seen; `low` and `high`, between which lie the moods of the middle half of the class (first and third quartile of
    all students seen, this one among them), NaN with fewer than four; `visible`, the share of frames with a face,
    NaN where nothing was measured. `effects`: before and after each marker, of this student alone.
    """

    student: Student
    minutes: float
    face_visible: float | None
    confidence: float | None
    shares: dict[Emotion, Estimate]
    mood: Estimate | None
    starts: Ints
    width: int
    moods: Floats
    low: Floats
    high: Floats
    visible: Floats
    effects: tuple[Effect, ...]
    left_out: tuple[Span, ...]


def student_report(timeline: Timeline, student_id: int) -> StudentReport | None:
    """None when no student with this number has a name in this lesson: an unnamed face has no page."""
    place = next((i for i, one in enumerate(timeline.students) if one.id == student_id and one.named), None)
    if place is None:
        return None
    alone = _alone(timeline, timeline.students[place])
    counts, spans = counted(alone), left_out(timeline)
    windows = counted_windows(fine_windows(counts), spans)
    shares = ratio(windows.scores.sum(axis=1), windows.seen.sum(axis=1)[:, None])[0]
    resampled, blocks = resampled_class_means(windows), blocks_in(windows)
    course = _class_windows(timeline)
    moods = mood_of(course.student_means)
    low, high = _middle_half(moods)
    return StudentReport(
        student=timeline.students[place],
        minutes=float(windows.seconds.sum() / 60),
        face_visible=known(ratio(windows.faces.sum(), windows.frames.sum())),
        confidence=known(confidences(counts)[0]),
        shares=estimated_shares(shares, resampled, blocks),
        mood=estimated_mood(shares, resampled, blocks),
        starts=course.starts,
        width=course.width,
        moods=moods[place],
        low=low,
        high=high,
        visible=ratio(course.faces[place], course.frames[place]),
        effects=effects(alone),
        left_out=spans,
    )


def _alone(timeline: Timeline, student: Student) -> Timeline:
    own = timeline.samples["student_id"].to_numpy() == student.id
    return replace(timeline, students=(student,), samples=timeline.samples[own].reset_index(drop=True))


def _class_windows(timeline: Timeline) -> Windows:
    course = whole_course(timeline, POINTS)
    start = int(course.starts[0]) if len(course) else 0
    return cut(timeline, start, course.width, len(course))


def _middle_half(moods: Floats) -> tuple[Floats, Floats]:
    """(windows,) each: first and third quartile over the students (students, windows) who were seen."""
    low, high = np.full((2, moods.shape[1]), np.nan)
    enough = (~np.isnan(moods)).sum(axis=0) >= LEAST_CLASS
    if enough.any():
        low[enough], high[enough] = np.nanpercentile(moods[:, enough], (25, 75), axis=0)
    return low, high
