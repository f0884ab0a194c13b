"""Each database remembers by itself what was deleted, wherever in the code that was, and can delete it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import BackupError
from monitor.store.store import Store
from tests.lesson import NINE, sample, seat, second, start


def kinds(store: Store) -> list[str]:
    return sorted(one.kind for one in store.forgetting.deleted())


def test_whatever_goes_is_remembered_and_swept(store: Store) -> None:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ada", "Ben"])
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    seat(store, lesson)
    assert (kinds(store), store.forgetting.due) == ([], False)
    store.lessons.delete(lesson.id)
    assert kinds(store) == ["lesson", "student"]
    store.classes.delete(own.id)
    assert kinds(store) == ["class", "lesson", "member", "member", "student"]
    assert store.forgetting.due
    assert store.forgetting.sweep()
    assert not store.forgetting.due
    assert len(kinds(store)) == 5


def test_what_comes_back_is_deleted_again(store: Store) -> None:
    lesson = start(store)
    ada, ben = seat(store, lesson, "Ada"), seat(store, lesson, "Ben")
    store.samples.add([sample(ada, 1), sample(ben, 1)])
    store.people.delete(ada)
    (gone,) = store.forgetting.deleted()
    back = seat(store, lesson, "Ada")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE students SET uid = :uid WHERE id = :id"), {"uid": gone.uid, "id": back})
    assert (store.forgetting.again(), store.forgetting.again()) == (1, 0)
    assert [student.name for student in store.people.students(lesson.id)] == ["Ben"]
    assert store.samples.count(ben) == 1


def test_two_who_became_one_are_deleted_together_only(store: Store) -> None:
    lesson = start(store)
    ada, ben, cem = (seat(store, lesson, name) for name in ("Ada", "Ben", "Cem"))
    store.people.merge(ben, cem)
    store.people.merge(ada, ben)
    assert kinds(store) == []
    store.people.delete(ada)
    assert kinds(store) == ["student"] * 3


def test_members_who_became_one_are_deleted_together_only(store: Store) -> None:
    own = store.classes.create("7b", NINE)
    ada, ben = store.classes.add_members(own.id, ["Ada", "Ben"])
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    store.people.invite_roster(lesson.id, NINE)
    store.lessons.end(lesson.id, second(60))
    store.members.merge(ada.id, ben.id)
    assert kinds(store) == []
    store.members.delete(ada.id)
    assert kinds(store) == ["member", "member", "student", "student"]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_postgresql_has_backups_of_its_own(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"pg_dump and pg_restore.*purge --remember FILE"):
        store.backup.write(tmp_path / "backup.db")
    with pytest.raises(BackupError, match="pg_dump"):
        store.backup.contents(tmp_path / "backup.db")
    assert store.forgetting.empty_log()
