"""Whose the readings of a room's camera are: unnamed at first, then whoever the teacher says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from monitor.domain import Box, Lesson, Picture, Presence, Reading, Student
from monitor.errors import InvalidName, LessonError, StoreError, UnknownFace
from monitor.live import naming as naming_module
from monitor.live.naming import Naming
from monitor.live.recorder import Seconds
from monitor.store.store import Store, open_store
from monitor.vision.crowd import GAP_S
from tests.lesson import HAPPY, SAD, seat, second, start
from tests.waiting import wait_until

FPS = 2


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    yield store
    store.close()


@pytest.fixture
def lesson(kept: Store) -> Lesson:
    return start(kept)


class Room:
    """A camera and what comes of it: `see` plays seconds of a lesson."""

    def __init__(self, store: Store, lesson: Lesson) -> None:
        self.store, self.lesson, self.now = store, lesson, 0.0
        self.naming = Naming(store)
        self.naming.open("room", lesson.id)
        self.seconds = Seconds()
        self.counted: list[tuple[int, Reading]] = []

    def see(self, seconds: float, *tracks: int, settle: bool = True) -> None:
        """`settle`: waits for the numbers that were asked for."""
        for _frame in range(round(seconds * FPS)):
            self.counted = self.naming.attribute(self._frame(tracks))
            samples = [sample for pair in self.counted if (sample := self.seconds.gather(*pair))]
            self.store.samples.add(samples)
            self.now += 1 / FPS
            if settle and self.now > naming_module.NEW_FACE_S:
                wait_until(lambda: self._numbered(tracks))

    def _frame(self, tracks: Collection[int]) -> list[Reading]:
        at = second(self.now)
        found = [
            Reading("room", at, SAD if number == 2 else HAPPY, len(tracks), Picture.FINE, number, Box(number, 0, 9, 9))
            for number in tracks
        ]
        return found or [Reading("room", at, None, 0, Picture.FINE)]

    def _numbered(self, tracks: Collection[int]) -> bool:
        young = [
            number
            for number, track in self.naming._rooms["room"].tracks.items()
            if (track.newest.at - track.since).total_seconds() < naming_module.NEW_FACE_S
        ]
        return all(face.student or face.number in young for face in self.naming.faces("room"))

    def flush(self, students: Collection[int]) -> None:
        self.store.samples.add(self.seconds.finish(students))

    def name(self, number: int, name: str) -> Student:
        return self.naming.name("room", number, name, second(self.now), self.flush)

    def unname(self, number: int) -> Student:
        return self.naming.unname("room", number, self.flush)

    def students(self) -> dict[str, bool]:
        return {one.name: one.named for one in self.store.people.students(self.lesson.id)}

    def seconds_of(self, name: str) -> int:
        (student,) = [one for one in self.store.people.students(self.lesson.id) if one.name == name]
        return self.store.samples.count(student.id)

    def names(self) -> dict[int, str | None]:
        return {face.number: face.name for face in self.naming.faces("room")}


@pytest.fixture
def room(kept: Store, lesson: Lesson) -> Iterator[Room]:
    made = Room(kept, lesson)
    yield made
    made.naming.stop()


def test_a_face_counts_without_a_name_after_some_seconds(room: Room) -> None:
    room.see(2, 1, 2)
    assert (room.students(), room.counted) == ({}, [])
    room.see(3, 1, 2)
    assert room.students() == {"Face 1": False, "Face 2": False}
    assert {reading.track for _student, reading in room.counted} == {1, 2}
    assert room.names() == {1: None, 2: None}


def test_a_face_that_is_gone_again_at_once_is_nobody(room: Room) -> None:
    room.see(2, 1)
    room.see(GAP_S + 2)
    assert (room.students(), room.names()) == ({}, {})


def test_what_was_measured_of_a_face_is_the_student_s_from_the_first_second_on(room: Room) -> None:
    room.store.people.invite(room.lesson.id, ["Ada"], second(0))
    room.see(10, 1, 2)
    before = room.seconds_of("Face 1") + 1  # and the second that is open
    ada = room.name(1, "Ada")
    assert room.students() == {"Ada": True, "Face 2": False}
    assert (ada.presence, room.seconds_of("Ada"), room.names()) == (Presence.HERE, before, {1: "Ada", 2: None})
    room.see(4, 1, 2)
    assert room.seconds_of("Ada") >= before + 3


def test_a_face_can_be_named_before_it_has_a_number(room: Room) -> None:
    room.see(1, 1)
    room.name(1, "  Ada ")
    room.see(5, 1)
    assert (room.students(), room.names()) == ({"Ada": True}, {1: "Ada"})


def test_a_named_student_who_is_hidden_has_no_face_and_is_still_here(room: Room) -> None:
    room.see(5, 1)
    ada = room.name(1, "Ada").id
    room.see(2)
    ((student, reading),) = room.counted
    assert (student, reading.scores) == (ada, None)
    room.see(2, 1)
    ((student, reading),) = room.counted
    assert (student, reading.scores) == (ada, HAPPY)


def test_who_comes_back_as_a_new_face_gets_the_same_name(room: Room) -> None:
    room.see(6, 1)
    room.name(1, "Ada")
    room.see(GAP_S + 3)
    room.see(6, 3)
    assert room.students() == {"Ada": True, "Face 1": False}
    room.name(3, "ada")
    assert (room.students(), room.names()) == ({"Ada": True}, {3: "Ada"})
    assert room.seconds_of("Ada") >= 6 + GAP_S + 3 + 6 - 5


def test_a_wrong_name_is_undone(room: Room) -> None:
    room.store.people.invite(room.lesson.id, ["Ada", "Ben"], second(0))
    room.see(8, 1, 2)
    room.name(1, "Ben")
    room.see(4, 1, 2)
    kept = room.seconds_of("Ben")
    room.unname(1)
    assert room.students() == {"Ada": True, "Ben": True, "Face 2": False, "Face 1": False}
    assert room.names() == {1: None, 2: None}
    assert (room.seconds_of("Ben"), room.seconds_of("Face 1")) == (0, kept + 1)
    ben = next(one for one in room.store.people.students(room.lesson.id) if one.name == "Ben")
    assert ben.presence is Presence.INVITED


def test_another_name_takes_what_was_measured_along(room: Room) -> None:
    room.see(8, 1)
    room.name(1, "Ben")
    room.see(4, 1)
    room.name(1, "Ada")
    assert room.names() == {1: "Ada"}
    assert (room.seconds_of("Ada"), room.seconds_of("Ben")) == (9, 0)


def test_undoing_takes_only_what_this_face_brought(room: Room) -> None:
    """Ada was followed before as another face."""
    room.see(6, 1)
    room.name(1, "Ada")
    own = room.seconds_of("Ada")
    room.see(GAP_S + 2, 2)
    room.name(2, "Ada")
    room.unname(2)
    assert room.seconds_of("Ada") >= own
    assert room.seconds_of("Face 1") >= GAP_S


def test_a_name_goes_over_to_the_other_face(room: Room) -> None:
    """One student is one face: whoever had the name before is nobody again."""
    room.see(5, 1, 2)
    room.name(1, "Ada")
    room.name(2, "Ada")
    assert room.names() == {1: None, 2: "Ada"}
    room.see(6, 1, 2)
    assert sorted(room.students().values()) == [False, True]


def test_who_paused_is_not_measured_by_the_room_s_camera(room: Room) -> None:
    ada = seat(room.store, room.lesson)
    room.see(5, 1)
    room.name(1, "Ada")
    room.see(1, 1)
    assert room.counted
    room.store.people.choose(ada, Presence.PAUSED, second(room.now))
    room.see(6, 1)
    wait_until(lambda: room.naming._away.get(ada))
    room.see(1, 1)
    assert room.counted == []


def test_who_paused_cannot_be_named(room: Room) -> None:
    room.store.people.choose(seat(room.store, room.lesson), Presence.PAUSED, second(0))
    room.see(5, 1)
    with pytest.raises(LessonError, match="Ada does not want to be measured"):
        room.name(1, "Ada")
    assert room.names() == {1: None}


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda room: room.name(9, "Ada"), UnknownFace),
        (lambda room: room.unname(1), UnknownFace),
        (lambda room: room.name(1, " "), InvalidName),
        (lambda room: room.name(1, "face 2"), InvalidName),
    ],
)
def test_what_cannot_be_says_so_and_changes_nothing(
    room: Room, act: Callable[[Room], object], error: type[Exception]
) -> None:
    room.see(5, 1, 2)
    with pytest.raises(error):
        act(room)
    room.see(1, 1, 2)
    assert (room.names(), len(room.counted)) == ({1: None, 2: None}, 2)


def test_two_cameras_and_a_closed_one_do_not_mix(room: Room) -> None:
    room.see(5, 1)
    room.naming.open("other", room.lesson.id)
    assert room.naming.faces("other") == ()
    assert set(room.naming.streams(room.lesson.id)) == {"room", "other"}
    room.naming.close("room")
    room.naming.close("room")
    assert room.naming.faces("room") == ()
    assert room.naming.attribute(room._frame([1])) == []
    with pytest.raises(UnknownFace):
        room.name(1, "Ada")


def test_a_database_that_is_away_delays_a_number_only(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    add = type(room.store.faces).add
    tried: list[int] = []

    def fails(*args: object) -> Student:
        tried.append(1)
        raise StoreError("away")

    monkeypatch.setattr(type(room.store.faces), "add", fails)
    room.see(4, 1, settle=False)
    wait_until(lambda: tried)
    monkeypatch.setattr(type(room.store.faces), "add", add)
    room.see(6, 1, settle=False)
    wait_until(lambda: room.students() == {"Face 1": False})
