"""Each student at this moment: what a tile of the live view says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.domain import Presence, Student
from monitor.insight.mood import end_of, known, mood_of
from monitor.insight.timeline import Timeline
from monitor.insight.windows import Floats, Ints, cut, ratio

LOST_AFTER_S = 4.0
"""Counted from the start of a sample's second; a sample is stored one to two seconds after that."""
SPARK_S, SPARK_WIDTH_S = 120, 5
CHANGE_WINDOWS = 4


class Seen(StrEnum):
    """What there is to say of a student. What the student chose goes before what was measured."""

    FACE = "face"
    NO_FACE = "no face"
    PAUSED = "paused"
    LEFT = "left"
    WAITING = "not joined yet"
    LOST = "lost"


@dataclass(frozen=True, eq=False)
class StudentNow:
    """`top`: the two likeliest emotions of the last second with a face, empty while there was none.

    `face_age_s` and `sample_age_s`: seconds since the last face and the last sample, None while there was
    none; `moods` (24,): the mood of the last 2 minutes in windows of 5 s, the newest last, NaN without a
    face; `change`: the mood of the last 20 s minus that of the 100 s before, None while either is missing.
    """

    student: Student
    seen: Seen
    top: tuple[tuple[Emotion, float], ...]
    face_age_s: float | None
    sample_age_s: float | None
    moods: Floats
    change: float | None


def students_now(timeline: Timeline, now: datetime) -> tuple[StudentNow, ...]:
    """All students with a name, in the order in which they joined."""
    arrays = timeline.arrays
    faces, mostly = np.flatnonzero(arrays.faces > 0), 2 * arrays.faces >= arrays.frames
    last_sample = _last(arrays.student, np.arange(len(arrays.student)), len(timeline.students))
    last_face = _last(arrays.student[faces], faces, len(timeline.students))
    ages = now.timestamp() - arrays.second
    moods, changes = _moods(timeline, now)
    found = []
    for index, student in enumerate(timeline.students):
        if not student.named:
            continue
        face, sample = last_face[index], last_sample[index]
        face_age = None if face < 0 else max(0.0, float(ages[face]))
        sample_age = None if sample < 0 else max(0.0, float(ages[sample]))
        found.append(
            StudentNow(
                student=student,
                seen=_seen(student, sample_age, sample >= 0 and bool(mostly[sample]), now),
                top=() if face < 0 else _top(arrays.probabilities[face]),
                face_age_s=face_age,
                sample_age_s=sample_age,
                moods=moods[index],
                change=known(changes[index]),
            )
        )
    return tuple(found)


def unnamed_visible(timeline: Timeline, now: datetime) -> int:
    """Faces of a room's camera that nobody has named and that are seen now: they count for the class only."""
    unnamed = [student.id for student in timeline.students if not student.named]
    samples = timeline.since(now - timedelta(seconds=LOST_AFTER_S)).samples if unnamed else timeline.samples[:0]
    seen = samples[samples["student_id"].isin(unnamed) & (samples["faces"] > 0)]
    return int(seen["student_id"].nunique())


def _last(rows: Ints, places: Ints, students: int) -> Ints:
    """(students,): where in the samples each student comes last, −1 for never."""
    last = np.full(students, -1, np.int64)
    np.maximum.at(last, rows, places)
    return last


def _moods(timeline: Timeline, now: datetime) -> tuple[Floats, Floats]:
    """(students, 24) moods, and (students,) by how much they changed lately."""
    windows = cut(timeline, end_of(now) - SPARK_S, SPARK_WIDTH_S, SPARK_S // SPARK_WIDTH_S)

    def mood_between(first: int | None, last: int | None) -> Floats:
        scores, seen = windows.scores[:, first:last].sum(axis=1), windows.seen[:, first:last].sum(axis=1)
        return mood_of(ratio(scores, seen[:, None]))

    changes = mood_between(-CHANGE_WINDOWS, None) - mood_between(None, -CHANGE_WINDOWS)
    return mood_of(windows.student_means), changes


def _seen(student: Student, sample_age: float | None, mostly: bool, now: datetime) -> Seen:
    """`mostly`: in at least half of the frames of the last second there was a face."""
    chosen = {Presence.INVITED: Seen.WAITING, Presence.PAUSED: Seen.PAUSED, Presence.LEFT: Seen.LEFT}
    if student.presence in chosen:
        return chosen[student.presence]
    # Who has only just joined or come back has not lost the connection yet.
    silent = (now - student.presence_at).total_seconds()
    if min(silent, silent if sample_age is None else sample_age) > LOST_AFTER_S:
        return Seen.LOST
    # The last second tells, not the one before: two seconds are what a teacher has to read it. And most of it tells:
    # one frame would keep a face that is gone on the page for a second longer than it takes to show one that comes.
    fresh = sample_age is not None and sample_age <= LOST_AFTER_S
    return Seen.FACE if fresh and mostly else Seen.NO_FACE


def _top(probabilities: Floats) -> tuple[tuple[Emotion, float], ...]:
    order = np.argsort(-probabilities, kind="stable")[:2]
    return tuple((EMOTIONS[index], float(probabilities[index])) for index in order)
