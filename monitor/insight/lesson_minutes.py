"""A lesson as sums per student and minute, which is what comparisons read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson, Shown
from monitor.insight.left_out import Span, inside, spans_left_out
from monitor.insight.publishing import CLASS_ID
from monitor.insight.timeline import WHOLE, read_timeline
from monitor.insight.windows import Floats, Windows
from monitor.store.minutes import COLUMNS, MINUTE_S
from monitor.store.store import Store
from monitor.teaching import Marker, edge


@dataclass(frozen=True, eq=False)
class LessonMinutes:
    """`table` has the columns of `monitor.store.minutes`: a row per student and minute, cut where markers are.

    Who the students are is not in it: no comparison asks. Of a class-only lesson there is one that stands for all, and
    `about` says how many those are, rounded down. Raises ValueError for a table of another form.
    """

    lesson: Lesson
    markers: tuple[Marker, ...]
    table: pd.DataFrame
    about: int | None = None

    def __post_init__(self) -> None:
        if self.lesson.shown is Shown.CLASS and not (self.table["student_id"] == CLASS_ID).all():
            raise ValueError("the minutes of a class-only lesson are of no student")
        if tuple(self.table.columns) != COLUMNS:
            raise ValueError(f"a lesson's minutes have the columns {COLUMNS}, got {tuple(self.table.columns)}")

    @property
    def empty(self) -> bool:
        return len(self.table) == 0

    @property
    def first(self) -> int:
        """The minute (its start since 1970) of the first sample. Raises ValueError when the lesson is empty."""
        return int(self.table["start"].min()) // MINUTE_S * MINUTE_S

    @property
    def last(self) -> int:
        """The end of the minute of the last sample."""
        return (int(self.table["start"].max()) // MINUTE_S + 1) * MINUTE_S

    @property
    def left_out(self) -> tuple[Span, ...]:
        end = NEVER if self.lesson.ended_at is None else edge(self.lesson.ended_at)
        return spans_left_out(self.markers, end)


NEVER = 2**62


def read_minutes(
    store: Store, lessons: Sequence[Lesson], told: Callable[[float], None] = lambda part: None
) -> tuple[LessonMinutes, ...]:
    """Of lessons that are over; those whose minutes are missing are summed up first, `told` which part is done."""
    ids = [lesson.id for lesson in lessons]
    missing = store.minutes.missing(ids)
    for done, lesson_id in enumerate(missing, start=1):
        store.minutes.make(lesson_id)
        told(done / len(missing))
    tables, markers = store.minutes.read(ids), store.markers.by_lesson(ids)
    return tuple(
        _of_the_class(store, lesson)
        if lesson.shown is Shown.CLASS
        else LessonMinutes(lesson, markers[lesson.id], tables[lesson.id])
        for lesson in lessons
    )


def _of_the_class(store: Store, lesson: Lesson) -> LessonMinutes:
    """Summed up from what was published, as `store.minutes` sums up samples."""
    timeline = read_timeline(store, lesson.id)
    samples = timeline.samples
    second = samples["second"].to_numpy()
    times = (time for marker in timeline.markers for time in (marker.at, marker.until) if time is not None)
    edges = np.array(sorted({0, *map(edge, times)}))
    start = np.maximum(second // MINUTE_S * MINUTE_S, edges[np.searchsorted(edges, second, side="right") - 1])
    sums = samples.assign(start=start, seconds=1, seen=1).groupby(["student_id", "start"], as_index=False).sum()
    return LessonMinutes(lesson, timeline.markers, sums[list(COLUMNS)], timeline.about)


def minute_windows(minutes: LessonMinutes, part: Span | None = None) -> Windows:
    """Windows of a minute over what counts in the lesson, or in `part` of it. The lesson must not be empty.

    A minute of which nothing counts is no window; a minute that a marker cuts has what lies on its side.
    """
    spans = minutes.left_out
    first = minutes.first if part is None else max(minutes.first, part.first // MINUTE_S * MINUTE_S)
    last = minutes.last if part is None else min(minutes.last, part.last)
    table = minutes.table
    start = table["start"].to_numpy()
    kept = ~inside(start, spans)
    if part is not None:
        kept &= (start >= part.first) & (start < part.last)
    windows = _folded(table, kept, first, max(0, -(-(last - first) // MINUTE_S)))
    gone = inside(windows.starts, spans) & ~windows.seconds.any(axis=0)
    return windows.at(~gone)


def _folded(table: pd.DataFrame, kept: np.ndarray, first: int, count: int) -> Windows:
    """The `kept` rows of the table as windows; students in the order of their numbers."""
    ids = np.unique(table["student_id"].to_numpy())
    rows = table[kept]
    place = np.searchsorted(ids, rows["student_id"].to_numpy()) * count
    place += (rows["start"].to_numpy() - first) // MINUTE_S

    def summed(column: str) -> Floats:
        sums = np.bincount(place, rows[column].to_numpy(np.float64), minlength=len(ids) * count)
        return np.asarray(sums, np.float64).reshape(len(ids), count)

    return Windows(
        starts=first + MINUTE_S * np.arange(count, dtype=np.int64),
        width=MINUTE_S,
        seconds=summed("seconds"),
        seen=summed("seen"),
        faces=summed("faces"),
        frames=summed("frames"),
        scores=np.stack([summed(emotion.value) / WHOLE for emotion in EMOTIONS], axis=-1),
    )
