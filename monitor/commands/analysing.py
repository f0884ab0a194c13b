"""`analyse`: recorded videos become lessons, one after another, or many at a time on a Ray cluster."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from monitor import settings
from monitor.commands.terminal import ACTOR, here, say, say_table
from monitor.errors import GuardianNeeded, LessonError, MonitorError, UnknownClass, VideoError
from monitor.insight.export.csv import to_csv
from monitor.insight.timeline import read_timeline
from monitor.live.afar import measured_afar
from monitor.live.analysis import FPS, Analysed, Measured, Progress, Recording, Seen, Wanted, analyse, keep, stem
from monitor.live.pipeline import Pipeline, open_pipeline
from monitor.live.recordings import remark
from monitor.people.audit import Action
from monitor.people.purpose import needed
from monitor.store.classes import name_key
from monitor.store.store import Store, open_store

INTERRUPTED = 130
VIDEOS = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ts")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "analyse",
        help="make lessons of recorded videos",
        description="Makes a lesson of each video, in which the largest face is one student, or with --many each face "
        "is followed. Of a folder all videos are taken. Ctrl-C drops the video that is being read; lessons of the "
        "videos before it stay.",
    )
    parser.add_argument("videos", nargs="+", type=Path, metavar="VIDEO")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Ray cluster whose machines see the files at the same paths: auto, …"
    )
    parser.add_argument("--csv", type=Path, metavar="OUT", help="also write the CSV: a file; a folder for several")
    parser.add_argument("--fps", type=_fps, default=FPS, help=f"frames a second to analyse, 1 to 30 ({FPS})")
    parser.add_argument("--title", help="of the lesson (the file's name)")
    seen = parser.add_mutually_exclusive_group()
    seen.add_argument("--student", help="who can be seen (the file's name)")
    seen.add_argument(
        "--many", action="store_true", help="follow all faces, as a room's camera does; `name` gives them names"
    )
    parser.add_argument("--class", dest="of_class", metavar="NAME", help="a class that is kept in the dashboard")
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help='when it began, such as "2026-11-23T09:00+01:00" (as the video says; else so that it ended when its file '
        "was written)",
    )
    parser.set_defaults(run=_analyse)


def _analyse(arguments: argparse.Namespace) -> int:
    """1 when a video failed and others did not; of one alone the error is raised."""
    chosen = settings.load()
    arguments.videos = _videos(arguments.videos)
    if arguments.at and len(arguments.videos) > 1:
        raise LessonError("--at says when one video began; give it with one video.")
    store = open_store(chosen.database_url)
    class_id = _class(store, arguments.of_class)
    if arguments.csv and len(arguments.videos) > 1:
        arguments.csv.mkdir(parents=True, exist_ok=True)
    elif arguments.csv and not arguments.csv.parent.is_dir():
        raise LessonError(f"--csv is a file in a folder that exists, got {str(arguments.csv)!r}.")
    if arguments.cluster:
        return _afar(store, chosen, arguments, class_id)
    pipeline = open_pipeline(chosen)
    failed = 0
    for number, path in enumerate(arguments.videos):
        try:
            done = _one(store, pipeline, _recording(path, arguments, class_id), path, 60 * chosen.video_minutes)
        except KeyboardInterrupt:
            sys.stderr.write(f"Stopped: nothing of {path.name} was kept. Lessons made before it: {number - failed}.\n")
            return INTERRUPTED
        except (VideoError, GuardianNeeded) as error:
            if len(arguments.videos) == 1:
                raise
            failed += 1
            sys.stderr.write(f"{path.name}: {error}\n")
            continue
        _write_csv(store, done, path, arguments)
    return int(failed > 0)


def _one(store: Store, pipeline: Pipeline, recording: Recording, path: Path, longest_s: float) -> Analysed:
    """Without a terminal to draw on, tqdm keeps silent."""
    with tqdm(desc=path.name, unit="s", disable=None, bar_format=BAR) as bar:

        def show(progress: Progress) -> None:
            if progress.share > 0:
                bar.total = progress.seconds / progress.share
            bar.update(progress.seconds - bar.n)

        done = analyse(store, pipeline, recording, longest_s, show)
    _tell(path, done, recording)
    return done


def _afar(store: Store, chosen: settings.Settings, arguments: argparse.Namespace, class_id: int | None) -> int:
    """As `_analyse`, in the order in which the videos are done."""
    needed(store.statements.current())
    recordings, failed, kept = {}, 0, 0
    for path in arguments.videos:
        try:
            recording = _recording(path, arguments, class_id)
            store.consents.refuse_recording(class_id, recording.student)
            recordings[path.resolve()] = recording
        except (VideoError, GuardianNeeded) as error:
            failed += 1
            sys.stderr.write(f"{path.name}: {error}\n")
    longest_s = 60 * chosen.video_minutes
    wanted = [Wanted(path, one.view, one.fps, longest_s) for path, one in recordings.items()]
    try:
        for video, found in measured_afar(arguments.cluster, chosen, wanted):
            path = Path(str(video.source))
            done = _kept(store, recordings[path], found)
            if isinstance(done, Exception):
                failed += 1
                sys.stderr.write(f"{path.name}: {done}\n")
                continue
            kept += 1
            _tell(path, done, recordings[path])
            _write_csv(store, done, path, arguments)
    except KeyboardInterrupt:
        sys.stderr.write(f"Stopped: nothing of the other videos was kept. Lessons made before: {kept}.\n")
        return INTERRUPTED
    return int(failed > 0)


def _kept(store: Store, recording: Recording, found: Measured | Exception) -> Analysed | Exception:
    try:
        return found if isinstance(found, Exception) else keep(store, recording, found)
    except GuardianNeeded as error:
        return error


def _videos(given: Sequence[Path]) -> list[Path]:
    """Of a folder all files that are called as videos are, in their order. Raises VideoError."""
    found: list[Path] = []
    for path in given:
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in VIDEOS) if path.is_dir() else [path]
        if not inside:
            raise VideoError(f"There is no video in {path}: files ending in {', '.join(VIDEOS)} are looked for.")
        found += inside
    return found


def _tell(path: Path, done: Analysed, recording: Recording) -> None:
    lesson = done.lesson
    lasted = lesson.duration(datetime.now(UTC)).total_seconds()
    began = lesson.started_at.astimezone(here())
    say(
        f"{path.name}: lesson {lesson.id}, {began:%Y-%m-%d %H:%M:%S}, {lasted:.1f} s, {done.frames} frames, "
        f"face in {done.faces / done.frames:.0%}. {remark(done)}".rstrip()
    )
    if recording.student is None and done.people:
        say_table(("face", "first", "last", "from the left", "from the top"), [_where(one) for one in done.people])


def _where(one: Seen) -> tuple[str, ...]:
    """Where to find them in the video; nothing of this is kept."""
    first, last = (f"{int(seconds) // 60}:{int(seconds) % 60:02d}" for seconds in (one.first_s, one.last_s))
    return one.student.name, first, last, f"{one.x:.0%}", f"{one.y:.0%}"


BAR = "{desc} {percentage:3.0f}%|{bar}| {n:.0f} of {total:.0f} s, {remaining} left, {rate_fmt}"


def _recording(path: Path, arguments: argparse.Namespace, class_id: int | None) -> Recording:
    """Raises VideoError when there is no such file."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise VideoError(f"{path} cannot be read: {error.strerror}.") from error
    title = arguments.title or stem(path.name, 120)
    student = None if arguments.many else arguments.student or stem(path.name)
    return Recording(path, title, student, written, arguments.at, class_id, arguments.fps)


def _write_csv(store: Store, done: Analysed, path: Path, arguments: argparse.Namespace) -> None:
    if arguments.csv is None:
        return
    several = len(arguments.videos) > 1
    target = arguments.csv / f"{path.stem}-{done.lesson.id}.csv" if several else arguments.csv
    try:
        target.write_bytes(to_csv(read_timeline(store, done.lesson.id)))
    except OSError as error:
        raise MonitorError(
            f"{target} cannot be written: {error.strerror}. The lesson {done.lesson.id} is kept."
        ) from error
    store.audit.note(ACTOR, Action.EXPORT, "lesson", done.lesson.id, "csv")
    say(f"wrote {target}")


def _class(store: Store, name: str | None) -> int | None:
    if name is None:
        return None
    known = {name_key(one.name): one for one in store.classes.all()}
    if name_key(name) not in known:
        names = ", ".join(repr(one.name) for one in known.values()) or "none yet"
        raise UnknownClass(f"There is no class {name!r}; there are: {names}.")
    return known[name_key(name)].id


def _fps(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 30):
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 30, got {text!r}")
    return int(text)


def _moment(text: str) -> datetime:
    """A time without a zone is of this computer's."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"a time such as 2026-11-23T09:00+01:00, got {text!r}") from None
