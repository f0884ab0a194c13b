from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain import Presence, Shown
from monitor.errors import GuardianNeeded, InvalidName
from monitor.people.consent import Giver, filled
from monitor.store.store import Store
from tests.lesson import NINE, second, start


def test_a_consent_bears_the_version_and_the_time_and_every_one_is_kept(store: Store) -> None:
    lesson = start(store)
    student = store.people.join(lesson.id, "Ada", NINE, "2026-3 en").student.id
    store.people.choose(student, Presence.PAUSED, second(10))
    store.people.choose(student, Presence.LEFT, second(20))
    store.people.join(lesson.id, "Ada", second(30), "school-1 de")
    found = store.consents.of_student(student)
    assert [(one.giver, one.notice, one.given_at, one.withdrawn_at) for one in found] == [
        (Giver.STUDENT, "2026-3 en", NINE, second(20)),
        (Giver.STUDENT, "school-1 de", second(30), None),
    ]
    assert [one.stands for one in found] == [False, True]


def test_with_the_student_the_consents_go(store: Store) -> None:
    student = store.people.join(start(store).id, "Ada", NINE, "2026-3 en").student.id
    store.people.delete(student)
    assert store.consents.of_student(student) == ()


def test_consents_of_two_who_are_one_are_those_of_the_one(store: Store) -> None:
    lesson = start(store)
    ada, same = (store.people.join(lesson.id, name, NINE, f"2026-3 {name}").student.id for name in ("en", "de"))
    store.people.merge(ada, same)
    assert [one.notice for one in store.consents.of_student(ada)] == ["2026-3 en", "2026-3 de"]


def test_where_a_guardian_is_needed_nobody_joins_before_one_agreed(store: Store) -> None:
    class_id = store.classes.create("7b", NINE).id
    ada, ben = store.classes.add_members(class_id, ["Ada", "Ben"])
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=class_id)
    store.people.invite_roster(lesson.id, NINE)
    store.consents.need_guardian(class_id, True)
    store.consents.guardian_agreed(ada.id, " mother,  by letter ", NINE)
    assert store.people.join(lesson.id, "Ada", NINE, "2026-3 en").student.presence is Presence.HERE
    for name in ("Ben", "a guest"):
        with pytest.raises(GuardianNeeded, match="welcome in the lesson all the same"):
            store.people.join(lesson.id, name, NINE, "2026-3 en")
    with pytest.raises(GuardianNeeded):
        store.faces.name(lesson.id, "Ben", NINE)
    waiting = [one.name for one in store.people.students(lesson.id) if one.presence is Presence.INVITED]
    assert waiting == ["Ben"]
    assert {key: one.said for key, one in store.consents.guardians(class_id).items()} == {ada.id: "mother, by letter"}
    store.consents.need_guardian(class_id, False)
    store.people.join(lesson.id, "Ben", NINE, "2026-3 en")
    assert ben.id not in store.consents.guardians(class_id)


def test_what_a_guardian_takes_back_stays_on_record(store: Store) -> None:
    class_id = store.classes.create("7b", NINE).id
    (ada,) = store.classes.add_members(class_id, ["Ada"])
    store.consents.guardian_agreed(ada.id, "father, on the phone", NINE)
    store.consents.guardian_withdrew(ada.id, second(60))
    assert store.consents.guardians(class_id) == {}
    (found,) = store.consents.of_member(ada.id)
    assert (found.said, found.withdrawn_at) == ("father, on the phone", second(60))
    with pytest.raises(InvalidName, match="who agreed"):
        store.consents.guardian_agreed(ada.id, "  ", NINE)


def test_who_would_rather_not_is_a_number_and_nothing_else(store: Store) -> None:
    lesson = start(store)
    for one in (1, 1, -1, -1, -1, 1):
        store.consents.refuse(lesson.id, one)
    assert store.consents.refused(lesson.id) == 1
    assert store.people.students(lesson.id) == ()


def test_editing_the_notice_makes_a_new_version_and_keeps_the_old(store: Store) -> None:
    first = store.consents.write_notice({"en": " We measure {lesson}. ", "de": ""}, NINE)
    store.consents.write_notice({"en": "Newer", "de": "Neuer"}, NINE + timedelta(days=1))
    newest, oldest = store.consents.notices()
    assert (newest.number, newest.texts) == (2, {"de": "Neuer", "en": "Newer"})
    assert oldest == first
    assert oldest.in_language("de") == "We measure {lesson}."
    assert filled(oldest.in_language("en"), "{days} of Fractions", 30) == "We measure 30 of Fractions."
    for texts in ({}, {"en": "  "}, {"en": "x" * 10_001}):
        with pytest.raises(InvalidName, match="1 to 10000"):
            store.consents.write_notice(texts, NINE)


def test_lessons_without_names_are_in_no_column_of_a_roster(store: Store) -> None:
    class_id = store.classes.create("7b", NINE).id
    store.classes.add_members(class_id, ["Ada"])
    for shown in Shown:
        lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=class_id, shown=shown)
        store.people.join(lesson.id, "Ada", NINE, "2026-3 en")
        store.people.join(lesson.id, "a guest", NINE, "2026-3 en")
    assert [(one.member.name, one.lessons) for one in store.members.figures(class_id)] == [("Ada", 1)]
    assert [(one.name, one.lessons) for one in store.members.guests(class_id)] == [("a guest", 1)]
