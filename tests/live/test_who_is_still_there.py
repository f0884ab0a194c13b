"""What is decided at another dashboard of the same database ends the measuring at this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.domain import Lesson, Presence, Shown
from monitor.errors import StoreError
from monitor.live.attendance import Attendance
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.live.room_camera import RoomCamera
from monitor.store.people import Seat, stream_of
from monitor.store.store import Store, open_store
from monitor.vision.classification import Classifier
from tests.lesson import NINE, start
from tests.live.chalk import ChalkDetector
from tests.waiting import wait_until


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    yield store
    store.close()


@pytest.fixture
def lesson(kept: Store) -> Lesson:
    return start(kept)


@pytest.fixture
def room(kept: Store, classifier: Classifier) -> Classroom:
    """Not started: no frame comes."""
    return Classroom(Pipeline(ChalkDetector(), classifier, 0.0), Recorder(kept, 100), Naming(kept))


@pytest.fixture
def attendance(kept: Store, room: Classroom) -> Attendance:
    return Attendance(kept, room, {}, look_every_s=0.02)


@pytest.fixture
def ada(kept: Store, lesson: Lesson, room: Classroom) -> Seat:
    return _seated(kept, lesson, room, "Ada")


def _seated(kept: Store, lesson: Lesson, room: Classroom, name: str) -> Seat:
    seat = kept.people.join(lesson.id, name, NINE, "2026-1")
    room.seat(stream_of(seat.student.id, seat.secret), seat.student.id)
    return seat


ELSEWHERE: dict[str, Callable[[Store, Seat], object]] = {
    "the lesson is ended": lambda store, seat: store.lessons.end(seat.student.lesson_id, NINE),
    "another device takes over": lambda store, seat: store.people.join(
        seat.student.lesson_id, "Ada", NINE, "2026-1", take_over=True
    ),
    "paused": lambda store, seat: store.people.choose(seat.student.id, Presence.PAUSED, NINE),
    "left": lambda store, seat: store.people.choose(seat.student.id, Presence.LEFT, NINE),
    "deleted": lambda store, seat: store.people.delete(seat.student.id),
    "the lesson is deleted": lambda store, seat: store.lessons.delete(seat.student.lesson_id),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_who_is_let_go_elsewhere_is_measured_no_longer(
    kept: Store, room: Classroom, attendance: Attendance, ada: Seat, what: str
) -> None:
    attendance.look()
    assert list(room.seats.values()) == [ada.student.id]
    ELSEWHERE[what](kept, ada)
    attendance.look()
    assert room.seats == {}


def test_nobody_else_loses_the_seat(
    kept: Store, lesson: Lesson, room: Classroom, attendance: Attendance, ada: Seat
) -> None:
    other = _seated(kept, start(kept, "Poems"), room, "Ben")
    kept.lessons.end(lesson.id, NINE)
    attendance.look()
    assert list(room.seats.values()) == [other.student.id]


def test_its_thread_looks_by_itself(kept: Store, room: Classroom, attendance: Attendance, ada: Seat) -> None:
    attendance.start()
    attendance.start()
    kept.people.delete(ada.student.id)
    wait_until(lambda: not room.seats)
    attendance.stop()
    attendance.stop()


def test_while_the_database_is_away_everybody_keeps_the_seat(room: Classroom, ada: Seat, tmp_path: Path) -> None:
    away = open_store(f"sqlite:///{tmp_path / 'away.db'}")
    away.close()
    (tmp_path / "away.db").write_bytes(b"no database " * 500)
    with pytest.raises(StoreError):
        Attendance(away, room, {}).look()
    assert list(room.seats.values()) == [ada.student.id]
    away.close()


@pytest.mark.parametrize("shown", [None, Shown.PSEUDONYMS])
def test_a_rooms_camera_is_off_when_the_lesson_ends_or_shows_less_elsewhere(
    kept: Store, lesson: Lesson, room: Classroom, shown: Shown | None
) -> None:
    camera = RoomCamera("server", "http://127.0.0.1:9/none", room.submit, 5)
    cameras, other = {lesson.id: camera}, start(kept, "Poems")
    attendance = Attendance(kept, room, cameras)
    for stream, of in (("server", lesson), ("poems", other)):
        room.open_room(stream, of.id)
    attendance.look()
    assert (set(room.rooms_of), cameras) == ({lesson.id, other.id}, {lesson.id: camera})
    _ = kept.lessons.show_less(lesson.id, shown) if shown else kept.lessons.end(lesson.id, NINE)
    attendance.look()
    assert (set(room.rooms_of), list(cameras)) == ({other.id}, [])
