"""Rules for alerts are whoever's who set them, and hold in the lessons which that one gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import LessonError, NotYours
from monitor.people.accounts import Account, Role
from monitor.store.engine import migrate, open_engine
from monitor.store.seen import seen_by
from monitor.store.store import Store, open_store
from monitor.teaching import Measure, Rule
from tests.lesson import NINE, start

LOW = Rule(0, Measure.MOOD, True, -0.2, 60)
FEW = Rule(0, Measure.FACE_VISIBLE, True, 0.5, 120)


@pytest.fixture
def teachers(store: Store) -> tuple[Account, Account]:
    return store.accounts.create("ada", Role.TEACHER, NINE), store.accounts.create("ben", Role.TEACHER, NINE)


def test_each_teacher_has_rules_of_their_own(store: Store, teachers: tuple[Account, Account]) -> None:
    own, other = (seen_by(store, one).alerts for one in teachers)
    rule = own.add(LOW)
    assert (own.rules(), other.rules(), store.alerts.rules()) == ((rule,), (), ())
    with pytest.raises(LessonError):
        other.change(replace(rule, limit=-0.5))
    other.delete(rule.id)
    assert own.rules() == (rule,)
    # Whose rules are meant cannot be said by whoever asks.
    assert other.rules(owner_id=teachers[0].id) == ()
    with pytest.raises(NotYours):
        seen_by(store, store.accounts.create("eve", Role.OBSERVER, NINE)).alerts.rules()


def test_in_a_lesson_hold_the_rules_of_whoever_gives_it(store: Store, teachers: tuple[Account, Account]) -> None:
    ada, ben = teachers
    low, few, nobodys = store.alerts.add(LOW, ada.id), store.alerts.add(FEW, ben.id), store.alerts.add(LOW)
    lesson = seen_by(store, ada).lessons.start("Fractions", NINE, "tiny", "YuNet")
    assert store.alerts.rules_for(lesson.id) == (low,)
    assert store.alerts.rules_for(start(store, "Maps").id) == (nobodys,)
    assert few not in store.alerts.rules_for(lesson.id)


@pytest.mark.parametrize("accounts", [(), ("teacher",), ("administrator", "teacher", "observer", "student", "teacher")])
def test_rules_of_before_go_to_all_who_teach(tmp_path: Path, accounts: tuple[str, ...]) -> None:
    address = f"sqlite:///{tmp_path / 'class.db'}"
    engine = open_engine(address)
    migrate(engine, "0010")
    with engine.begin() as connection:
        for number, role in enumerate(accounts, start=1):
            connection.execute(
                text(
                    "INSERT INTO accounts (id, name, name_key, role, created_at) "
                    f"VALUES ({number}, 'a{number}', 'a{number}', '{role}', '2026-11-01 09:00:00')"
                )
            )
        for limit in (-0.2, -0.4):
            connection.execute(
                text(f'INSERT INTO rules (measure, below, "limit", seconds, "on") VALUES (\'mood\', 1, {limit}, 60, 1)')
            )
    engine.dispose()
    store = open_store(address)
    teach = [number for number, role in enumerate(accounts, start=1) if role in ("administrator", "teacher")]
    owners: list[int | None] = [*teach] or [None]
    for owner in owners:
        assert [rule.limit for rule in store.alerts.rules(owner)] == [-0.2, -0.4]
    everybody = {rule.id for owner in (None, *range(1, 6)) for rule in store.alerts.rules(owner)}
    assert len(everybody) == 2 * max(1, len(teach))
    store.close()
