"""Makes a lesson of a recorded video: the same pipeline as live, as fast as it can, at the video's own times.

Nothing is kept before the end: a video that is cancelled or fails leaves no half lesson behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from monitor.domain import NAME_LENGTH, Frame, Lesson, Presence, Reading, Sample, Source, Student, View, student_name
from monitor.live.naming import NEW_FACE_S
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Seconds
from monitor.live.video import LARGEST_SIDE, SIDE_OF_MANY, Header, Still, Video
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

    `student`: whose face is the largest one; None: all faces are followed, each a student without a name. `at`: when it
    began, if somebody knows better than the file; `written_at`: when the file was last written, which is when it ended
    where nothing else tells; `owner_id`: the account whose lesson it becomes. Raises InvalidName.
    """

    source: bytes | Path
    title: str
    student: str | None
    written_at: datetime
    at: datetime | None = None
    class_id: int | None = None
    fps: int = FPS
    owner_id: int | None = None

    def __post_init__(self) -> None:
        lesson_title(self.title)
        if self.student is not None:
            student_name(self.student)

    @property
    def view(self) -> View:
        return View.ROOM if self.student is None else View.OWN


@dataclass(frozen=True)
class Wanted:
    """What has to be known of a video to measure it: nobody's name."""

    source: bytes | Path
    view: View
    fps: int
    longest_s: float


@dataclass(frozen=True)
class Progress:
    """`seconds` of the video are done; `share` of it, NaN where its length is not known; `left_s`: at this pace."""

    seconds: float
    share: float
    left_s: float | None


@dataclass(frozen=True)
class Seen:
    """Somebody who was followed through a video, by whom a person can find them there: seconds of the video, and where
    the face was at the first of them, as parts of the picture's width and height. This is told and not stored."""

    student: Student
    first_s: float
    last_s: float
    x: float
    y: float


@dataclass(frozen=True)
class Analysed:
    """`faces`: frames with a face, of all `frames`; `people`: who were followed, which may be one person several times.
    `broken_off_at`: the second at which the video ends though it is longer by its own word."""

    lesson: Lesson
    faces: int
    frames: int
    people: tuple[Seen, ...]
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
    """`watch` is called after every few frames and may raise Cancelled. Raises VideoError, LessonError, StoreError,
    GuardianNeeded where the class wants a consent that is not noted, and NoStatement as long as nobody has said for
    what this installation is used."""
    needed(store.statements.current())
    store.consents.refuse_recording(recording.class_id, recording.student)
    wanted = Wanted(recording.source, recording.view, recording.fps, longest_s)
    return keep(store, recording, measure(wanted, pipeline, watch, quietly))


def measure(
    wanted: Wanted,
    pipeline: Pipeline,
    watch: Callable[[Progress], object] = lambda progress: None,
    quietly: bool = False,
) -> Measured:
    """The first half of `analyse`, which needs no store: other machines may do it. Raises VideoError."""
    side = LARGEST_SIDE if wanted.view is View.OWN else SIDE_OF_MANY
    with Video(wanted.source, wanted.fps, wanted.longest_s, quietly, side) as video:
        found = _measure(video, pipeline, wanted.view, watch)
        lasted = max(found.last_s + 1 / wanted.fps, 0 if video.broken_off_at else video.header.duration_s or 0)
    return Measured(pipeline.network_name, pipeline.detector.name, video.header, lasted, video.broken_off_at, found)


def keep(store: Store, recording: Recording, measured: Measured) -> Analysed:
    """The second half of `analyse`. Raises LessonError, StoreError, and GuardianNeeded and NoStatement as well: what
    was said may have been taken back meanwhile."""
    needed(store.statements.current())
    store.consents.refuse_recording(recording.class_id, recording.student)
    began, found = began_at(recording, measured.header, measured.lasted_s), measured.found
    lesson, students = _keep(store, measured, recording, began, began + timedelta(seconds=measured.lasted_s))
    people = tuple(found.spans[number].of(student) for number, student in students.items())
    return Analysed(lesson, found.with_face, found.frames, people, measured.broken_off_at)


@dataclass
class _Span:
    """From when to when a track was seen, and where at first."""

    first: datetime
    last: datetime
    place: tuple[float, float]

    def of(self, student: Student) -> Seen:
        return Seen(student, (self.first - START).total_seconds(), (self.last - START).total_seconds(), *self.place)


@dataclass
class _Measured:
    """Samples by the number of a track, 1 for one student, dated from START; the seconds at the last frame."""

    view: View
    samples: list[Sample] = field(default_factory=list)
    spans: dict[int, _Span] = field(default_factory=dict)
    last_s: float = 0.0
    frames: int = 0
    with_face: int = 0

    def take(self, reading: Reading, shape: tuple[int, ...], seconds: Seconds) -> None:
        """`shape`: of the picture."""
        # The largest face is the one student, seen or not; of many, nobody's absence is known.
        number = STUDENT if self.view is View.OWN else reading.track
        if number is None:
            return
        if number not in self.spans:
            x, y = reading.box.centre if reading.box else (0, 0)
            self.spans[number] = _Span(reading.at, reading.at, (x / shape[1], y / shape[0]))
        self.spans[number].last = reading.at
        self.samples += filter(None, [seconds.gather(number, reading)])

    def counted(self) -> dict[int, list[Sample]]:
        """The samples of the one student, or of each face that was followed as long as one in a room has to be."""
        least = timedelta(seconds=0 if self.view is View.OWN else NEW_FACE_S)
        long = {number for number, span in self.spans.items() if span.last - span.first >= least}
        by_number: dict[int, list[Sample]] = {number: [] for number in sorted(long)}
        for one in self.samples:
            if one.student_id in by_number:
                by_number[one.student_id].append(one)
        return by_number


@dataclass(frozen=True)
class Measured:
    """All of a video that is kept or told, no pixel of it. `network` and `detector`: by which it was measured."""

    network: str
    detector: str
    header: Header
    lasted_s: float
    broken_off_at: float | None
    found: _Measured


def began_at(recording: Recording, header: Header, lasted_s: float) -> datetime:
    """On a whole second: as a person says, else as the file says, else so that it ended when the file was written."""
    known = recording.at or header.created_at or recording.written_at - timedelta(seconds=lasted_s)
    return known.astimezone(UTC).replace(microsecond=0)


def stem(name: str, length: int = NAME_LENGTH) -> str:
    """What a file's name says of its video: a name for the one student in it, a title for the lesson."""
    bare = " ".join("".join(character if character.isprintable() else " " for character in Path(name).stem).split())
    return bare[:length].strip() or "video"


def _measure(video: Video, pipeline: Pipeline, view: View, watch: Callable[[Progress], object]) -> _Measured:
    stream, seconds, found = f"video-{id(video)}", Seconds(), _Measured(view)
    spent_s, since = 0.0, time.monotonic()
    try:
        for stills in _batches(video.frames()):
            frames = [Frame(stream, one.image, START + timedelta(seconds=one.seconds), view) for one in stills]
            readings = pipeline.read(frames)
            for reading in readings:
                found.take(reading, frames[0].image.shape, seconds)
            found.with_face += len({one.at for one in readings if one.track is not None})
            found.last_s, found.frames = stills[-1].seconds, found.frames + len(stills)
            spent_s += time.monotonic() - since
            watch(_progress(stills[-1], spent_s))
            since = time.monotonic()  # a watcher may let a live lesson go first
    finally:
        pipeline.forget(stream)
    found.samples += seconds.finish(list(found.spans))
    return found


def _batches(stills: Iterator[Still]) -> Iterator[tuple[Still, ...]]:
    while batch := tuple(islice(stills, BATCH)):
        yield batch


def _progress(still: Still, spent_s: float) -> Progress:
    left = spent_s * (1 - still.share) / still.share if still.share > 0 else None
    return Progress(still.seconds, still.share, left)


def _keep(
    store: Store, measured: Measured, recording: Recording, began: datetime, ended: datetime
) -> tuple[Lesson, dict[int, Student]]:
    """The lesson whole, or none of it; the students by the numbers of their tracks."""
    lesson = store.lessons.start(
        recording.title,
        began,
        measured.network,
        measured.detector,
        class_id=recording.class_id,
        source=Source.VIDEO,
        ended_at=ended,
        analysed_at=datetime.now(UTC),
        owner_id=recording.owner_id,
    )
    students = {}
    try:
        for number, samples in measured.found.counted().items():
            students[number] = student = _student(store, lesson, recording, began)
            store.people.choose(student.id, Presence.LEFT, ended)
            dated = [replace(one, student_id=student.id, at=one.at - START + began) for one in samples]
            for start in range(0, len(dated), ROWS):
                store.samples.add(dated[start : start + ROWS])
    except BaseException:
        store.lessons.delete(lesson.id)
        raise
    return lesson, students


def _student(store: Store, lesson: Lesson, recording: Recording, began: datetime) -> Student:
    if recording.student is None:
        return store.faces.add(lesson.id, began)
    (student,) = store.people.invite(lesson.id, [recording.student], began)
    return student
