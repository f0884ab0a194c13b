"""Makes a lesson of a recorded video: the same pipeline as live, as fast as it can, at the video's own times.

Nothing is kept before the end: a video that is cancelled or fails leaves no half lesson behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from monitor.domain import NAME_LENGTH, Frame, Lesson, Presence, Sample, Source, student_name
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Seconds
from monitor.live.video import Header, Still, Video
from monitor.people.purpose import needed
from monitor.store.lessons import lesson_title
from monitor.store.store import Store

FPS = 5
BATCH = 16  # frames whose faces are scored together
ROWS = 5000
START = datetime(2000, 1, 1, tzinfo=UTC)  # what is measured is dated when all of it is there
STUDENT = 1


@dataclass(frozen=True)
class Recording:
    """A video and what a person says of it.

    `at`: when it began, if somebody knows better than the file; `written_at`: when the file was last written, which is
    when it ended where nothing else tells. Raises InvalidName.
    """

    source: bytes | Path
    title: str
    student: str
    written_at: datetime
    at: datetime | None = None
    class_id: int | None = None
    fps: int = FPS

    def __post_init__(self) -> None:
        lesson_title(self.title)
        student_name(self.student)


@dataclass(frozen=True)
class Progress:
    """`seconds` of the video are done; `share` of it, NaN where its length is not known; `left_s`: at this pace."""

    seconds: float
    share: float
    left_s: float | None


@dataclass(frozen=True)
class Analysed:
    """`broken_off_at`: the second at which the video ends though it is longer by its own word."""

    lesson: Lesson
    faces: int
    frames: int
    broken_off_at: float | None


class Cancelled(Exception):  # noqa: N818 - raised by a watcher, not an error
    """Stops an analysis; nothing of it is kept."""


def analyse(
    store: Store,
    pipeline: Pipeline,
    recording: Recording,
    longest_s: float,
    watch: Callable[[Progress], object] = lambda progress: None,
    quietly: bool = False,
) -> Analysed:
    """`watch` is called after every few frames and may raise Cancelled. Raises VideoError, LessonError, StoreError, and
    NoStatement as long as nobody has said for what this installation is used."""
    needed(store.statements.current())
    with Video(recording.source, recording.fps, longest_s, quietly) as video:
        samples, last_s = _measure(video, pipeline, watch)
        lasted = max(last_s + 1 / recording.fps, 0 if video.broken_off_at else video.header.duration_s or 0)
    began = began_at(recording, video.header, lasted)
    lesson = _keep(store, pipeline, recording, began, began + timedelta(seconds=lasted), samples)
    faces, frames = sum(one.faces for one in samples), sum(one.frames for one in samples)
    return Analysed(lesson, faces, frames, video.broken_off_at)


def began_at(recording: Recording, header: Header, lasted_s: float) -> datetime:
    """On a whole second: as a person says, else as the file says, else so that it ended when the file was written."""
    known = recording.at or header.created_at or recording.written_at - timedelta(seconds=lasted_s)
    return known.astimezone(UTC).replace(microsecond=0)


def stem(name: str, length: int = NAME_LENGTH) -> str:
    """What a file's name says of its video: a name for the one student in it, a title for the lesson."""
    bare = " ".join("".join(character if character.isprintable() else " " for character in Path(name).stem).split())
    return bare[:length].strip() or "video"


def _measure(video: Video, pipeline: Pipeline, watch: Callable[[Progress], object]) -> tuple[list[Sample], float]:
    """Samples of students numbered from 1, dated from START, and the seconds at the last frame."""
    stream, seconds, kept, last_s = f"video-{id(video)}", Seconds(), list[Sample](), 0.0
    spent_s, since = 0.0, time.monotonic()
    try:
        for stills in _batches(video.frames()):
            frames = [Frame(stream, one.image, START + timedelta(seconds=one.seconds)) for one in stills]
            # The largest face is the one student; a tracker of many faces would give each reading its own number.
            kept += filter(None, (seconds.gather(STUDENT, reading) for reading in pipeline.read(frames)))
            last_s = stills[-1].seconds
            spent_s += time.monotonic() - since
            watch(_progress(stills[-1], spent_s))
            since = time.monotonic()  # a watcher may let a live lesson go first
    finally:
        pipeline.forget(stream)
    return kept + seconds.finish([STUDENT]), last_s


def _batches(stills: Iterator[Still]) -> Iterator[tuple[Still, ...]]:
    while batch := tuple(islice(stills, BATCH)):
        yield batch


def _progress(still: Still, spent_s: float) -> Progress:
    left = spent_s * (1 - still.share) / still.share if still.share > 0 else None
    return Progress(still.seconds, still.share, left)


def _keep(
    store: Store, pipeline: Pipeline, recording: Recording, began: datetime, ended: datetime, samples: list[Sample]
) -> Lesson:
    """The lesson whole, or none of it."""
    lesson = store.lessons.start(
        recording.title,
        began,
        pipeline.network_name,
        pipeline.detector.name,
        class_id=recording.class_id,
        source=Source.VIDEO,
        ended_at=ended,
        analysed_at=datetime.now(UTC),
    )
    try:
        (student,) = store.people.invite(lesson.id, [recording.student], began)
        store.people.choose(student.id, Presence.LEFT, ended)
        dated = [replace(one, student_id=student.id, at=one.at - START + began) for one in samples]
        for start in range(0, len(dated), ROWS):
            store.samples.add(dated[start : start + ROWS])
    except BaseException:
        store.lessons.delete(lesson.id)
        raise
    return lesson
