"""The state of a backup comes back, but neither the deleted nor who was shut out; running lessons stay."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Shown
from monitor.people.accounts import Role
from monitor.people.audit import Action
from monitor.store.engine import migrate, open_engine
from monitor.store.store import Store, open_store
from monitor.teaching import MarkerKind
from tests.lesson import NINE, sample, seat, second, start
from tests.store.backups import DAYS, NOON, everything, held, restore
from tests.store.remains import NAME, files_of, found, measured


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.close()


def test_a_restore_brings_back_the_state_of_the_backup(store: Store, file: Path, copy: Path) -> None:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ada", "Ben"])
    lesson = held(store, class_id=own.id)
    before = everything(file)
    store.backup.write(copy)
    store.classes.rename(own.id, "8b")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE samples SET happy = 0")
        connection.commit()
    later = held(store, "later")
    assert restore(store, copy) == 1
    after = everything(file)
    assert {table: rows for table, rows in after.items() if table != "tombstones"} == {
        table: rows for table, rows in before.items() if table != "tombstones"
    }
    assert store.lessons.ended() == (lesson,)
    # A restore is a deletion for what the backup does not have.
    assert sorted(one.kind for one in store.forgetting.deleted()) == ["lesson", "student"]
    assert later.id not in [one.id for one in store.lessons.ended()]
    assert list(file.parent.glob(".restore*")) == []


def test_a_restore_does_not_bring_the_deleted_back(store: Store, file: Path, copy: Path) -> None:
    own = store.classes.create("7b", NINE)
    (member,) = store.classes.add_members(own.id, [NAME])
    first, second_, third = (held(store, title) for title in ("first", "second", "third"))
    measured(store, first.id)
    measured(store, second_.id)
    store.members.recognise(member.id, NAME)
    store.backup.write(copy)
    assert found([copy]) != set()
    store.members.delete(member.id)
    (one,) = [student for student in store.people.students(first.id) if student.name == NAME]
    store.people.delete(one.id)
    store.lessons.delete(second_.id)
    assert restore(store, copy) == 2
    assert store.forgetting.sweep()
    assert [lesson.id for lesson in store.lessons.ended()] == [first.id, third.id]
    assert [student.name for student in store.people.students(first.id)] == ["Ada"]
    assert store.classes.members(own.id) == ()
    assert found(files_of(file)) == set()


def test_who_came_under_the_number_of_somebody_deleted_is_restored(store: Store, copy: Path) -> None:
    lesson = start(store)
    gone = seat(store, lesson, "Ada")
    store.people.delete(gone)
    new = seat(store, lesson, "Ben")
    assert new == gone
    store.samples.add([sample(new, number) for number in range(9)])
    store.lessons.end(lesson.id, second(60))
    store.backup.write(copy)
    restore(store, copy)
    assert [student.name for student in store.people.students(lesson.id)] == ["Ben"]
    assert store.samples.count(new) == 9


def test_who_was_merged_is_deleted_again_with_the_one_who_stayed(store: Store, file: Path, copy: Path) -> None:
    lesson = start(store)
    ada, ben = seat(store, lesson, "Ada"), measured(store, lesson.id)
    store.lessons.end(lesson.id, second(400))
    store.backup.write(copy)
    store.people.merge(ada, ben)
    restore(store, copy)
    assert [student.name for student in store.people.students(lesson.id)] == ["Ada", NAME]
    ada, ben = (student.id for student in store.people.students(lesson.id))
    store.people.merge(ada, ben)
    store.people.delete(ada)
    restore(store, copy)
    assert store.people.students(lesson.id) == ()
    assert store.forgetting.sweep()
    assert found(files_of(file)) == set()


def test_lessons_that_run_stay_as_they_are(store: Store, copy: Path) -> None:
    own = store.classes.create("7b", NINE)
    store.classes.add_members(own.id, ["Ada"])
    running = store.lessons.start("Now", NINE, "tiny", "YuNet", class_id=own.id)
    store.people.invite_roster(running.id, NINE)
    ada = seat(store, running)
    store.samples.add([sample(ada, number) for number in range(5)])
    store.backup.write(copy)
    store.samples.add([sample(ada, number) for number in range(5, 30)])
    other = start(store, "Begun since")
    ben = seat(store, other, "Ben")
    store.samples.add([sample(ben, number) for number in range(7)])
    before = store.people.students(running.id)
    assert restore(store, copy) == 2
    assert set(store.lessons.running()) == {running, other}
    assert (store.people.students(running.id), len(store.samples.read(running.id))) == (before, 30)
    assert len(store.samples.read(other.id)) == 7
    assert store.samples.count(ada) == 30
    assert store.lessons.get(running.id).class_id == own.id
    assert before[0].member_id == store.classes.members(own.id)[0].id


def test_a_lesson_that_ran_when_the_backup_was_made_is_over_after_a_restore(
    store: Store, copy: Path, tmp_path: Path
) -> None:
    lesson = start(store)
    store.samples.add([sample(seat(store, lesson), 12)])
    store.backup.write(copy)
    elsewhere = open_store(f"sqlite:///{tmp_path / 'elsewhere' / 'class.db'}")
    restore(elsewhere, copy)
    assert elsewhere.lessons.running() == ()
    assert elsewhere.lessons.ended()[0].ended_at == second(12)
    elsewhere.close()


def test_what_has_been_kept_for_its_time_is_not_restored(store: Store, copy: Path) -> None:
    held(store)
    store.backup.write(copy)
    assert store.backup.restore(copy, NOON + timedelta(days=31), DAYS) == 0


def test_the_audit_log_goes_on(store: Store, copy: Path, tmp_path: Path) -> None:
    store.audit.note("command", Action.EXPORT, "lesson", 1, "csv")
    store.backup.write(copy)
    store.audit.note("command", Action.DELETE, "lesson", 1)
    head = store.audit.head()
    restore(store, copy)
    assert store.audit.head() == head
    elsewhere = open_store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    restore(elsewhere, copy)
    assert [one.deed.action for one in elsewhere.audit.newest()] == [Action.EXPORT]
    elsewhere.audit.note("command", Action.RESTORE, "database")
    assert elsewhere.audit.verify().fault is None
    elsewhere.close()


def own(store: Store, class_id: int, account_id: int, shared_with: int) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE classes SET owner_id = ? WHERE id = ?", (account_id, class_id))
        connection.exec_driver_sql("INSERT INTO shares VALUES (?, ?, 1)", (class_id, shared_with))


def rights(store: Store) -> tuple[list[tuple[int | None]], list[tuple[int, int]]]:
    """Owners of classes, and class and account of each share."""
    with store.engine.begin() as connection:
        owners = connection.exec_driver_sql("SELECT owner_id FROM classes ORDER BY id").all()
        return [tuple(one) for one in owners], [
            tuple(one) for one in connection.exec_driver_sql("SELECT class_id, account_id FROM shares").all()
        ]


def test_who_may_come_in_and_see_what_is_decided_today(store: Store, copy: Path) -> None:
    ada, ben = (store.accounts.create(name, Role.TEACHER, NINE, "hash") for name in ("ada", "ben"))
    kept = store.classes.create("7b", NINE)
    own(store, kept.id, ada.id, ben.id)
    lesson = held(store, class_id=kept.id)
    store.backup.write(copy)
    store.accounts.set_password(ada.id, "new hash")
    store.accounts.disable(ben.id, NINE)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM shares")
    store.lessons.show_less(lesson.id, Shown.PSEUDONYMS)
    restore(store, copy)
    assert store.accounts.secret_of("ada") == (ada, "new hash")
    assert store.accounts.secret_of("ben") is None
    assert rights(store) == ([(ada.id,)], [])
    assert store.lessons.get(lesson.id).shown is Shown.PSEUDONYMS


def test_a_new_database_takes_the_accounts_and_signs_nobody_in(store: Store, copy: Path, tmp_path: Path) -> None:
    ada, ben = (store.accounts.create(name, Role.TEACHER, NINE, "hash") for name in ("ada", "ben"))
    kept = store.classes.create("7b", NINE)
    own(store, kept.id, ada.id, ben.id)
    token = store.sign_ins.begin(ada.id, NINE)
    store.accounts.invite(ben.id, NINE)
    store.backup.write(copy)
    elsewhere = open_store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    restore(elsewhere, copy)
    assert elsewhere.accounts.all() == (ada, ben)
    assert rights(elsewhere) == ([(ada.id,)], [(kept.id, ben.id)])
    assert elsewhere.accounts.open_invitations(NINE) == frozenset()
    with closing(sqlite3.connect(tmp_path / "elsewhere.db")) as connection:
        assert token
        assert connection.execute("SELECT count(*) FROM sign_ins").fetchone() == (0,)
    elsewhere.close()


def test_what_belonged_to_somebody_unknown_belongs_to_nobody(store: Store, copy: Path, tmp_path: Path) -> None:
    ada, ben = (store.accounts.create(name, Role.TEACHER, NINE, "hash") for name in ("ada", "ben"))
    own(store, store.classes.create("7b", NINE).id, ada.id, ben.id)
    store.backup.write(copy)
    elsewhere = open_store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    eve = elsewhere.accounts.create("eve", Role.ADMINISTRATOR, NOON, "hash")
    restore(elsewhere, copy)
    assert elsewhere.accounts.all() == (eve,)
    assert rights(elsewhere) == ([(None,)], [])
    elsewhere.close()


def test_a_consent_that_was_taken_back_stays_taken_back(store: Store, copy: Path) -> None:
    kept = store.classes.create("7b", NINE)
    ada, ben = store.classes.add_members(kept.id, ["Ada", "Ben"])
    store.consents.guardian_agreed(ada.id, "mother", NINE)
    store.consents.write_notice({"en": "Our words."}, NINE)
    lesson = held(store, class_id=kept.id)
    (student,) = store.people.students(lesson.id)
    store.backup.write(copy)
    store.consents.guardian_withdrew(ada.id, second(60))
    store.consents.guardian_agreed(ben.id, "father", second(70))
    store.consents.write_notice({"en": "Better words."}, second(80))
    running = store.lessons.start("Now", NINE, "tiny", "YuNet", class_id=kept.id)
    there = store.people.join(running.id, "Ben", second(90), "2026-3 en").student
    marker = store.markers.put(running.id, second(95), MarkerKind.QUIZ)
    assert restore(store, copy) == 2
    assert store.consents.of_member(ada.id)[0].withdrawn_at == second(60)
    assert list(store.consents.guardians(kept.id)) == [ben.id]
    assert len(store.consents.of_student(student.id)) == len(store.consents.of_student(there.id)) == 1
    assert len(store.consents.notices()) == 2
    assert store.markers.of(running.id) == (marker,)


def test_a_student_is_linked_with_the_account_of_today(store: Store, copy: Path) -> None:
    zelda = store.accounts.create("zelda", Role.STUDENT, NINE)
    own = store.classes.create("7b", NINE)
    ada, ben = store.classes.add_members(own.id, ["Ada", "Ben"])
    store.own.link(ada.id, zelda.id)
    store.backup.write(copy)
    store.own.link(ben.id, zelda.id)
    restore(store, copy)
    assert list(store.own.linked(own.id)) == [ben.id]


def test_an_older_copy_is_brought_up_to_date_and_knows_the_deleted(copy: Path, tmp_path: Path) -> None:
    """Made before anything was remembered of the deleted: what is there then has the same uid in each copy."""
    engine = open_engine(f"sqlite:///{copy}")
    migrate(engine, "0006")
    with engine.begin() as connection:
        for number, code in ((1, "KIT-492"), (2, "BAN-333")):
            connection.exec_driver_sql(
                "INSERT INTO lessons (id, title, code, started_at, ended_at, network, detector, made_up) "
                "VALUES (?, 'Old', ?, '2026-11-22 09:00:00', '2026-11-22 10:00:00', 'n', 'd', 0)",
                (number, code),
            )
    engine.dispose()
    shutil.copyfile(copy, tmp_path / "old.db")
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}")
    store.lessons.delete(2)
    assert restore(store, copy) == 1
    assert [lesson.code for lesson in store.lessons.ended()] == ["KIT-492"]
    store.close()


def test_what_another_copy_deleted_is_deleted_here(store: Store, file: Path, tmp_path: Path) -> None:
    lesson = held(store)
    student = measured(store, lesson.id)
    dump = tmp_path / "dump.db"
    store.backup.write(dump)
    store.people.delete(student)
    gone = store.forgetting.deleted()
    other_file = tmp_path / "other.db"
    shutil.copyfile(dump, other_file)
    other = open_store(f"sqlite:///{other_file}")
    assert found([other_file]) != set()
    other.forgetting.remember(gone)
    assert other.forgetting.again() == 1
    assert other.forgetting.again() == 0
    assert other.forgetting.sweep()
    assert found(files_of(other_file)) == set()
    assert [one.uid for one in other.forgetting.deleted()] == [one.uid for one in gone]
    assert all(one.at <= datetime.now(UTC) for one in gone)
    other.close()
