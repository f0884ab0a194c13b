"""Classes and their students from one lesson to the next: kept, renamed, gone and back, two who are one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from monitor.domain import Lesson, Presence
from monitor.errors import InvalidName, LessonError, NoGuests, UnknownClass
from monitor.store.members import Guest
from monitor.store.store import Store
from monitor.teaching import SchoolClass
from tests.lesson import HAPPY, NINE, SAD, sample, seat, second


@pytest.fixture
def own(store: Store) -> SchoolClass:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ada", "Ben", "Cem"])
    return own


def lesson_of(store: Store, own: SchoolClass, week: int = 0, guests: bool = True) -> Lesson:
    at = NINE + timedelta(weeks=week)
    lesson = store.lessons.start("Fractions", at, "tiny", "YuNet", class_id=own.id, guests=guests)
    store.people.invite_roster(lesson.id, at)
    return lesson


def member(store: Store, own: SchoolClass, name: str) -> int:
    return next(one.id for one in store.classes.members(own.id, archived=True) if one.name == name)


def names(store: Store, lesson: Lesson) -> list[str]:
    return [one.name for one in store.people.students(lesson.id)]


def test_the_roster_is_invited_and_each_place_knows_whose_it_is(store: Store, own: SchoolClass) -> None:
    store.members.leave([member(store, own, "Cem")], NINE)
    lesson = lesson_of(store, own)
    store.people.invite_roster(lesson.id, NINE)
    places = store.people.students(lesson.id)
    assert [(one.name, one.presence) for one in places] == [("Ada", Presence.INVITED), ("Ben", Presence.INVITED)]
    assert [one.member_id for one in places] == [member(store, own, "Ada"), member(store, own, "Ben")]
    assert store.lessons.get(lesson.id) == lesson
    assert (lesson.class_id, lesson.guests) == (own.id, True)


def test_a_name_that_is_on_the_roster_is_that_student(store: Store, own: SchoolClass) -> None:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    ada, dana = store.people.invite(lesson.id, [" ADA", "Dana"], NINE)
    assert (ada.name, ada.member_id) == ("Ada", member(store, own, "Ada"))
    assert (dana.name, dana.member_id) == ("Dana", None)


def test_no_student_of_the_roster_has_two_places_in_a_lesson(store: Store, own: SchoolClass) -> None:
    """A guest was called Dana when Ada got this name, so that her place is still Ada's."""
    lesson = lesson_of(store, own)
    guest = store.people.join(lesson.id, "Dana", NINE, "2026-1").student
    store.members.rename(member(store, own, "Ada"), "Dana")
    store.people.delete(guest.id)
    (dana,) = store.people.invite(lesson.id, ["Dana"], NINE)
    assert dana.member_id is None
    assert names(store, lesson) == ["Ada", "Ben", "Cem", "Dana"]


def test_a_lesson_of_no_class_invites_nobody(store: Store, own: SchoolClass) -> None:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet")
    store.people.invite_roster(lesson.id, NINE)
    assert store.people.students(lesson.id) == ()


def test_a_guest_joins_where_guests_may_and_is_on_no_roster(store: Store, own: SchoolClass) -> None:
    lesson = lesson_of(store, own)
    guest = store.people.join(lesson.id, "Dana", NINE, "2026-1").student
    assert guest.member_id is None
    assert store.members.guests(own.id) == (Guest("Dana", 1),)


def test_without_guests_only_a_name_of_the_list_gets_in(store: Store, own: SchoolClass) -> None:
    lesson = lesson_of(store, own, guests=False)
    with pytest.raises(NoGuests, match=r"“Dana” is not on the list.*ask your teacher"):
        store.people.join(lesson.id, "Dana", NINE, "2026-1")
    assert names(store, lesson) == ["Ada", "Ben", "Cem"]
    assert store.people.join(lesson.id, " ADA ", NINE, "2026-1").student.name == "Ada"
    store.lessons.let_guests(lesson.id, guests=True)
    assert store.people.join(lesson.id, "Dana", NINE, "2026-1").student.name == "Dana"
    store.lessons.let_guests(lesson.id, guests=False)
    assert store.people.join(lesson.id, "Dana", NINE, "2026-1", take_over=True).student.name == "Dana"


def test_a_pasted_list_can_be_all_who_may_join(store: Store) -> None:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", guests=False)
    store.people.invite(lesson.id, ["Ada"], NINE)
    assert seat(store, lesson, "ada")
    with pytest.raises(NoGuests, match="Ben"):
        seat(store, lesson, "Ben")


def test_who_deleted_all_or_came_to_the_class_since_is_still_on_the_list(store: Store, own: SchoolClass) -> None:
    lesson = lesson_of(store, own, guests=False)
    store.people.delete(seat(store, lesson, "Ada"))
    store.classes.add_members(own.id, ["Dana"])
    assert names(store, lesson) == ["Ben", "Cem"]
    assert store.people.listed(lesson.id) == ("Ben", "Cem", "Ada", "Dana")
    for name in ("Ada", "Dana"):
        assert store.people.join(lesson.id, name, NINE, "2026-1").student.member_id == member(store, own, name)
    store.members.leave([member(store, own, "Dana")], NINE)
    assert "Dana" in store.people.listed(lesson.id)


def test_who_left_the_class_is_a_stranger_to_its_next_lesson(store: Store, own: SchoolClass) -> None:
    store.members.leave([member(store, own, "Cem")], NINE)
    lesson = lesson_of(store, own, guests=False)
    with pytest.raises(NoGuests):
        seat(store, lesson, "Cem")
    store.members.come_back([member(store, own, "Cem")])
    assert seat(store, lesson, "Cem")


def test_adding_who_had_left_brings_the_student_back(store: Store, own: SchoolClass) -> None:
    cem = member(store, own, "Cem")
    store.members.leave([cem], NINE)
    added = store.classes.add_members(own.id, ["cem", "Ada", "Dana"])
    assert [one.name for one in added] == ["Dana", "Cem"]
    assert [one.id for one in store.classes.members(own.id) if one.name == "Cem"] == [cem]


def test_a_new_name_holds_in_the_lessons_too(store: Store, own: SchoolClass) -> None:
    first, second_one = lesson_of(store, own), lesson_of(store, own, 1)
    seat(store, second_one, "Adah")
    assert store.members.rename(member(store, own, "Ada"), " Adah ").name == "Adah"
    assert names(store, first) == ["Adah", "Ben", "Cem"]
    # A guest has that name there, and a lesson has no name twice.
    assert names(store, second_one) == ["Ada", "Ben", "Cem", "Adah"]


def test_a_name_of_another_on_the_roster_is_refused(store: Store, own: SchoolClass) -> None:
    with pytest.raises(InvalidName, match="“BEN” is on this roster already"):
        store.members.rename(member(store, own, "Ada"), "BEN")
    with pytest.raises(InvalidName, match="A name is needed"):
        store.members.rename(member(store, own, "Ada"), "  ")
    assert [one.name for one in store.classes.members(own.id)] == ["Ada", "Ben", "Cem"]
    assert store.members.rename(member(store, own, "Ada"), "ADA").name == "ADA"


def test_two_who_are_one_have_all_lessons_under_one_name(store: Store, own: SchoolClass) -> None:
    both, only_ben = lesson_of(store, own), lesson_of(store, own, 1)
    ada, ben = seat(store, both, "Ada"), seat(store, both, "Ben")
    later = seat(store, only_ben, "Ben")
    store.people.delete(next(one.id for one in store.people.students(only_ben.id) if one.name == "Ada"))
    store.samples.add([sample(ada, 1, None), sample(ada, 2, HAPPY), sample(ben, 1, SAD), sample(ben, 2, SAD)])
    store.samples.add([sample(ben, 3, SAD), sample(later, 9, SAD)])
    assert store.members.merge(member(store, own, "Ada"), member(store, own, "Ben")).name == "Ada"
    assert [one.name for one in store.classes.members(own.id, archived=True)] == ["Ada", "Cem"]
    assert (names(store, both), names(store, only_ben)) == (["Ada", "Cem"], ["Ada", "Cem"])
    table = store.samples.read(both.id)
    assert table["student_id"].tolist() == [ada] * 3
    assert table["happy"].tolist() == [500, 6000, 500]
    assert store.samples.read(only_ben.id)["student_id"].tolist() == [later]
    assert {one.member_id for one in store.people.students(only_ben.id)} == {
        member(store, own, "Ada"),
        member(store, own, "Cem"),
    }


def test_the_device_of_who_is_merged_goes_on(store: Store, own: SchoolClass) -> None:
    lesson = lesson_of(store, own)
    held = store.people.join(lesson.id, "Ben", second(5), "2026-1")
    store.members.merge(member(store, own, "Ada"), member(store, own, "Ben"))
    student = store.people.seated(held.secret)
    assert student is not None
    assert (student.name, student.presence, student.presence_at) == ("Ada", Presence.HERE, second(5))


def test_only_two_of_one_class_are_merged(store: Store, own: SchoolClass) -> None:
    other = store.classes.create("8a", NINE)
    (stranger,) = store.classes.add_members(other.id, ["Ada"])
    for gone in (stranger.id, member(store, own, "Ada")):
        with pytest.raises(LessonError, match="of one class"):
            store.members.merge(member(store, own, "Ada"), gone)
    with pytest.raises(LessonError, match="was deleted"):
        store.members.merge(member(store, own, "Ada"), 999)


def test_merging_asks_the_database_no_more_the_more_lessons_there_are(store: Store, own: SchoolClass) -> None:
    def statements(lessons: int) -> int:
        store.classes.add_members(own.id, ["Twin"])
        for week in range(lessons):
            lesson = lesson_of(store, own, week)
            store.samples.add([sample(seat(store, lesson, name), 1) for name in ("Ada", "Twin")])
        heard: list[str] = []

        def hear(*told: object) -> None:
            heard.append(str(told[2]))

        event.listen(store.engine, "before_cursor_execute", hear)
        store.members.merge(member(store, own, "Ada"), member(store, own, "Twin"))
        event.remove(store.engine, "before_cursor_execute", hear)
        return len(heard)

    assert statements(1) == statements(12)


def test_a_guest_is_recognised_in_all_lessons_of_the_class_only(store: Store, own: SchoolClass) -> None:
    one, other = lesson_of(store, own), lesson_of(store, own, 1)
    alone = store.lessons.start("Poems", NINE, "tiny", "YuNet")
    for lesson, name in ((one, "Adi"), (other, "adi"), (alone, "Adi")):
        store.samples.add([sample(seat(store, lesson, name), 1)])
    assert store.members.guests(own.id) == (Guest("Adi", 2),)
    store.members.recognise(member(store, own, "Ada"), "Adi")
    assert store.members.guests(own.id) == ()
    for lesson in (one, other):
        assert names(store, lesson) == ["Ada", "Ben", "Cem"]
        assert len(store.samples.read(lesson.id)) == 1
    assert names(store, alone) == ["Adi"]


def test_figures_of_classes_and_of_students(store: Store, own: SchoolClass) -> None:
    store.classes.create("8a", NINE)
    store.members.leave([member(store, own, "Cem")], NINE)
    seat(store, lesson_of(store, own), "Ada")
    last = lesson_of(store, own, 2)
    seat(store, last, "Ada")
    found = [(one.school_class.name, one.students, one.lessons, one.last_lesson_at) for one in store.classes.figures()]
    assert found == [("7b", 2, 2, last.started_at), ("8a", 0, 0, None)]
    told = [(one.member.name, one.member.archived, one.lessons) for one in store.members.figures(own.id)]
    assert told == [("Ada", False, 2), ("Ben", False, 0), ("Cem", True, 0)]
    assert store.members.figures(own.id)[0].last_lesson_at == last.started_at
    assert store.people.count_by_lesson()[last.id] == 2


def test_a_class_is_renamed_archived_restored_and_deleted(store: Store, own: SchoolClass) -> None:
    store.classes.create("8a", NINE)
    assert store.classes.rename(own.id, " 7c ").name == "7c"
    with pytest.raises(InvalidName, match="“8A” already"):
        store.classes.rename(own.id, "8A")
    assert not store.classes.let_guests(own.id, guests=False).guests
    assert store.classes.archive(own.id, NINE).archived
    assert [one.name for one in store.classes.all()] == ["8a"]
    assert not store.classes.restore(own.id).archived
    lesson = lesson_of(store, own)
    store.classes.delete(own.id)
    with pytest.raises(UnknownClass):
        store.classes.rename(own.id, "9a")
    assert store.lessons.get(lesson.id).class_id is None
    assert [one.member_id for one in store.people.students(lesson.id)] == [None] * 3


def test_a_deleted_student_is_forgotten_in_all_lessons(store: Store, own: SchoolClass) -> None:
    lesson = lesson_of(store, own)
    ada = seat(store, lesson, "Ada")
    store.samples.add([sample(ada, 1)])
    store.members.delete(member(store, own, "Ada"))
    assert names(store, lesson) == ["Ben", "Cem"]
    assert store.samples.count(ada) == 0
    assert [one.name for one in store.classes.members(own.id, archived=True)] == ["Ben", "Cem"]
