"""What a student can and cannot do on the page behind the join link."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import database
from tests.browser.people import Student, Teacher
from tests.browser.server import Server

TEACHERS_PAGES = ("Live", "Start a lesson", "Lessons", "Report")


def test_a_wrong_code_is_said_and_can_be_mended(server: Server, student: Callable[..., Student]) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student()
    ada.open("XYZ-999")
    ada.sees("No lesson has the code")
    ada.page.get_by_role("textbox").fill(code.lower().replace("-", " "))
    ada.press("Go on")
    ada.sees("Fractions")
    ada.take_name("Ada")
    ada.start_button.wait_for()


def test_no_way_leads_from_the_students_page_to_the_teachers(teacher: Teacher, student: Callable[..., Student]) -> None:
    code = teacher.start_lesson("Fractions", "Ada")
    ada = student(phone=True)
    ada.open(code)
    ada.sees("For how long")
    _expect_no_way_out(ada)
    ada.pick_name("Ada")
    ada.start_button.wait_for()
    _expect_no_way_out(ada)


def test_a_name_in_use_can_be_taken_over_and_the_old_device_stops(
    server: Server, student: Callable[..., Student]
) -> None:
    code = database.start_lesson(server, "Fractions", ["Ada"])
    old, new = student(), student(phone=True)
    old.join(code, "Ada")
    new.open(code)
    new.take_name("ada")
    new.sees("is already in this lesson")
    new.press("That is me")
    new.start_camera()
    new.is_measured()
    old.sees("on another device now")
    expect(old.start_button).to_have_count(0)
    database.wait_for(server, "Ada", time.time())
    assert database.students(server) == {"Ada": "here"}


def test_who_leaves_is_no_longer_measured_and_may_come_back(
    server: Server, teacher: Teacher, student: Callable[..., Student]
) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student()
    ada.join(code, "Ada")
    database.wait_for(server, "Ada", 0)
    teacher.watch()
    ada.leave()
    ada.sees("You have left the lesson")
    expect(ada.start_button).to_have_count(0)
    teacher.sees_student("Ada", "left")
    left_at = time.time()
    ada.take_name("Ada")
    back_at = time.time()
    ada.start_camera()
    ada.is_measured()
    database.wait_for(server, "Ada", back_at)
    assert not [second for second in database.seconds(server, "Ada") if left_at < second < int(back_at)]


def test_the_own_picture_goes_on_when_the_theme_changes(server: Server, student: Callable[..., Student]) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student()
    ada.join(code, "Ada")
    ada.is_measured()
    for scheme in ("dark", "light"):
        ada.page.emulate_media(color_scheme=scheme)
        ada.page.wait_for_timeout(2000)
        picture = ada.page.locator("video.on")
        picture.wait_for()
        began = picture.evaluate("video => video.currentTime")
        ada.page.wait_for_timeout(1000)
        assert picture.evaluate("video => video.currentTime") > began


def test_who_is_not_measured_is_told_as_well_when_the_lesson_ends(
    server: Server, student: Callable[..., Student]
) -> None:
    code = database.start_lesson(server, "Fractions")
    paused, waiting = student(), student()
    paused.join(code, "Ada")
    paused.press("Pause")
    paused.sees("Nothing is measured. Press START to go on")
    waiting.open(code)
    waiting.take_name("Ben")
    waiting.sees("Camera is off")
    database.end_lesson(server, code)
    for one in (paused, waiting):
        one.sees("is over")
        expect(one.start_button).to_have_count(0)


def _expect_no_way_out(student: Student) -> None:
    for title in TEACHERS_PAGES:
        expect(student.page.get_by_role("link", name=title)).to_have_count(0)
        expect(student.page.get_by_role("button", name=title, exact=True)).to_have_count(0)
    elsewhere = "Array.from(document.links).filter(link => link.origin === location.origin && link.pathname !== '/')"
    assert student.page.evaluate(f"{elsewhere}.map(link => link.href)") == []
