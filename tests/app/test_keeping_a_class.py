"""A teacher keeps a class: makes it, fills its roster, mends it, and starts lessons with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain import Lesson
from monitor.people.roster import LARGEST_FILE
from monitor.store.store import Store
from monitor.teaching import SchoolClass
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.lesson import sample, seat


@pytest.fixture
def own(store: Store) -> SchoolClass:
    own = store.classes.create("7b", datetime.now(UTC))
    store.classes.add_members(own.id, ["Ada", "Ben", "Cem"])
    return own


def held(store: Store, own: SchoolClass, *joined: str) -> Lesson:
    """A lesson of the class that ended, in which these took part for a second."""
    at = datetime.now(UTC).replace(microsecond=0)
    lesson = store.lessons.start("Fractions", at, "tiny", "YuNet", class_id=own.id)
    store.people.invite_roster(lesson.id, at)
    store.samples.add([sample(seat(store, lesson, name), 1) for name in joined])
    return store.lessons.end(lesson.id, at)


def roster(store: Store, own: SchoolClass) -> list[str]:
    return [one.name for one in store.classes.members(own.id)]


def choose(page: AppTest, store: Store, own: SchoolClass, *names: str) -> AppTest:
    known = {one.name: one.id for one in store.classes.members(own.id, archived=True)}
    page.multiselect[0].set_value([known[name] for name in names]).run()
    return page


def test_without_a_class_the_page_offers_to_make_one(visit: Visit, store: Store) -> None:
    shown = visit("classes")
    assert calm(shown)
    assert "keeps its students over all of its lessons" in text(shown)
    shown.text_input[0].set_value(" 7b ")
    shown.text_area[0].set_value("Ada\nBen\nada\n")
    press(shown, "Create the class")
    assert calm(shown)
    assert shown.title[0].value == "7b"
    assert "The class has 2 students." in text(shown)
    assert "line 3" in text(shown)
    assert "stands further up already" in text(shown)
    (own,) = store.classes.all()
    assert roster(store, own) == ["Ada", "Ben"]


def test_a_class_is_made_of_a_csv_of_latin_1(visit: Visit, store: Store) -> None:
    shown = visit("classes")
    shown.text_input[0].set_value("7b")
    content = "Vorname;Nachname\r\nJürgen;Groß\r\nZoë;\r\nJürgen;Groß\r\n".encode("latin-1")
    shown.file_uploader[0].upload("class.csv", content, "text/csv")
    press(shown, "Create the class")
    assert calm(shown)
    assert roster(store, store.classes.all()[0]) == ["Jürgen Groß", "Zoë"]
    assert "1 line was passed over" in str([one.label for one in shown.expander])


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\x89PNG\r\n\x1a\n\x00", "no text"), (b"Ada\n" * (LARGEST_FILE // 4 + 1), "at most 1000 kB")],
    ids=["a picture", "too large"],
)
def test_a_file_that_is_no_list_says_so_and_makes_nothing(
    visit: Visit, store: Store, content: bytes, told: str
) -> None:
    shown = visit("classes")
    shown.text_input[0].set_value("7b")
    shown.file_uploader[0].upload("class.csv", content, "text/csv")
    press(shown, "Create the class")
    assert not shown.exception
    assert told in shown.error[0].value
    assert store.classes.all() == ()


@pytest.mark.parametrize(("name", "told"), [("", "A name is needed"), ("7B", "“7B” already")])
def test_a_class_needs_a_name_of_its_own(visit: Visit, store: Store, own: SchoolClass, name: str, told: str) -> None:
    shown = visit("classes")
    shown.text_input[0].set_value(name)
    press(shown, "Create the class")
    assert told in shown.error[0].value
    assert store.classes.all() == (own,)


def test_classes_are_listed_with_students_lessons_and_the_last(visit: Visit, store: Store, own: SchoolClass) -> None:
    held(store, own)
    shown = visit("classes")
    today = datetime.now(UTC)
    assert f"3 students · 1 lesson · last on {today.day} {today:%b %Y}" in text(shown)
    assert press(shown, "Open 7b").title[0].value == "7b"
    assert list(shown.dataframe[0].value["student"]) == ["Ada", "Ben", "Cem"]
    assert press(shown, "All classes").title[0].value == "Classes"


def test_a_class_that_is_not_there_leads_to_the_list(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = visit("classes", **{"class": "9" * 30})
    assert calm(shown)
    assert shown.title[0].value == "Classes"
    assert "There is no such class" in text(shown)


def test_students_are_added_and_who_is_there_stays(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = visit("classes", **{"class": str(own.id)})
    shown.text_area[0].set_value("Dana\nADA\n")
    press(shown, "Add to the roster")
    assert calm(shown)
    assert "1 student was added. 1 was on the roster already." in text(shown)
    assert roster(store, own) == ["Ada", "Ben", "Cem", "Dana"]
    press(shown, "Add to the roster")
    assert "at least one name" in shown.error[0].value


def test_an_empty_roster_says_what_to_do(visit: Visit, store: Store) -> None:
    shown = visit("classes", **{"class": str(store.classes.create("7b", datetime.now(UTC)).id)})
    assert calm(shown)
    assert "Nobody is on this roster yet" in text(shown)


def test_a_student_is_renamed(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = press(choose(visit("classes", **{"class": str(own.id)}), store, own, "Ada"), "Rename")
    field = next(one for one in shown.text_input if one.value == "Ada")
    field.set_value("Ben")
    press(shown, "Give this name")
    assert "“Ben” is on this roster already" in shown.error[0].value
    press(choose(shown, store, own, "Ada"), "Rename")
    next(one for one in shown.text_input if one.value == "Ada").set_value("Adah")
    press(shown, "Give this name")
    assert calm(shown)
    assert roster(store, own) == ["Adah", "Ben", "Cem"]
    assert "now called Adah" in text(shown)


def test_who_left_the_class_can_come_back(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = press(choose(visit("classes", **{"class": str(own.id)}), store, own, "Ada", "Cem"), "Left the class")
    assert calm(shown)
    assert roster(store, own) == ["Ben"]
    assert list(shown.dataframe[0].value["student"]) == ["Ben"]
    next(one for one in shown.toggle if one.label == "Show 2 students who left").set_value(True).run()
    assert list(shown.dataframe[0].value["student"]) == ["Ada (left)", "Ben", "Cem (left)"]
    press(choose(shown, store, own, "Ada"), "Back in the class")
    assert roster(store, own) == ["Ada", "Ben"]


def test_merging_asks_first_and_then_all_lessons_follow(visit: Visit, store: Store, own: SchoolClass) -> None:
    lesson = held(store, own, "Ben")
    shown = press(choose(visit("classes", **{"class": str(own.id)}), store, own, "Ada", "Ben"), "Merge")
    assert calm(shown)
    assert r"All lessons of **Ben** become lessons of **Ada**" in text(shown)
    assert "There is no undo" in text(shown)
    assert roster(store, own) == ["Ada", "Ben", "Cem"]
    press(shown, "Merge them")
    assert calm(shown)
    assert roster(store, own) == ["Ada", "Cem"]
    assert [one.name for one in store.people.students(lesson.id)] == ["Ada", "Cem"]
    assert len(store.samples.read(lesson.id)) == 1


def test_only_two_can_be_merged(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = choose(visit("classes", **{"class": str(own.id)}), store, own, "Ada")
    assert button(shown, "Merge").disabled
    assert not button(choose(shown, store, own, "Ada", "Ben"), "Merge").disabled
    assert button(choose(shown, store, own, "Ada", "Ben", "Cem"), "Merge").disabled


def test_deleting_a_student_asks_first(visit: Visit, store: Store, own: SchoolClass) -> None:
    lesson = held(store, own, "Ada")
    shown = press(choose(visit("classes", **{"class": str(own.id)}), store, own, "Ada"), "Delete")
    assert "measured in 1 lesson is deleted for good" in text(shown)
    press(shown, "Keep")
    assert roster(store, own) == ["Ada", "Ben", "Cem"]
    press(press(shown, "Delete"), "Delete for good")
    assert calm(shown)
    assert roster(store, own) == ["Ben", "Cem"]
    assert len(store.samples.read(lesson.id)) == 0


def test_a_guest_is_recognised(visit: Visit, store: Store, own: SchoolClass) -> None:
    lesson = held(store, own, "Adi", "Dana")
    shown = visit("classes", **{"class": str(own.id)})
    ada = store.classes.members(own.id)[0].id
    for guest, who in (("Adi", ada), ("Dana", 0)):
        boxes = {one.label: one for one in shown.selectbox}
        boxes["Guest"].set_value(guest)
        boxes["is really"].set_value(who)
        press(press(shown, "Go on …"), "Yes")
        assert calm(shown)
    assert roster(store, own) == ["Ada", "Ben", "Cem", "Dana"]
    assert [one.name for one in store.people.students(lesson.id)] == ["Ada", "Ben", "Cem", "Dana"]
    assert "Guests" not in [one.value for one in shown.subheader]


def test_a_class_is_renamed_and_its_guests_are_settled(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = visit("classes", **{"class": str(own.id)})
    next(one for one in shown.text_input if one.value == "7b").set_value("8b")
    press(shown, "Rename the class")
    assert calm(shown)
    assert shown.title[0].value == "8b"
    next(one for one in shown.toggle if one.label == "Guests may join").set_value(False).run()
    assert not store.classes.get(own.id).guests
    assert "no guests" in text(press(shown, "All classes"))


def test_an_archived_class_is_out_of_sight_until_it_is_restored(visit: Visit, store: Store, own: SchoolClass) -> None:
    shown = press(visit("classes", **{"class": str(own.id)}), "Into the archive")
    assert "in the archive" in text(shown)
    assert "Start a lesson" not in labels(shown)
    assert visit("start").selectbox[0].options == ["No class", "A new class …"]
    assert [one.label for one in press(shown, "All classes").expander] == ["New class", "Archive (1)"]
    press(press(shown, "Open 7b"), "Out of the archive")
    assert not store.classes.get(own.id).archived


def test_deleting_a_class_asks_first_and_keeps_its_lessons(visit: Visit, store: Store, own: SchoolClass) -> None:
    lesson = held(store, own, "Ada")
    shown = press(visit("classes", **{"class": str(own.id)}), "Into the archive")
    press(press(shown, "Delete the class"), "Delete for good")
    assert calm(shown)
    assert shown.title[0].value == "Classes"
    assert store.classes.all(archived=True) == ()
    assert store.lessons.get(lesson.id).class_id is None


def test_a_name_is_no_markdown(visit: Visit, store: Store, own: SchoolClass) -> None:
    store.classes.rename(own.id, "**7b** :smile:")
    shown = visit("classes")
    assert r"\*\*7b\*\* \:smile\:" in text(shown)
    assert calm(shown)
