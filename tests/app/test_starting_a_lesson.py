from __future__ import annotations

import base64
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain import NAME_LENGTH
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, press, text
from tests.lesson import NINE, seat


def fill(page: AppTest, title: str, names: str = "") -> AppTest:
    page.text_input[0].set_value(title)
    page.text_area[0].set_value(names)
    return press(page, "Start")


def test_a_pasted_list_becomes_the_list_of_the_lesson(visit: Visit, store: Store) -> None:
    shown = fill(visit("start"), " Fractions  7b", "Ada\r\n  Ben Ahmed \n\n\tCem\nada\n")
    assert calm(shown)
    (lesson,) = store.lessons.running()
    assert lesson.title == "Fractions 7b"
    assert [one.name for one in store.people.students(lesson.id)] == ["Ada", "Ben Ahmed", "Cem"]
    assert "0 of 3 joined" in text(shown).replace("*", "")


def test_students_get_a_link_a_code_and_a_qr_code(visit: Visit, store: Store) -> None:
    shown = fill(visit("start"), "Fractions")
    (lesson,) = store.lessons.running()
    assert shown.code[0].value == f"https://mood.school.example/?join={lesson.code}"
    assert lesson.code in text(shown)
    image: Any = shown.get("image")[0]
    (picture,) = image.value
    svg = base64.b64decode(picture.split("base64,")[1]).decode()
    assert svg.startswith("<svg")
    assert 'fill="#fff"' in svg


def test_the_lesson_remembers_what_was_at_work(visit: Visit, store: Store) -> None:
    shown = visit("start")
    told = text(shown)
    fill(shown, "Fractions")
    (lesson,) = store.lessons.running()
    assert lesson.detector == "Haar cascade"
    assert f"found by {lesson.detector} and scored by the network {lesson.network}" in told


@pytest.mark.parametrize("title", ["", "   ", "bell\x07"])
def test_a_bad_title_says_so_and_starts_nothing(visit: Visit, store: Store, title: str) -> None:
    shown = fill(visit("start"), title, "Ada")
    assert not shown.exception
    assert "1 to 120 printable characters" in shown.error[0].value
    assert store.lessons.running() == ()


def test_a_bad_name_says_so_and_starts_nothing(visit: Visit, store: Store) -> None:
    shown = fill(visit("start"), "Fractions", "Ada\n" + "x" * (NAME_LENGTH + 1))
    assert not shown.exception
    assert f"at most {NAME_LENGTH} characters" in shown.error[0].value
    assert store.lessons.running() == ()


def test_a_class_is_invited_and_its_guests_are_as_it_says(visit: Visit, store: Store) -> None:
    own = store.classes.create("7b", NINE, guests=False)
    store.classes.add_members(own.id, ["Ada", "Ben"])
    shown = visit("start", **{"class": str(own.id)})
    assert "2 students of its roster are invited" in text(shown)
    assert [one.value for one in shown.toggle] == [False]
    shown.text_input[0].set_value("Fractions")
    assert calm(press(shown, "Start"))
    (lesson,) = store.lessons.running()
    assert (lesson.class_id, lesson.guests) == (own.id, False)
    assert all(one.member_id for one in store.people.students(lesson.id))
    assert "0 of 2 joined" in text(shown).replace("*", "")
    shown.toggle[0].set_value(True).run()
    assert store.lessons.get(lesson.id).guests


def test_a_class_is_made_while_its_first_lesson_starts(visit: Visit, store: Store) -> None:
    shown = visit("start")
    shown.selectbox[0].set_value(-1).run()
    assert [one.label for one in shown.text_input] == ["Title", "Name of the class"]
    shown.text_input[1].set_value("7b")
    shown.text_area[0].set_value("Ada\nBen\nada")
    assert "1 to 120 printable characters" in press(shown, "Start").error[0].value
    assert store.classes.all() == ()
    shown.text_input[0].set_value("Fractions")
    assert calm(press(shown, "Start"))
    assert "1 line was passed over" in [one.label for one in shown.expander]
    (lesson,), (own,) = store.lessons.running(), store.classes.all()
    assert lesson.class_id == own.id
    assert [one.name for one in store.people.students(lesson.id)] == ["Ada", "Ben"]


def test_a_lesson_that_nobody_could_join_is_not_started(visit: Visit, store: Store) -> None:
    shown = visit("start")
    shown.toggle[0].set_value(False)
    assert "Nobody could join" in fill(shown, "Fractions").error[0].value
    assert store.lessons.running() == ()
    assert calm(fill(shown, "Fractions", "Ada"))
    assert not store.lessons.running()[0].guests


def test_a_second_lesson_can_be_started_beside_the_first(visit: Visit, store: Store) -> None:
    shown = fill(visit("start"), "Fractions")
    fill(press(shown, "Start another lesson"), "Poems")
    assert [one.title for one in store.lessons.running()] == ["Poems", "Fractions"]


def test_from_the_join_card_to_the_live_view_of_that_lesson(visit: Visit, store: Store) -> None:
    shown = press(fill(visit("start"), "Fractions"), "To the live view")
    assert calm(shown)
    assert shown.title[0].value == "Fractions"
    assert "started again" not in text(shown)


def test_a_name_on_the_join_card_is_no_markdown(visit: Visit, store: Store) -> None:
    shown = fill(visit("start"), "Fractions")
    (lesson,) = store.lessons.running()
    name = "![](https://x.example/a.png) :smile: $a$ <b>"
    assert store.people.join(lesson.id, name, NINE, "2026-1").student.name == name
    seat(store, lesson, "Ada Ähm")
    shown.run()
    assert shown.caption[-1].value == (r"\!\[\]\(https\:\/\/x\.example\/a\.png\) \:smile\: \$a\$ \<b\> · Ada Ähm")
