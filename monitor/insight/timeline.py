"""The samples of a lesson as a table: what the live view and the report both read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson, Shown, Student
from monitor.insight.pseudonyms import renamed
from monitor.insight.publishing import CLASS_ID, class_samples, publish_due, the_class
from monitor.insight.suppression import WINDOW_S
from monitor.store.store import Store
from monitor.teaching import Marker

EMOTION_COLUMNS = tuple(emotion.value for emotion in EMOTIONS)
COLUMNS = ("student_id", "second", "faces", "frames", *EMOTION_COLUMNS)
WHOLE = 10_000
OVERLAP_S = 10
STALE = timedelta(minutes=2)


@dataclass(frozen=True, eq=False)
class Arrays:
    """Of the samples of a timeline, (samples,): `student`, the position in its `students`; `second` since 1970; `faces`
    and `frames`. `probabilities` (samples, 7), NaN where no face was seen."""

    student: NDArray[np.int64]
    second: NDArray[np.int64]
    faces: NDArray[np.int64]
    frames: NDArray[np.int64]
    probabilities: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """A row of `samples` per student and second, sorted by second and student.

    Columns: `student_id`, `second` (since 1970, UTC), `faces`, `frames`, and a column per emotion in
    ten-thousandths, NaN where no face was seen. `students` in the order in which they joined, `markers` in the
    order of their times. Of a class-only lesson there is one student, who stands for all, and `about` says how many
    those are, rounded down; a lesson with pseudonyms has no other names. Raises ValueError for a table of another form.
    """

    lesson: Lesson
    students: tuple[Student, ...]
    samples: pd.DataFrame
    markers: tuple[Marker, ...] = ()
    about: int | None = None

    def __post_init__(self) -> None:
        self._refuse_more_than_is_shown()
        if tuple(self.samples.columns) != COLUMNS:
            raise ValueError(f"a timeline has the columns {COLUMNS}, got {tuple(self.samples.columns)}")
        if not self.samples["second"].is_monotonic_increasing:
            raise ValueError("the samples of a timeline are sorted by second")
        strangers = set(self.samples["student_id"].unique().tolist()) - {student.id for student in self.students}
        if strangers:
            raise ValueError(f"every sample belongs to a student of the lesson, not so {sorted(strangers)}")

    def _refuse_more_than_is_shown(self) -> None:
        shown = self.lesson.shown
        if shown is Shown.CLASS and any(student.id != CLASS_ID for student in self.students):
            raise ValueError("a timeline of a class-only lesson holds no student")
        if shown is Shown.PSEUDONYMS and any(student.named and not student.pseudonym for student in self.students):
            raise ValueError("a timeline of a lesson with pseudonyms holds no other names")

    @property
    def class_only(self) -> bool:
        return self.lesson.shown is Shown.CLASS

    @property
    def empty(self) -> bool:
        return len(self.samples) == 0

    @cached_property
    def arrays(self) -> Arrays:
        """The same as `samples`: what several figures are made of is taken out of the table once."""
        order = np.argsort(ids := np.array([student.id for student in self.students], np.int64))
        places = np.searchsorted(ids[order], self.samples["student_id"].to_numpy())
        second, faces, frames = (self.samples[name].to_numpy() for name in ("second", "faces", "frames"))
        probabilities = self.samples[list(EMOTION_COLUMNS)].to_numpy(np.float64) / WHOLE
        return Arrays(np.asarray(order[places], np.int64), second, faces, frames, probabilities)

    @property
    def first_second(self) -> int:
        """Since 1970. Raises IndexError when the timeline is empty."""
        return int(self.samples["second"].iloc[0])

    @property
    def last_second(self) -> int:
        return int(self.samples["second"].iloc[-1])

    def as_of(self, now: datetime) -> datetime:
        """The moment that figures of “now” are of: `now`, but of a class-only lesson the end of its newest window."""
        if not self.class_only or self.empty:
            return now
        newest = datetime.fromtimestamp(self.last_second + 1, UTC)
        return newest if now - newest < STALE else now

    def since(self, at: datetime) -> Timeline:
        """The part that starts at `at`."""
        first = np.searchsorted(self.samples["second"].to_numpy(), at.timestamp())
        return replace(self, samples=self.samples.iloc[first:])

    def between(self, first: int, last: int) -> Timeline:
        """The samples of the seconds (since 1970) from `first` up to `last`, which is not among them."""
        low, high = np.searchsorted(self.samples["second"].to_numpy(), (first, last))
        return replace(self, samples=self.samples.iloc[low:high])


def read_timeline(store: Store, lesson_id: int, since: datetime | None = None, now: datetime | None = None) -> Timeline:
    """As much of it as the lesson shows. Raises UnknownCode when there is no such lesson, StoreUnavailable."""
    lesson = store.lessons.get(lesson_id)
    if lesson.shown is Shown.CLASS:
        return _of_the_class(store, lesson, since, now)
    return _of_students(store, lesson, *_known(store, lesson_id, store.samples.read(lesson_id, since)))


class Follower:
    """Follows a running lesson: each `refresh` reads only what is new since the one before.

    Keeps the last `keep` of the lesson in memory, all of it when None. May be shared by threads. A sample
    that reaches the store more than 10 s after a later one is found by the report, not by the follower.
    """

    def __init__(self, store: Store, lesson_id: int, keep: timedelta | None = None) -> None:
        self._store, self._lesson_id, self._keep = store, lesson_id, keep
        self._seen: pd.DataFrame | None = None
        self._said: tuple[object, Timeline] | None = None
        self._lock = Lock()

    def refresh(self, now: datetime | None = None) -> Timeline:
        """The lesson as it is now. Raises UnknownCode, StoreUnavailable; then what was seen is kept."""
        with self._lock:
            lesson = self._store.lessons.get(self._lesson_id)
            if lesson.shown is Shown.CLASS:
                return self._of_the_class(lesson, now or datetime.now(UTC))
            samples = self._read() if self._seen is None or self._seen.empty else self._merge(self._seen)
            students, known = _known(self._store, self._lesson_id, samples)
            self._seen = self._trim(known)
            return _of_students(self._store, lesson, students, self._seen)

    def _of_the_class(self, lesson: Lesson, now: datetime) -> Timeline:
        """What was published is read again only when there is more of it, or when an older window drops out."""
        first = 0 if self._keep is None else math.floor((now - self._keep).timestamp())
        publish_due(self._store, lesson, now)
        window = first // WINDOW_S * WINDOW_S
        key = (lesson, window, self._store.published.newest(lesson.id))
        if self._said is None or self._said[0] != key:
            self._said = key, _said(self._store, lesson, datetime.fromtimestamp(window, UTC))
        # The word for the class is in the language of whoever asks now.
        said = replace(self._said[1], students=(the_class(lesson),), markers=self._store.markers.of(lesson.id))
        return said.since(datetime.fromtimestamp(first, UTC))

    def _read(self) -> pd.DataFrame:
        return self._store.samples.read(self._lesson_id)

    def _merge(self, seen: pd.DataFrame) -> pd.DataFrame:
        """All that was seen before the overlap, and all that the store holds from there on: no doubles."""
        edge = int(seen["second"].iloc[-1]) - OVERLAP_S
        new = self._store.samples.read(self._lesson_id, datetime.fromtimestamp(edge, UTC))
        kept = int(np.searchsorted(seen["second"].to_numpy(), edge))
        return pd.concat([seen.iloc[:kept], new], ignore_index=True)

    def _trim(self, samples: pd.DataFrame) -> pd.DataFrame:
        if self._keep is None or samples.empty:
            return samples
        second = samples["second"].to_numpy()
        return samples.iloc[np.searchsorted(second, second[-1] + 1 - self._keep.total_seconds()) :]


def _known(store: Store, lesson_id: int, samples: pd.DataFrame) -> tuple[tuple[Student, ...], pd.DataFrame]:
    """The students are read after the samples; samples of a student deleted meanwhile are dropped."""
    students = store.people.students(lesson_id)
    known = samples["student_id"].isin([student.id for student in students])
    return students, samples if known.all() else samples[known].reset_index(drop=True)


def _of_students(store: Store, lesson: Lesson, students: tuple[Student, ...], samples: pd.DataFrame) -> Timeline:
    if lesson.shown is Shown.PSEUDONYMS:
        names = renamed(store, lesson, students)
        students = tuple(sorted(names.values(), key=lambda student: (student.name, student.id)))
        samples = _renumbered(samples, {old: student.id for old, student in names.items()})
    return Timeline(lesson, students, samples, store.markers.of(lesson.id))


def _renumbered(samples: pd.DataFrame, numbers: Mapping[int, int]) -> pd.DataFrame:
    own = samples["student_id"].map(numbers).astype("int64")
    return samples.assign(student_id=own).sort_values(["second", "student_id"], ignore_index=True)


def _of_the_class(store: Store, lesson: Lesson, since: datetime | None, now: datetime | None) -> Timeline:
    publish_due(store, lesson, now or datetime.now(UTC))
    return replace(_said(store, lesson, since), markers=store.markers.of(lesson.id))


def _said(store: Store, lesson: Lesson, since: datetime | None) -> Timeline:
    samples = class_samples(store, lesson, since)
    return Timeline(lesson, (the_class(lesson),), samples, about=store.published.most(lesson.id))
