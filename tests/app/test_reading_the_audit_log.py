"""An administrator reads who did what, and whether the log of it was changed."""

from __future__ import annotations

from sqlalchemy import text as sql

from app.audit_view import DID
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, press, text


def some(store: Store) -> None:
    for number in range(3):
        store.audit.note("account:1", Action.EXPORT, "lesson", number, "csv")
    store.audit.note("student:12", Action.WITHDRAW, "student", 12)


def test_the_newest_stand_first_with_the_names_of_accounts(visit: Visit, store: Store) -> None:
    some(store)
    shown = visit("administration")
    assert calm(shown)
    table = shown.dataframe[0].value
    assert list(table["entry"]) == [4, 3, 2, 1]
    assert list(table["who"])[:2] == ["student:12", "teacher"]
    assert list(table["what"])[:2] == ["took an agreement back", "took a file"]
    assert list(table["of what"])[:2] == ["student 12", "lesson 2"]
    assert "The newest 4 entries." in text(shown)


def test_one_kind_is_picked(visit: Visit, store: Store) -> None:
    some(store)
    shown = visit("administration")
    picker = next(one for one in shown.selectbox if one.label == "What was done")
    picker.set_value(Action.WITHDRAW).run()
    assert list(shown.dataframe[0].value["entry"]) == [4]
    picker = next(one for one in shown.selectbox if one.label == "What was done")
    picker.set_value(Action.PURGE).run()
    assert "Nothing of this kind has happened yet." in text(shown)


def test_a_changed_log_is_found(visit: Visit, store: Store) -> None:
    some(store)
    shown = press(visit("administration"), "Was it changed?")
    assert "It is as it was written." in text(shown)
    assert f"--head {store.audit.head()}" in "".join(one.value for one in shown.code)
    with store.engine.begin() as connection:
        connection.execute(sql("DROP TRIGGER audit_no_update"))
        connection.execute(sql("UPDATE audit SET detail = 'pdf' WHERE id = 2"))
    shown = press(visit("administration"), "Was it changed?")
    assert "The log was changed: entry 2 is not what was written after entry 1." in "".join(
        e.value for e in shown.error
    )


def test_every_deed_has_its_words() -> None:
    assert set(DID) == set(Action)
