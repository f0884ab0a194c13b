"""Whoever may not be measured is not, before a room's camera as elsewhere: nothing of them is kept or counted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain import Frame, Lesson, Presence, View
from monitor.errors import GuardianNeeded, LessonError, NotAgreed
from monitor.live import naming
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import Store, open_store
from monitor.vision.classification import Classifier
from monitor.vision.detection import open_detector
from tests.faces import noisy
from tests.lesson import NINE, seat, second, start
from tests.live.test_naming_a_face import Room
from tests.videos import TWO
from tests.waiting import wait_until


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    yield store
    store.close()


@pytest.fixture
def lesson(kept: Store) -> Lesson:
    """Of a class in which nobody has to ask a guardian."""
    seven = kept.classes.create("7b", NINE)
    kept.classes.add_members(seven.id, ["Ada", "Ben"])
    return kept.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=seven.id)


@pytest.fixture
def room(kept: Store, lesson: Lesson) -> Iterator[Room]:
    made = Room(kept, lesson)
    yield made
    made.naming.stop()


def guardians_are_asked(room: Room, *of: str) -> None:
    """From now on; those of these students have agreed."""
    assert room.lesson.class_id is not None
    room.store.consents.need_guardian(room.lesson.class_id, True)
    for member in room.store.classes.members(room.lesson.class_id):
        if member.name in of:
            room.store.consents.guardian_agreed(member.id, "mother, by letter", NINE)


def kept_of(room: Room) -> int:
    return len(room.store.samples.read(room.lesson.id))


@pytest.mark.parametrize("why", [Presence.PAUSED, Presence.LEFT, "no guardian"])
def test_a_face_that_is_named_as_somebody_who_does_not_agree_is_measured_no_more(
    room: Room, why: Presence | str
) -> None:
    if isinstance(why, Presence):
        room.store.people.choose(seat(room.store, room.lesson), why, second(0))
    room.see(8, 1)
    assert kept_of(room) > 0
    if not isinstance(why, Presence):
        guardians_are_asked(room)
    with pytest.raises(LessonError) as told:
        room.name(1, "Ada")
    assert isinstance(told.value, NotAgreed if isinstance(why, Presence) else GuardianNeeded)
    assert kept_of(room) == 0
    assert [face.left_out for face in room.naming.faces("room")] == [True]
    room.see(8, 1, settle=False)
    assert (room.counted, kept_of(room)) == ([], 0)
    assert not any(name.startswith("Face") for name in room.students())


def test_a_face_can_be_left_out_without_saying_whose_it_is(room: Room) -> None:
    room.see(8, 1, 2)
    room.naming.leave_out("room", 1, room.flush)
    room.see(4, 1, 2, settle=False)
    assert {reading.track for _student, reading in room.counted} == {2}
    assert room.students() == {"Face 2": False}
    assert room.seconds_of("Face 2") > 5


def test_a_face_that_was_left_out_counts_again_under_a_name(room: Room) -> None:
    room.see(5, 1)
    room.naming.leave_out("room", 1, room.flush)
    room.see(5, 1, settle=False)
    room.name(1, "Ada")
    room.see(5, 1)
    assert (room.names(), room.students()) == ({1: "Ada"}, {"Ada": True})
    assert 3 <= room.seconds_of("Ada") <= 5


def test_of_a_named_student_only_what_this_face_brought_is_deleted(room: Room) -> None:
    room.see(6, 1)
    room.name(1, "Ada")
    room.see(8)
    before = room.seconds_of("Ada")
    room.see(6, 2)
    room.name(2, "Ada")
    room.naming.leave_out("room", 2, room.flush)
    assert room.seconds_of("Ada") <= before + 1
    assert room.students() == {"Ada": True}


def test_who_pauses_is_not_measured_from_that_moment_on(room: Room) -> None:
    """Not only when the store is asked again, which is some seconds later."""
    ada = seat(room.store, room.lesson)
    room.see(5, 1)
    room.name(1, "Ada")
    room.store.people.choose(ada, Presence.PAUSED, second(room.now))
    room.naming.look_away(ada)
    room.see(1, 1)
    assert room.counted == []


def test_a_guardian_who_takes_it_back_ends_it(room: Room) -> None:
    guardians_are_asked(room, "Ada")
    room.see(5, 1, settle=False)
    ada = room.name(1, "Ada")
    room.see(2, 1)
    assert [student for student, _reading in room.counted] == [ada.id]
    assert ada.member_id is not None
    room.store.consents.guardian_withdrew(ada.member_id, second(room.now))
    room.see(6, 1)
    wait_until(lambda: room.naming._away.get(ada.id))
    room.see(1, 1)
    assert room.counted == []


def test_where_guardians_are_asked_a_face_counts_only_under_a_name(room: Room) -> None:
    guardians_are_asked(room, "Ada")
    room.see(12, 1, settle=False)
    wait_until(lambda: room.naming._clerk is None or room.naming._clerk._work_queue.empty())
    assert (room.students(), kept_of(room)) == ({}, 0)
    room.name(1, "Ada")
    room.see(3, 1)
    assert room.seconds_of("Ada") > 0


def test_a_lesson_of_no_class_asks_no_guardian(kept: Store) -> None:
    lesson = start(kept)
    seat(kept, lesson)
    assert not kept.consents.needed_in(lesson.id)
    assert kept.consents.lacking(lesson.id) == frozenset()


@pytest.fixture
def live(kept: Store, lesson: Lesson, classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    """The whole way from a room's pictures to the database, with two students before the camera."""
    monkeypatch.setattr(naming, "NEW_FACE_S", 0.5)
    pipeline = Pipeline(open_detector("haar", Path("none")), classifier, 0.3)
    room = Classroom(pipeline, Recorder(kept, 1000), Naming(kept))
    room.start()
    room.open_room("room", lesson.id)
    yield room
    room.stop()


def test_on_the_whole_way_nothing_is_kept_of_who_refused(kept: Store, lesson: Lesson, live: Classroom) -> None:
    guardians = kept.classes.members(lesson.class_id or 0)
    films = (noisy(TWO, number) for number in itertools.cycle(range(7)))

    def shown_until(holds: Callable[[], object]) -> None:
        def look() -> object:
            live.submit(Frame("room", next(films), datetime.now(UTC), View.ROOM))
            return holds()

        wait_until(look, 20)

    shown_until(lambda: len([one for one in live.faces("room") if one.student]) == 2)
    one, other = (face.number for face in live.faces("room"))
    seat(kept, lesson, "Ada")
    kept.people.choose(kept.people.students(lesson.id)[-1].id, Presence.LEFT, datetime.now(UTC))
    assert {member.name for member in guardians} == {"Ada", "Ben"}
    with pytest.raises(NotAgreed, match="Ada does not want to be measured"):
        live.name("room", one, "Ada")
    ben = live.name("room", other, "Ben")
    before = kept.samples.count(ben.id)
    shown_until(lambda: kept.samples.count(ben.id) >= before + 3)
    assert set(kept.samples.read(lesson.id)["student_id"]) == {ben.id}
