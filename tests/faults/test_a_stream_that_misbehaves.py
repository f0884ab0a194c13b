"""What a camera, or somebody in its place, may send: over a real peer connection, into the class that is running."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator

import av
import pytest
from aiortc import RTCSessionDescription

from app.incoming import Incoming, Sender
from app.webrtc import _receiver
from model_zoo.emotions import EmotionScores
from monitor.domain import Frame, Image
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import Store
from monitor.vision.classification import Classifier, Cut
from monitor.vision.detection import Haar
from tests.benchmarks.sending import Film, encoded, offered
from tests.browser.camera import nobody, the_astronaut
from tests.lesson import seat, start
from tests.live.chalk import ChalkDetector, chalk_picture
from tests.loops import run
from tests.waiting import wait_until

STREAM, FPS = "ada", 5


@pytest.fixture
def ada(store: Store) -> int:
    return seat(store, start(store))


@pytest.fixture
def room(store: Store, classifier: Classifier, ada: int) -> Iterator[Classroom]:
    running = Classroom(Pipeline(Haar(), classifier, 0.0), Recorder(store, 1000), Naming(store))
    running.start()
    running.seat(STREAM, ada)
    yield running
    running.stop()


def garbage(count: int) -> tuple[bytes, ...]:
    chance = random.Random(1)
    return tuple(chance.randbytes(chance.randint(1, 3000)) for _ in range(count))


def sent(film: Film, room: Classroom, until: Callable[[], object]) -> None:
    """Sends the film to the room until that has happened."""

    async def play() -> None:
        sending, offer = await offered(film)
        incoming = Incoming(Sender(1, STREAM, 1), room, [], FPS)
        answer = await incoming.answer(offer)
        await sending.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        try:
            end = asyncio.get_running_loop().time() + 30
            while not until():
                assert asyncio.get_running_loop().time() < end, room.counts
                await asyncio.sleep(0.05)
        finally:
            await incoming.stop()
            await sending.close()

    run(play())


def sizes_seen(room: Classroom) -> set[tuple[int, ...]]:
    """Fills as frames come."""
    seen: set[tuple[int, ...]] = set()
    submit = room.submit

    def look(frame: Frame) -> None:
        seen.add(frame.image.shape[:2])
        submit(frame)

    room.submit = look  # type: ignore[method-assign]
    return seen


def test_between_garbage_giant_and_tiny_pictures_a_face_is_still_read(room: Classroom) -> None:
    normal = encoded(the_astronaut(1), FPS).packets
    tiny = encoded(nobody(0.4), FPS, 1, 1).packets
    giant = encoded(nobody(0.2), FPS, 4096, 2304).packets
    film = Film((*garbage(5), *tiny, *giant, *garbage(5), *normal, *normal), fps=10)
    seen = sizes_seen(room)
    sent(film, room, lambda: (latest := room.latest(STREAM)) and latest.scores and len(seen) == 3)
    assert seen == {(1, 1), (360, 640), (240, 320)}
    assert room.counts.failed == 0


def test_of_120_frames_a_second_only_twice_what_was_asked_for_become_pictures(room: Classroom) -> None:
    film = Film(encoded(the_astronaut(2), 10).packets, fps=120)
    sent(film, room, lambda: room.counts.received >= 240)
    counts = room.counts
    assert counts.dropped > 0.8 * counts.received
    assert 5 <= counts.read <= 2 * 2 * FPS + 5


def test_of_which_no_picture_can_be_made_counts_as_failed_and_the_thread_goes_on(room: Classroom) -> None:
    receive = _receiver(STREAM, room, fps=1000)
    odd = av.VideoFrame(320, 240, "yuv420p")

    class Broken:
        width, height = 20_000, 20_000

        def reformat(self, **_wanted: object) -> av.VideoFrame:
            raise MemoryError("no room for 1.2 GB")

    assert receive(Broken()) is not None  # type: ignore[arg-type]
    receive(odd)
    wait_until(lambda: room.counts.read == 1)
    assert (room.counts.received, room.counts.failed) == (2, 1)


class Choosy:
    """A network that raises whenever a face with a dark spot is before it."""

    def __init__(self, real: Classifier) -> None:
        self.card, self.name, self._real, self.raised = real.card, real.name, real, 0

    def cut(self, image: Image, square: object) -> Cut:
        return self._real.cut(image, square)  # type: ignore[arg-type]

    def classify(self, cuts: list[Cut]) -> list[EmotionScores]:
        if any(cut.min() < 50 for cut in cuts):
            self.raised += 1
            raise RuntimeError("the network raises on this face")
        return self._real.classify(cuts)


def test_a_network_that_raises_on_one_frame_costs_that_frame_alone(
    store: Store, classifier: Classifier, ada: int
) -> None:
    ben = seat(store, store.lessons.running()[0], "Ben")
    network = Choosy(classifier)
    running = Classroom(Pipeline(ChalkDetector(), network, 0.0), Recorder(store, 1000), Naming(store))  # type: ignore[arg-type]
    running.start()
    running.seat("ada", ada)
    running.seat("ben", ben)
    marked = chalk_picture()
    marked[17:23, 27:33] = 0
    receive = {name: _receiver(name, running, fps=1000) for name in ("ada", "ben")}
    receive["ada"](av.VideoFrame.from_ndarray(marked, format="bgr24"))
    receive["ben"](av.VideoFrame.from_ndarray(chalk_picture(), format="bgr24"))
    wait_until(lambda: running.counts.read == 1)
    receive["ada"](av.VideoFrame.from_ndarray(chalk_picture(), format="bgr24"))
    wait_until(lambda: running.counts.read == 2)
    running.stop()
    assert network.raised >= 1
    assert (running.counts.received, running.counts.failed) == (3, 1)
