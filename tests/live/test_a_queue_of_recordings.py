"""Videos wait, are analysed one after another on a thread of their own, and let a live lesson go first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from monitor.errors import VideoError
from monitor.live.analysis import Recording
from monitor.live.pipeline import Pipeline
from monitor.live.recordings import Recordings, Turn
from monitor.store.store import Store
from monitor.vision.classification import Classifier
from tests.live.chalk import ChalkDetector
from tests.videos import ROOM, film, seconds_of
from tests.waiting import wait_until

WRITTEN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SHORT, LONG = film(seconds_of((ROOM, 1))), film(seconds_of((ROOM, 20)))


class Live:
    """Whether a lesson is live."""

    now = False

    def __call__(self) -> bool:
        return self.now


@pytest.fixture
def live() -> Live:
    return Live()


@pytest.fixture
def detector() -> ChalkDetector:
    return ChalkDetector()


@pytest.fixture
def queue(store: Store, classifier: Classifier, detector: ChalkDetector, live: Live) -> Iterator[Recordings]:
    made = Recordings(store, lambda: Pipeline(detector, classifier, 0.0), live, 60, most_bytes=3 * len(LONG))
    yield made
    detector.go_on.set()
    made.stop()


def recording(title: str, content: bytes = SHORT) -> Recording:
    return Recording(content, title, "Ada", WRITTEN)


def turns(queue: Recordings) -> list[Turn]:
    return [entry.turn for entry in queue.entries()]


def working(queue: Recordings, number: int) -> Callable[[], bool]:
    return lambda: any(entry.id == number and entry.turn is Turn.AT_WORK for entry in queue.entries())


def test_several_are_done_one_after_another(queue: Recordings, store: Store, detector: ChalkDetector) -> None:
    detector.hold()
    for title in ("one", "two"):
        queue.add(recording(title))
    assert detector.looking.wait(20)
    assert turns(queue) == [Turn.AT_WORK, Turn.WAITING]
    detector.go_on.set()
    assert queue.wait(30)
    assert [(entry.title, entry.turn) for entry in queue.entries()] == [("one", Turn.DONE), ("two", Turn.DONE)]
    ids = [entry.lesson_id for entry in queue.entries() if entry.lesson_id]
    assert [store.lessons.get(number).title for number in ids] == ["one", "two"]
    assert all("No face was found" in entry.told for entry in queue.entries())


def test_progress_is_shown(queue: Recordings, detector: ChalkDetector) -> None:
    shown = []
    queue.add(recording("long", LONG))
    while not queue.wait(0.001):
        shown += [entry.progress.share for entry in queue.entries() if entry.progress]
    assert shown == sorted(shown)
    assert any(0 < share < 1 for share in shown)
    assert queue.entries()[0].progress is None


def test_a_bad_video_says_why_and_the_next_has_its_turn(queue: Recordings) -> None:
    queue.add(recording("bad", b"no video at all"))
    queue.add(recording("good"))
    assert queue.wait(30)
    assert turns(queue) == [Turn.FAILED, Turn.DONE]
    assert "is no video that can be read" in queue.entries()[0].told


def test_what_nobody_foresaw_fails_one_video_only(queue: Recordings, detector: ChalkDetector) -> None:
    red = seconds_of((ROOM, 1))
    detector.detect = lambda image: 1 / 0  # type: ignore[method-assign, assignment, misc]
    queue.add(recording("odd", film(red)))
    assert queue.wait(30)
    assert "The server's log says more" in queue.entries()[0].told
    del detector.detect
    queue.add(recording("good"))
    assert queue.wait(30)
    assert turns(queue) == [Turn.FAILED, Turn.DONE]


def test_one_that_waits_is_cancelled(queue: Recordings, store: Store, detector: ChalkDetector) -> None:
    detector.hold()
    queue.add(recording("first"))
    second = queue.add(recording("second"))
    queue.cancel(second)
    assert turns(queue)[1] is Turn.CANCELLED
    detector.go_on.set()
    assert queue.wait(30)
    assert [lesson.title for lesson in store.lessons.ended()] == ["first"]


def test_one_at_work_is_cancelled_and_nothing_of_it_is_kept(
    queue: Recordings, store: Store, detector: ChalkDetector
) -> None:
    detector.hold()
    first = queue.add(recording("first", LONG))
    assert detector.looking.wait(20)
    queue.cancel(first)
    queue.add(recording("second"))
    detector.go_on.set()
    assert queue.wait(30)
    assert turns(queue) == [Turn.CANCELLED, Turn.DONE]
    assert [lesson.title for lesson in store.lessons.ended()] == ["second"]


def test_a_live_lesson_goes_first(queue: Recordings, store: Store, live: Live) -> None:
    live.now = True
    queue.add(recording("video"))
    wait_until(lambda: turns(queue) == [Turn.HELD])
    assert store.lessons.ended() == ()
    live.now = False
    assert queue.wait(30)
    assert turns(queue) == [Turn.DONE]


def test_one_that_is_held_up_can_be_cancelled(queue: Recordings, live: Live) -> None:
    live.now = True
    number = queue.add(recording("video"))
    wait_until(lambda: turns(queue) == [Turn.HELD])
    queue.cancel(number)
    queue.stop()
    assert turns(queue) == [Turn.CANCELLED]


def test_one_that_is_over_is_taken_from_the_list_and_its_lesson_stays(queue: Recordings, store: Store) -> None:
    number = queue.add(recording("video"))
    assert queue.wait(30)
    queue.remove(number)
    queue.remove(number)
    assert queue.entries() == ()
    assert len(store.lessons.ended()) == 1


def test_memory_is_bounded_and_given_back(queue: Recordings, detector: ChalkDetector) -> None:
    detector.hold()
    for title in ("one", "two", "three"):
        queue.add(recording(title, LONG))
    with pytest.raises(VideoError, match="no more fit into memory"):
        queue.add(recording("four", LONG))
    for entry in queue.entries():
        queue.cancel(entry.id)
    queue.add(recording("four"))
    detector.go_on.set()
    assert queue.wait(30)
    assert all(job.recording is None for job in queue._jobs.values())


def test_stopping_drops_what_is_at_work_and_may_be_repeated(queue: Recordings, store: Store) -> None:
    queue.stop()
    first = queue.add(recording("video", LONG))
    wait_until(working(queue, first))
    queue.stop()
    queue.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "recordings"]
    assert store.lessons.running() == ()
