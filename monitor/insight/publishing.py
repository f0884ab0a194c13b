"""What a class-only lesson says: worked out once for each window, kept, and from then on read from there.

A figure is never worked out again. Samples that come late, students who are deleted and students who are merged would
else change it, and the change would be about one of them.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson, Presence, Shown, Student
from monitor.insight.suppression import WHOLE, WINDOW_S, Cohorts, publish
from monitor.store.store import Store
from monitor.words import _

SETTLED_S = 15
"""By then the samples of a window are in the store; what comes later counts for nothing."""
CLASS_ID = 0
FRAMES = 1000
WORDS = [emotion.value for emotion in EMOTIONS]
COLUMNS = ("student_id", "second", "faces", "frames", *WORDS)


def the_class(lesson: Lesson) -> Student:
    """Who stands for all students where only the class is shown: one that has no tile, no row and no page."""
    return Student(CLASS_ID, lesson.id, _("class"), Presence.HERE, lesson.started_at, named=False)


def publish_due(store: Store, lesson: Lesson, now: datetime) -> None:
    """Keeps what is to be said of the windows that are over by now. May be called from any thread, and often."""
    newest = store.published.newest(lesson.id)
    first = math.floor(lesson.started_at.timestamp()) // WINDOW_S * WINDOW_S if newest is None else newest + WINDOW_S
    last = (math.floor(now.timestamp()) - SETTLED_S) // WINDOW_S * WINDOW_S
    if last <= first:
        return
    samples = store.samples.read(lesson.id, datetime.fromtimestamp(first, UTC))
    # A face of a room's camera that nobody named may be one person under several numbers.
    named = [student.id for student in store.people.students(lesson.id) if student.named]
    samples = samples[(samples["second"] < last) & samples["student_id"].isin(named)]
    if samples.empty:
        return  # a lesson that nobody ended says nothing for days
    last = int(samples["second"].iloc[-1]) // WINDOW_S * WINDOW_S + WINDOW_S
    windows, cohorts = publish(samples, Cohorts(*store.published.cohorts(lesson.id)), first, last)
    store.published.keep(lesson.id, newest, windows, cohorts.of, cohorts.sizes)


def publish_ended(store: Store) -> None:
    """All that is to be said of lessons that are over, as after a restore: of one that became class-only since the
    backup was made, the backup has said nothing."""
    for lesson in store.lessons.ended():
        if lesson.shown is Shown.CLASS and lesson.ended_at is not None:
            publish_due(store, lesson, lesson.ended_at + timedelta(seconds=WINDOW_S + SETTLED_S))


def class_samples(store: Store, lesson: Lesson, since: datetime | None = None) -> pd.DataFrame:
    """The published windows as samples of `the_class`, alike in every second of a window; from `since` on.

    `faces` of `FRAMES` frames is the share of frames with a face.
    """
    first = 0 if since is None else math.floor(since.timestamp())
    windows = store.published.read(lesson.id, first // WINDOW_S * WINDOW_S)
    rows = windows.loc[windows.index.repeat(WINDOW_S)].reset_index(drop=True)
    rows["second"] = rows["start"] + np.tile(np.arange(WINDOW_S), len(windows))
    rows["student_id"], rows["frames"] = CLASS_ID, FRAMES
    rows["faces"] = (rows["visible"] * FRAMES / WHOLE).round().clip(lower=1).astype("int64")
    began = max(first, math.floor(lesson.started_at.timestamp()))
    ended = math.inf if lesson.ended_at is None else math.ceil(lesson.ended_at.timestamp())
    rows = rows[(rows["second"] >= began) & (rows["second"] < ended)]
    return rows[list(COLUMNS)].astype(dict.fromkeys(WORDS, "float64")).reset_index(drop=True)
