from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Frame, Image, Lesson
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import Store, open_store
from monitor.vision.classification import Classifier
from tests.lesson import seat, start
from tests.live.chalk import ChalkDetector, chalk_picture, red_picture
from tests.waiting import own_threads, wait_until


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    yield store
    store.close()


@pytest.fixture
def lesson(kept: Store) -> Lesson:
    return start(kept)


@pytest.fixture
def ada(kept: Store, lesson: Lesson) -> int:
    return seat(kept, lesson, "Ada")


@pytest.fixture
def ben(kept: Store, lesson: Lesson) -> int:
    return seat(kept, lesson, "Ben")


@pytest.fixture
def detector() -> ChalkDetector:
    return ChalkDetector()


@pytest.fixture
def room(kept: Store, detector: ChalkDetector, classifier: Classifier) -> Iterator[Classroom]:
    running = Classroom(Pipeline(detector, classifier, 0.0), Recorder(kept, 1000), Naming(kept))
    running.start()
    yield running
    detector.go_on.set()
    running.stop()


SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


def frame(stream: str, number: int = 0, image: Image | None = None) -> Frame:
    """Of one second that is a moment ahead, so that no clock closes it while the test runs."""
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    return Frame(stream, chalk_picture() if image is None else image, at + timedelta(milliseconds=number))


def test_a_seated_student_is_read_and_kept(
    room: Classroom, kept: Store, lesson: Lesson, ada: int, ben: int, classifier: Classifier
) -> None:
    room.seat("a", ada)
    room.seat("b", ben)
    room.submit(frame("a"))
    room.submit(frame("b", image=chalk_picture(face=False)))
    wait_until(lambda: room.counts.read == 2)
    latest, other = room.latest("a"), room.latest("b")
    assert latest is not None
    assert other is not None
    assert (latest.faces, other.faces, other.scores) == (1, 0, None)
    room.stop()
    table = kept.samples.read(lesson.id).set_index("student_id")
    assert list(table["faces"]) == [1, 0]
    assert latest.scores is not None
    assert table.loc[ada, "happy"] == pytest.approx(10_000 * latest.scores.probabilities[3], abs=1)
    assert room.keeping.stored == 2


def test_the_newest_frame_wins_and_the_overtaken_are_counted(
    room: Classroom, detector: ChalkDetector, ada: int
) -> None:
    room.seat("a", ada)
    detector.hold()
    room.submit(frame("a", 1))
    assert detector.looking.wait(20)
    newest = frame("a", 4)
    for one in (frame("a", 2), frame("a", 3), newest):
        room.submit(one)
    detector.go_on.set()
    wait_until(lambda: room.counts.read == 2)
    latest = room.latest("a")
    assert latest is not None
    assert latest.at == newest.at
    counts = room.counts
    assert (counts.received, counts.read, counts.dropped, counts.failed) == (4, 2, 2, 0)
    assert counts.busy_s > 0


def test_streams_do_not_overtake_each_other(room: Classroom, detector: ChalkDetector, ada: int, ben: int) -> None:
    room.seat("a", ada)
    room.seat("b", ben)
    detector.hold()
    room.submit(frame("a"))
    assert detector.looking.wait(20)
    room.submit(frame("a"))
    room.submit(frame("b"))
    detector.go_on.set()
    wait_until(lambda: room.counts.read == 3)
    assert room.counts.dropped == 0


def test_a_stream_without_a_seat_is_not_looked_at(room: Classroom, detector: ChalkDetector, ada: int) -> None:
    room.seat("a", ada)
    room.submit(frame("stranger"))
    room.submit(frame("a"))
    wait_until(lambda: room.counts.read == 1)
    assert room.counts.received == 1
    assert room.latest("stranger") is None


def test_taking_over_unseats_the_old_device(room: Classroom, kept: Store, lesson: Lesson, ada: int) -> None:
    room.seat("old", ada)
    room.seat("new", ada)
    assert (room.seated("old"), room.seated("new")) == (False, True)
    room.submit(frame("old", image=chalk_picture(face=False)))
    room.submit(frame("new"))
    wait_until(lambda: room.counts.read == 1)
    room.stop()
    assert list(kept.samples.read(lesson.id)["faces"]) == [1]


def test_seating_again_as_each_run_of_the_page_does_changes_nothing(
    room: Classroom, detector: ChalkDetector, ada: int
) -> None:
    room.seat("a", ada)
    room.submit(frame("a"))
    wait_until(lambda: room.counts.read == 1)
    detector.hold()
    room.submit(frame("a"))
    assert detector.looking.wait(20)
    room.submit(frame("a"))
    room.seat("a", ada)
    assert room.latest("a") is not None
    detector.go_on.set()
    wait_until(lambda: room.counts.read == 3)
    assert room.counts.dropped == 0


def test_a_paused_stream_is_forgotten_at_once(room: Classroom, detector: ChalkDetector, ada: int) -> None:
    room.seat("a", ada)
    room.submit(frame("a"))
    wait_until(lambda: room.counts.read == 1)
    detector.hold()
    room.submit(frame("a"))
    assert detector.looking.wait(20)
    room.submit(frame("a"))
    room.unseat("a")
    room.unseat("a")
    assert (room.seated("a"), room.latest("a")) == (False, None)
    detector.go_on.set()
    wait_until(lambda: room.counts.read == 2)
    assert room.latest("a") is None
    assert (room.counts.received, room.counts.dropped) == (3, 1)


def test_the_end_of_a_lesson_dismisses_its_students_only(room: Classroom, ada: int, ben: int) -> None:
    room.seat("a", ada)
    room.seat("b", ben)
    room.dismiss([ada])
    assert (room.seated("a"), room.seated("b")) == (False, True)


def test_a_dismissed_student_s_last_second_is_kept_at_once(
    room: Classroom, kept: Store, lesson: Lesson, ada: int, ben: int
) -> None:
    for stream, student in (("a", ada), ("b", ben)):
        room.seat(stream, student)
        room.submit(frame(stream))
    wait_until(lambda: room.counts.read == 2)
    assert room.dismiss([ada], patience=20)
    assert list(kept.samples.read(lesson.id)["student_id"]) == [ada]


def test_a_frame_that_cannot_be_read_is_counted_and_the_others_go_on(
    room: Classroom, detector: ChalkDetector, ada: int, ben: int
) -> None:
    room.seat("a", ada)
    room.seat("b", ben)
    detector.hold()
    room.submit(frame("a"))
    assert detector.looking.wait(20)
    room.submit(frame("a", image=red_picture()))
    room.submit(frame("b"))
    detector.go_on.set()
    wait_until(lambda: room.counts.read == 2)
    assert room.latest("b") is not None
    room.submit(frame("a"))
    wait_until(lambda: room.counts.read == 3)
    counts = room.counts
    assert (counts.received, counts.failed, counts.dropped) == (4, 1, 0)


def test_two_lessons_at_once_do_not_mix(room: Classroom, kept: Store, lesson: Lesson, ada: int) -> None:
    other = start(kept, "other")
    cem = seat(kept, other, "Ada")
    room.seat("a", ada)
    room.seat("c", cem)
    room.submit(frame("a"))
    room.submit(frame("c", image=chalk_picture(face=False)))
    wait_until(lambda: room.counts.read == 2)
    room.stop()
    assert list(kept.samples.read(lesson.id)["faces"]) == [1]
    assert list(kept.samples.read(other.id)["faces"]) == [0]


def test_starting_and_stopping_are_symmetric_and_may_be_repeated(
    kept: Store, lesson: Lesson, ada: int, classifier: Classifier
) -> None:
    room = Classroom(Pipeline(ChalkDetector(), classifier, 0.0), Recorder(kept, 1000), Naming(kept))
    room.stop()
    rounds = []
    for number in (1, 2):
        rounds.append(number)
        room.start()
        room.start()
        assert own_threads() == ["classroom", "recorder"]
        room.seat("a", ada)
        room.submit(Frame("a", chalk_picture(), SOON + timedelta(seconds=number)))
        wait_until(lambda: room.counts.read == len(rounds))
        room.stop()
        room.stop()
        assert own_threads() == []
    assert kept.samples.count(ada) == 2


def test_the_page_can_say_what_is_at_work(room: Classroom, classifier: Classifier) -> None:
    assert (room.detector_name, room.network_name) == ("chalk", classifier.name)
