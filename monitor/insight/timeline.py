"""The samples of a lesson as a table: what the live view and the report both read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

import numpy as np
import pandas as pd

from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson, Student
from monitor.store.store import Store
from monitor.teaching import Marker

COLUMNS = ("student_id", "second", "faces", "frames", *(emotion.value for emotion in EMOTIONS))
WHOLE = 10_000
OVERLAP_S = 10


@dataclass(frozen=True, eq=False)
class Timeline:
    """A row of `samples` per student and second, sorted by second and student.

    Columns: `student_id`, `second` (since 1970, UTC), `faces`, `frames`, and a column per emotion in
    ten-thousandths, NaN where no face was seen. `students` in the order in which they joined, `markers` in the
    order of their times. Raises ValueError for a table of another form.
    """

    lesson: Lesson
    students: tuple[Student, ...]
    samples: pd.DataFrame
    markers: tuple[Marker, ...] = ()

    def __post_init__(self) -> None:
        if tuple(self.samples.columns) != COLUMNS:
            raise ValueError(f"a timeline has the columns {COLUMNS}, got {tuple(self.samples.columns)}")
        if not self.samples["second"].is_monotonic_increasing:
            raise ValueError("the samples of a timeline are sorted by second")
        strangers = set(self.samples["student_id"].unique().tolist()) - {student.id for student in self.students}
        if strangers:
            raise ValueError(f"every sample belongs to a student of the lesson, not so {sorted(strangers)}")

    @property
    def empty(self) -> bool:
        return len(self.samples) == 0

    @property
    def first_second(self) -> int:
        """Since 1970. Raises IndexError when the timeline is empty."""
        return int(self.samples["second"].iloc[0])

    @property
    def last_second(self) -> int:
        return int(self.samples["second"].iloc[-1])

    def since(self, at: datetime) -> Timeline:
        """The part that starts at `at`."""
        first = np.searchsorted(self.samples["second"].to_numpy(), at.timestamp())
        return replace(self, samples=self.samples.iloc[first:])

    def between(self, first: int, last: int) -> Timeline:
        """The samples of the seconds (since 1970) from `first` up to `last`, which is not among them."""
        low, high = np.searchsorted(self.samples["second"].to_numpy(), (first, last))
        return replace(self, samples=self.samples.iloc[low:high])


def read_timeline(store: Store, lesson_id: int, since: datetime | None = None) -> Timeline:
    """Raises UnknownCode when there is no such lesson, StoreUnavailable."""
    return _timeline(store, lesson_id, store.samples.read(lesson_id, since))


class Follower:
    """Follows a running lesson: each `refresh` reads only what is new since the one before.

    Keeps the last `keep` of the lesson in memory, all of it when None. May be shared by threads. A sample
    that reaches the store more than 10 s after a later one is found by the report, not by the follower.
    """

    def __init__(self, store: Store, lesson_id: int, keep: timedelta | None = None) -> None:
        self._store, self._lesson_id, self._keep = store, lesson_id, keep
        self._seen: Timeline | None = None
        self._lock = Lock()

    def refresh(self) -> Timeline:
        """The lesson as it is now. Raises UnknownCode, StoreUnavailable; then what was seen is kept."""
        with self._lock:
            samples = self._read() if self._seen is None or self._seen.empty else self._merge(self._seen)
            self._seen = self._trim(_timeline(self._store, self._lesson_id, samples))
            return self._seen

    def _read(self) -> pd.DataFrame:
        return self._store.samples.read(self._lesson_id)

    def _merge(self, seen: Timeline) -> pd.DataFrame:
        """All that was seen before the overlap, and all that the store holds from there on: no doubles."""
        edge = seen.last_second - OVERLAP_S
        new = self._store.samples.read(self._lesson_id, datetime.fromtimestamp(edge, UTC))
        kept = int(np.searchsorted(seen.samples["second"].to_numpy(), edge))
        return pd.concat([seen.samples.iloc[:kept], new], ignore_index=True)

    def _trim(self, timeline: Timeline) -> Timeline:
        if self._keep is None or timeline.empty:
            return timeline
        return timeline.since(datetime.fromtimestamp(timeline.last_second + 1, UTC) - self._keep)


def _timeline(store: Store, lesson_id: int, samples: pd.DataFrame) -> Timeline:
    """The students are read after the samples; samples of a student deleted meanwhile are dropped."""
    students = store.people.students(lesson_id)
    known = samples["student_id"].isin([student.id for student in students])
    if not known.all():
        samples = samples[known].reset_index(drop=True)
    return Timeline(store.lessons.get(lesson_id), students, samples, store.markers.of(lesson_id))
