"""A video becomes a lesson like any other, at its own times; a bad one is told from a good one in a sentence."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from monitor.domain import Presence, Source
from monitor.errors import InvalidName, StoreUnavailable, UnknownFace, VideoError
from monitor.live.analysis import Analysed, Cancelled, Progress, Recording, analyse, stem
from monitor.live.pipeline import Pipeline
from monitor.live.recordings import remark
from monitor.live.video import ROOT, Video
from monitor.store.samples import Samples
from monitor.store.store import Store
from monitor.vision.classification import Classifier
from monitor.vision.detection import Haar
from tests.faces import frame
from tests.videos import FACE, ROOM, TWO, film, half_lit, seconds_of, sound, turned

MARCH = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
WRITTEN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
Analyse = Callable[..., Analysed]


@pytest.fixture
def pipeline(classifier: Classifier) -> Pipeline:
    return Pipeline(Haar(), classifier, 0.3)


@pytest.fixture
def analysed(store: Store, pipeline: Pipeline) -> Analyse:
    def run(source: bytes | Path, longest_s: float = 60, at: datetime | None = None, **more: object) -> Analysed:
        recording = Recording(source, "Fractions", "Ada", WRITTEN, at)
        return analyse(store, pipeline, recording, longest_s, **more)  # type: ignore[arg-type]

    return run


def test_a_video_becomes_a_lesson_at_its_own_times(analysed: Analyse, store: Store) -> None:
    found = analysed(film(seconds_of((FACE, 2), (ROOM, 1)), created=MARCH))
    lesson = store.lessons.get(found.lesson.id)
    assert (lesson.title, lesson.source, lesson.running) == ("Fractions", Source.VIDEO, False)
    assert (lesson.started_at, lesson.ended_at) == (MARCH, MARCH + timedelta(seconds=3))
    (student,) = store.people.students(lesson.id)
    assert (student.name, student.presence) == ("Ada", Presence.LEFT)
    samples = store.samples.read(lesson.id)
    assert list(samples["second"]) == [int(MARCH.timestamp()) + number for number in range(3)]
    assert list(samples["frames"]) == [5, 5, 5]
    assert list(samples["faces"]) == [5, 5, 0]
    assert (found.faces, found.frames, remark(found)) == (10, 15, "")


def test_of_several_people_each_face_is_followed_and_counts_for_the_class(store: Store, pipeline: Pipeline) -> None:
    video = film(seconds_of((TWO, 5), (ROOM, 7), (FACE, 0.8), (ROOM, 1)), created=MARCH)
    found = analyse(store, pipeline, Recording(video, "Poems", None, WRITTEN), 60)
    students = store.people.students(found.lesson.id)
    assert [(one.name, one.named, one.presence) for one in students] == [
        ("Face 1", False, Presence.LEFT),
        ("Face 2", False, Presence.LEFT),
    ]
    samples = store.samples.read(found.lesson.id)
    assert {number: len(rows) for number, rows in samples.groupby("student_id")} == {1: 5, 2: 5}
    assert (samples["faces"] == samples["frames"]).all()  # nobody's absence is known
    assert (found.frames, remark(found)) == (69, "")
    left, right = sorted(found.people, key=lambda one: one.x)
    assert (round(left.x, 1), round(right.x, 1)) == (0.3, 0.8)
    assert (left.first_s, left.last_s) == pytest.approx((0.4, 4.8), abs=0.21)


def test_a_face_gets_its_name_afterwards(store: Store, pipeline: Pipeline) -> None:
    own = store.classes.create("7b", MARCH)
    store.classes.add_members(own.id, ["Ada"])
    video = film(seconds_of((TWO, 4)), created=MARCH)
    lesson = analyse(store, pipeline, Recording(video, "Poems", None, WRITTEN, class_id=own.id), 60).lesson
    ada = store.faces.name_afterwards(lesson.id, "face 2", "ada")
    assert (ada.name, ada.presence) == ("Ada", Presence.LEFT)
    assert ada.member_id == store.classes.members(own.id)[0].id
    assert len(store.samples.read(lesson.id).query(f"student_id == {ada.id}")) == 4
    with pytest.raises(UnknownFace, match=r"no face “Face 2” without a name in this lesson; there are: Face 1"):
        store.faces.name_afterwards(lesson.id, "Face 2", "Ben")
    with pytest.raises(InvalidName, match="number of a face"):
        store.faces.name_afterwards(lesson.id, "Face 1", "Face 1")


def test_nobody_who_could_be_followed_is_said(store: Store, pipeline: Pipeline) -> None:
    video = film(seconds_of((TWO, 2)), created=MARCH)
    found = analyse(store, pipeline, Recording(video, "Poems", None, WRITTEN), 60)
    assert remark(found) == "Nobody could be followed for 3 seconds."
    assert store.people.students(found.lesson.id) == ()


def test_it_scores_as_a_live_camera_would(analysed: Analyse, store: Store, pipeline: Pipeline) -> None:
    found = analysed(film(seconds_of((FACE, 1))))
    (live,) = pipeline.read([frame(FACE)])
    assert live.scores is not None
    (row,) = store.samples.read(found.lesson.id).itertuples(index=False)
    assert [part / 10_000 for part in row[4:]] == pytest.approx(live.scores.probabilities, abs=0.1)


def test_a_file_is_read_where_it_lies(analysed: Analyse, tmp_path: Path) -> None:
    path = tmp_path / "lesson.mp4"
    path.write_bytes(film(seconds_of((ROOM, 1)), created=MARCH))
    assert analysed(path).lesson.started_at == MARCH
    assert [each.name for each in tmp_path.iterdir()] == ["lesson.mp4"]


def test_somebody_who_knows_better_than_the_file_is_believed(analysed: Analyse) -> None:
    known = MARCH + timedelta(days=1)
    assert analysed(film(seconds_of((ROOM, 1)), created=MARCH), at=known).lesson.started_at == known


@pytest.mark.parametrize("made", [None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)])
def test_a_file_that_does_not_know_its_time_ended_when_it_was_written(analysed: Analyse, made: datetime | None) -> None:
    lesson = analysed(film(seconds_of((ROOM, 2)), created=made)).lesson
    assert (lesson.started_at, lesson.ended_at) == (WRITTEN - timedelta(seconds=2), WRITTEN)


def test_pictures_count_at_their_own_times_however_uneven(analysed: Analyse, store: Store) -> None:
    times = [0, 0.03, 0.2, 1.0, 1.05, 1.9, 4.0, 4.3]
    found = analysed(film([FACE] * len(times), times=times, created=MARCH))
    samples = store.samples.read(found.lesson.id)
    assert [second - int(MARCH.timestamp()) for second in samples["second"]] == [0, 1, 4]
    assert list(samples["frames"]) == [2, 2, 2]


@pytest.mark.parametrize("kind", ["mp4", "matroska", "mpegts", "avi"])
def test_kinds_of_file(kind: str) -> None:
    with Video(film(seconds_of((FACE, 1)), kind=kind), 5, 60) as video:
        assert [round(still.seconds, 1) for still in video.frames()] == [0, 0.2, 0.4, 0.6, 0.8]


def test_a_turned_video_stands_upright() -> None:
    with Video(turned(film([half_lit()] * 3)), 5, 60) as video:
        still = next(video.frames())
    assert still.image.shape == (320, 240, 3)
    assert still.image[:150].mean() > 200 > 50 > still.image[170:].mean()


def test_a_large_video_is_made_small_before_it_is_looked_at() -> None:
    with Video(film([half_lit(2160, 3840)] * 3), 5, 60) as video:
        stills = list(video.frames())
    assert {still.image.shape for still in stills} == {(360, 640, 3)}


def test_a_video_that_breaks_off_is_a_lesson_as_far_as_it_goes(analysed: Analyse, store: Store) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (40, 240, 320, 3)).astype(np.uint8)
    whole = film(list(noise), kind="matroska")
    found = analysed(whole[: len(whole) // 2])
    assert 0 < len(store.samples.read(found.lesson.id)) < 4
    assert "breaks off after 0:0" in remark(found)
    assert "No face was found" in remark(found)


def picture_file() -> bytes:
    written = io.BytesIO()
    PIL.Image.fromarray(FACE).save(written, "PNG")
    return written.getvalue()


def playlist() -> bytes:
    """It would have the reader open another file of the server."""
    return b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "is empty"),
        (lambda: b"Dear diary, " * 500, "is no video that can be read. MP4"),
        (picture_file, "is no video that can be read. MP4"),
        (playlist, "is no video that can be read. MP4"),
        (sound, "no moving pictures in this file"),
        (lambda: film([]), "no moving pictures in this file"),
        (lambda: film(seconds_of((FACE, 1)))[:-2500], "was cut off before its recorder had finished it"),
        (lambda: film([], kind="avi"), "Not one picture could be read"),
        (lambda: film(seconds_of((ROOM, 4))), "longer than"),
        (lambda: film(seconds_of((ROOM, 4)), kind="mpegts"), "longer than"),
    ],
    ids=["nothing", "text", "picture", "playlist", "sound", "empty", "cut off", "no frames", "long", "long stream"],
)
def test_a_bad_file_is_told_in_a_sentence_and_leaves_no_lesson(
    analysed: Analyse, store: Store, content: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(VideoError, match=said):
        analysed(content(), longest_s=3)
    assert store.lessons.ended() == store.lessons.running() == ()


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="There is no file"):
        Video(tmp_path / "nothing.mp4", 5, 60)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; time.sleep(600)", "its pictures did not come"),
        ("import os; os.abort()", "broke the program that reads videos"),
        ("import sys; sys.stdout.write('H'); sys.exit(1)", "broke the program that reads videos"),
    ],
)
def test_a_decoder_that_hangs_or_dies_takes_nothing_with_it(program: str, said: str) -> None:
    with pytest.raises(VideoError, match=said):
        Video(b"x" * 1_000_000, 5, 60, decoder=(sys.executable, "-c", program), patience_s=0.5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_decoder_can_write_no_file(tmp_path: Path) -> None:
    program = (
        "from monitor.live.decoding import Wanted, _bound\n"
        "_bound(0, Wanted(None, 5, 640, 60, 60, True))\n"
        f"open({str(tmp_path / 'frame')!r}, 'wb', buffering=0).write(b'pixels')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "File too large" in ran.stderr
    assert (tmp_path / "frame").read_bytes() == b""


def test_progress_is_told_and_what_is_cancelled_is_not_kept(analysed: Analyse, store: Store) -> None:
    told: list[Progress] = []

    def watch(progress: Progress) -> None:
        told.append(progress)
        if progress.seconds > 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        analysed(film(seconds_of((ROOM, 20)), created=MARCH), watch=watch)
    assert [round(each.seconds) for each in told] == [3, 6]
    assert [each.share for each in told] == pytest.approx([0.15, 0.31])
    assert all(each.left_s is not None and each.left_s > 0 for each in told)
    assert store.lessons.ended() == store.lessons.running() == ()


def test_a_lesson_is_kept_whole_or_not_at_all(analysed: Analyse, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(samples: Samples, rows: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(Samples, "add", away)
    with pytest.raises(StoreUnavailable):
        analysed(film(seconds_of((ROOM, 1))))
    assert store.lessons.ended() == store.lessons.running() == ()


def test_an_old_video_is_kept_as_long_as_one_of_today(analysed: Analyse, store: Store) -> None:
    lesson = analysed(film(seconds_of((ROOM, 1)), created=MARCH)).lesson
    assert store.retention.purge(datetime.now(UTC), 30) == ()
    assert store.lessons.ended() == (lesson,)
    assert len(store.retention.purge(datetime.now(UTC) + timedelta(days=30, seconds=1), 30)) == 1


@pytest.mark.parametrize(
    ("file", "named"), [("Ada L.mp4", "Ada L"), ("a\x07b.mov", "a b"), (".mp4", ".mp4"), ("x" * 200 + ".mp4", "x" * 60)]
)
def test_a_file_gives_its_name_to_who_is_in_it(file: str, named: str) -> None:
    assert stem(file) == named
