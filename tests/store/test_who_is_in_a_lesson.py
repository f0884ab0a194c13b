from __future__ import annotations

import threading
from pathlib import Path

import pytest

from monitor.domain import Presence
from monitor.errors import InvalidName, LessonError, NameInUse, UnknownCode
from monitor.store.people import Seat, stream_of
from monitor.store.store import Store, open_store
from tests.lesson import NINE, sample, second, start


def join(store: Store, lesson_id: int, name: str = "Ada", at: float = 0, take_over: bool = False) -> Seat:
    return store.people.join(lesson_id, name, second(at), "2026-1", take_over)


def test_invited_students_wait_in_the_order_of_the_list(store: Store) -> None:
    lesson = start(store)
    store.people.invite(lesson.id, [" Ben ", "Ada", "Cem  Y"], NINE)
    students = store.people.students(lesson.id)
    assert [one.name for one in students] == ["Ben", "Ada", "Cem Y"]
    assert {one.presence for one in students} == {Presence.INVITED}


def test_a_name_twice_on_the_list_is_one_student(store: Store) -> None:
    lesson = start(store)
    store.people.invite(lesson.id, ["Ada", "ADA "], NINE)
    assert store.people.invite(lesson.id, ["ada", "Ben"], NINE) == store.people.students(lesson.id)[1:]
    assert len(store.people.students(lesson.id)) == 2


@pytest.mark.parametrize("name", ["", " \t\n", "x" * 61, "Ada\x00", "A\u200bda", "Ada\u202egnp"])
def test_a_name_that_cannot_be_shown_is_refused(store: Store, name: str) -> None:
    lesson = start(store)
    with pytest.raises(InvalidName, match="name"):
        join(store, lesson.id, name)
    with pytest.raises(InvalidName, match="name"):
        store.people.invite(lesson.id, ["Ben", name], NINE)
    assert store.people.students(lesson.id) == ()


@pytest.mark.parametrize("name", ["x" * 60, "Zoë", "Ōe 健三郎", "O'Neil <b>", "=cmd()", "ẞ" * 60, "ΐ" * 60])
def test_a_name_is_kept_as_it_was_written(store: Store, name: str) -> None:
    lesson = start(store)
    join(store, lesson.id, name)
    assert [one.name for one in store.people.students(lesson.id)] == [name]


def test_an_invited_student_takes_the_waiting_seat(store: Store) -> None:
    lesson = start(store)
    (waiting,) = store.people.invite(lesson.id, ["Ada"], NINE)
    seat = join(store, lesson.id, "ada", at=5)
    assert (seat.student.id, seat.student.name) == (waiting.id, "Ada")
    assert (seat.student.presence, seat.student.presence_at) == (Presence.HERE, second(5))
    assert store.people.seated(seat.secret) == seat.student


@pytest.mark.parametrize(("first", "again"), [("Ada", " aDA "), ("Zoe\u0308", "Zo\u00eb"), ("Strauß", "STRAUSS")])
def test_one_name_in_another_writing_is_in_use(store: Store, first: str, again: str) -> None:
    lesson = start(store)
    join(store, lesson.id, first)
    with pytest.raises(NameInUse, match="on another device"):
        join(store, lesson.id, again)


def test_taking_over_ends_the_old_device_and_keeps_the_student(store: Store) -> None:
    lesson = start(store)
    old = join(store, lesson.id)
    new = join(store, lesson.id, take_over=True)
    assert new.student.id == old.student.id
    assert store.people.seated(old.secret) is None
    assert store.people.seated(new.secret) == new.student


def test_a_guessed_secret_has_no_seat(store: Store) -> None:
    join(store, start(store).id)
    assert store.people.seated("") is None
    assert store.people.seated("guess") is None


def test_a_paused_name_stays_in_use(store: Store) -> None:
    lesson = start(store)
    seat = join(store, lesson.id)
    paused = store.people.choose(seat.student.id, Presence.PAUSED, second(9))
    assert (paused.presence, paused.presence_at) == (Presence.PAUSED, second(9))
    assert store.people.seated(seat.secret) == paused
    with pytest.raises(NameInUse):
        join(store, lesson.id)


def test_choosing_the_same_again_keeps_since_when(store: Store) -> None:
    seat = join(store, start(store).id)
    store.people.choose(seat.student.id, Presence.PAUSED, second(9))
    assert store.people.choose(seat.student.id, Presence.PAUSED, second(20)).presence_at == second(9)


def test_who_left_can_come_back_under_the_name(store: Store) -> None:
    lesson = start(store)
    seat = join(store, lesson.id)
    store.people.choose(seat.student.id, Presence.LEFT, second(9))
    assert join(store, lesson.id, at=20).student.id == seat.student.id


def test_one_name_in_two_lessons_is_two_students(store: Store) -> None:
    one, other = start(store), start(store)
    assert join(store, one.id).student.id != join(store, other.id).student.id


def test_a_deleted_student_is_forgotten_with_all_samples(store: Store) -> None:
    lesson = start(store)
    seat, ben = join(store, lesson.id), join(store, lesson.id, "Ben")
    store.samples.add([sample(seat.student.id, 1), sample(ben.student.id, 1)])
    store.people.delete(seat.student.id)
    store.people.delete(seat.student.id)
    assert store.people.seated(seat.secret) is None
    assert store.samples.count(seat.student.id) == 0
    assert store.samples.count(ben.student.id) == 1
    with pytest.raises(LessonError, match="was deleted"):
        store.people.choose(seat.student.id, Presence.HERE, second(2))


def test_a_deleted_lesson_takes_nobody_in(store: Store) -> None:
    lesson = start(store)
    store.lessons.delete(lesson.id)
    with pytest.raises(UnknownCode, match="may have been deleted"):
        join(store, lesson.id)
    with pytest.raises(UnknownCode, match="may have been deleted"):
        store.people.invite(lesson.id, ["Ada"], NINE)


@pytest.mark.parametrize("invited", [True, False])
def test_of_devices_that_take_a_name_at_the_same_moment_one_gets_it(tmp_path: Path, invited: bool) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    lesson = start(store)
    if invited:
        store.people.invite(lesson.id, ["Ada"], NINE)
    together, got, refused = threading.Barrier(6), list[Seat](), list[NameInUse]()

    def device() -> None:
        together.wait()
        try:
            got.append(join(store, lesson.id))
        except NameInUse as error:
            refused.append(error)

    devices = [threading.Thread(target=device) for _ in range(6)]
    for one in devices:
        one.start()
    for one in devices:
        one.join()
    assert (len(got), len(refused)) == (1, 5)
    assert store.people.seated(got[0].secret) is not None
    store.close()


def test_only_the_device_of_who_is_here_in_a_lesson_that_runs_is_measured(store: Store) -> None:
    lesson = start(store)
    seats = [store.people.join(lesson.id, name, NINE, "2026-1") for name in ("Ada", "Ben", "Cem", "Dana", "Eva")]
    ada, ben, cem, dana, eva = (one.student.id for one in seats)
    everybody = {ada, ben, cem, dana, eva}
    store.people.invite(lesson.id, ["Finn"], NINE)
    assert store.people.measured_streams(everybody) == {stream_of(one.student.id, one.secret) for one in seats}
    store.people.choose(ben, Presence.PAUSED, NINE)
    store.people.choose(cem, Presence.LEFT, NINE)
    store.people.delete(dana)
    taken = store.people.join(lesson.id, "Eva", NINE, "2026-1", take_over=True)
    left = {stream_of(ada, seats[0].secret), stream_of(eva, taken.secret)}
    assert store.people.measured_streams(everybody) == left
    assert store.people.measured_streams({ada}) == {stream_of(ada, seats[0].secret)}
    store.lessons.end(lesson.id, NINE)
    assert store.people.measured_streams(everybody) == frozenset()
