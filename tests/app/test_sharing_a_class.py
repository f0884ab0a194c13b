from __future__ import annotations

from app import resources
from monitor.people.accounts import Role
from monitor.store.store import Store
from tests.app.conftest import Visit, account, be
from tests.app.reading import calm, labels, press, text
from tests.lesson import NINE


def test_a_class_is_shared_to_read_and_taken_back(visit: Visit, store: Store) -> None:
    whole = resources.whole_store()
    ben = account(whole, "ben", Role.TEACHER)
    own = store.classes.create("7b", NINE)
    shown = visit("classes", **{"class": str(own.id)})
    next(one for one in shown.selectbox if one.label == "Somebody").set_value(ben.id)
    assert calm(press(shown, "Share it"))
    assert "ben · reads" in text(shown).replace("**", "")
    be(whole, ben)
    his = visit("classes", **{"class": str(own.id)})
    assert his.title[0].value == "7b"
    assert "Share it" not in labels(his)
    whole.ownership.unshare(own.id, ben.id)
    assert "There is no such class" in text(visit("classes", **{"class": str(own.id)}))


def test_an_administrator_sees_whose_each_lesson_is_and_nothing_of_what_it_says(visit: Visit, store: Store) -> None:
    whole = resources.whole_store()
    ben = account(whole, "ben", Role.TEACHER)
    his = whole.lessons.start("Fractions of Ben", NINE, "tiny", "YuNet", owner_id=ben.id)
    whole.people.join(his.id, "Zelda", NINE, "2026-1")
    shown = visit("administration")
    assert calm(shown)
    listed = shown.dataframe[0].value
    assert listed[["lesson", "owner"]].values.tolist() == [["Fractions of Ben", "ben"]]
    assert "Zelda" not in text(shown)
    store.lessons.delete(his.id)
    assert whole.lessons.running() == ()
