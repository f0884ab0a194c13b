"""Consent on a student's page, and what a teacher sees of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app import resources
from monitor.domain import Lesson, Presence
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.app.test_joining_a_lesson import join
from tests.lesson import sample, start


@pytest.fixture
def lesson(store: Store) -> Lesson:
    lesson = start(store, at=datetime.now(UTC))
    store.people.invite(lesson.id, ["Ada", "Ben"], lesson.started_at)
    return lesson


def test_who_agrees_is_kept_with_the_version_that_was_read(visit: Visit, store: Store, lesson: Lesson) -> None:
    join(visit(join=lesson.code), picked="Ada")
    store.consents.write_notice({"en": "In **{lesson}** we keep numbers for {days} days."}, datetime.now(UTC))
    resources.notices.clear()
    page = visit(join=lesson.code)
    assert "In **Fractions** we keep numbers for 30 days." in text(page)
    assert "Seen by your teacher" in text(page)
    join(page, picked="Ben")
    ada, ben = store.people.students(lesson.id)
    assert [one.notice for one in store.consents.of_student(ada.id)] == ["2026-3 en"]
    assert [one.notice for one in store.consents.of_student(ben.id)] == ["school-1 en"]
    assert [one.deed.action for one in store.audit.newest()] == [Action.CONSENT] * 2


def test_leaving_takes_the_consent_back_and_offers_to_delete(visit: Visit, store: Store, lesson: Lesson) -> None:
    page = join(visit(join=lesson.code), picked="Ada")
    ada = store.people.students(lesson.id)[0].id
    store.samples.add([sample(ada, number) for number in range(7)])
    press(page, "Leave")
    assert not store.consents.of_student(ada)[0].stands
    resources.seconds_kept.clear()
    resources.consents.clear()
    page.run()
    assert "7 seconds" in text(page)
    assert "You took that back" in text(page)
    press(press(page, "Delete what was kept of me"), "Delete for good")
    assert calm(page)
    assert [one.name for one in store.people.students(lesson.id)] == ["Ben"]
    assert [one.deed.action for one in store.audit.newest()] == [Action.DELETE, Action.WITHDRAW, Action.CONSENT]


def test_after_the_lesson_a_student_still_sees_and_takes_along_the_own_record(visit: Visit, store: Store) -> None:
    lesson = start(store, at=datetime.now(UTC))
    seat = store.people.join(lesson.id, "Ada", datetime.now(UTC), "2026-3 en")
    store.samples.add([sample(seat.student.id, 0)])
    store.lessons.end(lesson.id, datetime.now(UTC))
    page = visit(join=lesson.code, seat=seat.secret)
    assert "is over" in text(page)
    files: list[Any] = list(page.get("download_button"))
    assert [one.label for one in files] == ["My data as JSON", "My data as CSV"]
    press(press(page, "Delete what was kept of me"), "Delete for good")
    assert store.people.students(lesson.id) == ()


def test_refusing_is_a_number_that_is_told_from_five_on(visit: Visit, store: Store, lesson: Lesson) -> None:
    for count in range(1, 6):
        page = press(visit(join=lesson.code), "I would rather not")
        assert "nothing of you is measured" in text(page)
        assert store.consents.refused(lesson.id) == count
        resources.unmeasured.clear()
        assert ("5 not measured by their choice" in text(visit("live"))) is (count == 5)
    visit(join=lesson.code, rather_not="1")
    assert store.consents.refused(lesson.id) == 5
    press(page, "I have changed my mind")
    assert store.consents.refused(lesson.id) == 4
    assert "I have read this and take part" in labels(page)
    assert [one.presence for one in store.people.students(lesson.id)] == [Presence.INVITED] * 2


def test_who_has_not_joined_is_on_no_list_of_the_teacher(visit: Visit, store: Store, lesson: Lesson) -> None:
    ada = store.people.join(lesson.id, "Ada", datetime.now(UTC), "2026-3 en").student.id
    store.samples.add([sample(ada, 0)])
    page = visit("live")
    assert "1 of 2 joined" in text(page)
    assert "Ben" not in text(page)
    page = visit("report", lesson=str(lesson.id))
    assert all("Ben" not in frame.value.to_csv() for frame in page.dataframe)


def test_without_a_guardians_consent_a_kind_sentence_stands_in_place_of_the_camera(visit: Visit, store: Store) -> None:
    class_id = store.classes.create("7b", datetime.now(UTC)).id
    store.classes.add_members(class_id, ["Ada"])
    page = visit("classes", **{"class": str(class_id)})
    (toggle,) = [one for one in page.toggle if one.label == "Needed in this class"]
    assert calm(toggle.set_value(True).run())
    lesson = store.lessons.start("Fractions", datetime.now(UTC), "tiny", "YuNet", class_id=class_id)
    store.people.invite_roster(lesson.id, datetime.now(UTC))
    student = join(visit(join=lesson.code), picked="Ada")
    assert "You are welcome in the lesson all the same" in text(student)
    (who,) = [one for one in page.multiselect if one.label == "Whose guardian agreed?"]
    who.set_value([store.classes.members(class_id)[0].id]).run()
    (said,) = [one for one in page.text_input if one.label == "Who said so, and how"]
    said.set_value("mother, by letter").run()
    assert calm(press(page, "Note it, with today's date"))
    assert "mother" in text(page)
    assert "Camera is off" in text(join(student, picked="Ada"))
    assert calm(press(page, "Taken back"))
    assert [one.presence for one in store.people.students(lesson.id)] == [Presence.LEFT]
    assert "You have left the lesson" in text(student.run())


def test_the_notice_is_edited_into_a_new_version(visit: Visit, store: Store) -> None:
    page = press(visit("classes"), "Notice to students")
    english, german = (one for one in page.text_area if one.label in ("English", "Deutsch"))
    assert "{lesson}" in str(english.value)
    assert "{days} days" in str(english.value)
    assert "{days} Tage" in str(german.value)
    english.set_value("Our own words")
    button(page, "Keep as a new version").click().run()
    (found,) = store.consents.notices()
    assert found.texts["en"] == "Our own words"
    assert "Students read school" in text(page)
