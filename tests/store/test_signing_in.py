from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.errors import InvalidAccount, InvalidLink, NoStatement, WeakPassword, WrongPassword
from monitor.people.accounts import Account, Role
from monitor.people.passwords import Hasher
from monitor.people.purpose import Purpose, Statement, needed
from monitor.people.signing_in import change_password, sign_in
from monitor.store.sign_ins import IDLE, LONGEST
from monitor.store.store import Store, open_store
from tests.lesson import NINE, second

QUICK = Hasher(memory=8, rounds=1)
PASSWORD = "four words in a row"


def teacher(store: Store, name: str = "ada", role: Role | None = Role.TEACHER) -> Account:
    return store.accounts.create(name, role, NINE, QUICK.hash(PASSWORD))


def test_name_and_password_make_a_session(store: Store) -> None:
    ada = teacher(store)
    token = sign_in(store, QUICK, " ADA ", PASSWORD, NINE)
    assert store.sign_ins.whose(token, NINE) == ada
    assert store.sign_ins.whose("guessed", NINE) is None


def test_nothing_that_is_kept_signs_anybody_in(store: Store) -> None:
    teacher(store)
    token = sign_in(store, QUICK, "ada", PASSWORD, NINE)
    link = store.accounts.invite(teacher(store, "ben").id, NINE)
    with store.engine.connect() as connection:
        kept = repr(
            [connection.execute(text(f"SELECT * FROM {one}")).all() for one in ("accounts", "sign_ins", "invitations")]
        )
    assert not any(secret in kept for secret in (token, link, PASSWORD))


@pytest.mark.parametrize(("name", "password"), [("ada", "four words in a column"), ("eve", PASSWORD), ("", "")])
def test_an_unknown_name_and_a_wrong_password_are_told_alike(store: Store, name: str, password: str) -> None:
    teacher(store)
    with pytest.raises(WrongPassword, match=r"^This name and this password do not belong together\.$"):
        sign_in(store, QUICK, name, password, NINE)


def test_who_is_disabled_is_out_at_once_and_cannot_come_back(store: Store) -> None:
    ada = teacher(store)
    teacher(store, "eve", Role.ADMINISTRATOR)
    token = sign_in(store, QUICK, "ada", PASSWORD, NINE)
    store.accounts.disable(ada.id, second(1))
    assert store.sign_ins.whose(token, second(2)) is None
    with pytest.raises(WrongPassword):
        sign_in(store, QUICK, "ada", PASSWORD, second(3))
    store.accounts.enable(ada.id)
    assert store.sign_ins.whose(token, second(4)) is None
    assert sign_in(store, QUICK, "ada", PASSWORD, second(5))


def test_a_session_ends_after_two_idle_hours_or_twelve_in_all(store: Store) -> None:
    ada = teacher(store)
    token = store.sign_ins.begin(ada.id, NINE)
    assert store.sign_ins.whose(token, NINE + IDLE) == ada
    assert store.sign_ins.whose(token, NINE + 2 * IDLE) == ada  # it was used in between
    assert store.sign_ins.whose(token, NINE + 4 * IDLE + timedelta(seconds=1)) is None
    busy = store.sign_ins.begin(ada.id, NINE)
    for minutes in range(0, 721, 60):
        assert store.sign_ins.whose(busy, NINE + timedelta(minutes=minutes)) == ada
    assert store.sign_ins.whose(busy, NINE + LONGEST + timedelta(seconds=1)) is None


def test_a_look_that_is_no_use_does_not_lengthen_a_session(store: Store) -> None:
    ada = teacher(store)
    token = store.sign_ins.begin(ada.id, NINE)
    assert store.sign_ins.whose(token, NINE + IDLE, used=False) == ada
    assert store.sign_ins.whose(token, NINE + IDLE + timedelta(seconds=1)) is None


def test_signing_out_ends_one_session(store: Store) -> None:
    ada = teacher(store)
    one, other = (store.sign_ins.begin(ada.id, NINE) for _ in range(2))
    store.sign_ins.end(one, NINE)
    store.sign_ins.end(one, NINE)
    assert (store.sign_ins.whose(one, NINE), store.sign_ins.whose(other, NINE)) == (None, ada)


def test_a_new_password_ends_all_other_sessions(store: Store) -> None:
    ada = teacher(store)
    here, elsewhere = (store.sign_ins.begin(ada.id, NINE) for _ in range(2))
    with pytest.raises(WrongPassword, match="not the password you have now"):
        change_password(store, QUICK, ada, "a guess", "five words in a row", NINE, here)
    with pytest.raises(WeakPassword):
        change_password(store, QUICK, ada, PASSWORD, "short", NINE, here)
    change_password(store, QUICK, ada, PASSWORD, "five words in a row", NINE, here)
    assert (store.sign_ins.whose(here, NINE), store.sign_ins.whose(elsewhere, NINE)) == (ada, None)
    assert sign_in(store, QUICK, "ada", "five words in a row", NINE)


def test_a_password_of_an_older_cost_is_hashed_anew_when_it_is_used(store: Store) -> None:
    teacher(store)
    dearer = Hasher(memory=16, rounds=1)
    sign_in(store, dearer, "ada", PASSWORD, NINE)
    found = store.accounts.secret_of("ada")
    assert found is not None
    assert not dearer.outdated(found[1])


def test_an_invitation_works_once_and_not_for_long(store: Store) -> None:
    ada = store.accounts.create("ada", Role.TEACHER, NINE)
    with pytest.raises(WrongPassword):
        sign_in(store, QUICK, "ada", "", NINE)
    void, link = store.accounts.invite(ada.id, NINE), store.accounts.invite(ada.id, NINE)
    assert store.accounts.invited(link, second(1)) == ada
    assert store.accounts.open_invitations(second(1)) == {ada.id}
    for bad, at in ((void, second(1)), (link, NINE + timedelta(days=8)), ("guessed", NINE)):
        with pytest.raises(InvalidLink, match="used already, or it is too old"):
            store.accounts.accept(bad, QUICK.hash(PASSWORD), at)
    assert store.accounts.accept(link, QUICK.hash(PASSWORD), second(2)) == ada
    with pytest.raises(InvalidLink):
        store.accounts.accept(link, QUICK.hash(PASSWORD), second(3))
    assert sign_in(store, QUICK, "ada", PASSWORD, second(4))


def test_a_reset_ends_the_sessions_when_the_new_password_is_there(store: Store) -> None:
    ada = teacher(store)
    token = store.sign_ins.begin(ada.id, NINE)
    link = store.accounts.invite(ada.id, NINE)
    assert store.sign_ins.whose(token, NINE) == ada
    store.accounts.accept(link, QUICK.hash("five words in a row"), NINE)
    assert store.sign_ins.whose(token, NINE) is None


def test_a_name_is_taken_once_in_any_case(store: Store) -> None:
    teacher(store)
    with pytest.raises(InvalidAccount, match="There is an account “ADA” already"):
        teacher(store, "ADA")


def test_somebody_can_always_administer(store: Store) -> None:
    assert not store.accounts.administered()
    eve = teacher(store, "eve", Role.ADMINISTRATOR)
    store.accounts.create("invited", Role.ADMINISTRATOR, NINE)
    with pytest.raises(InvalidAccount, match="“eve” is the last who can administer"):
        store.accounts.disable(eve.id, NINE)
    with pytest.raises(InvalidAccount, match="“eve” is the last who can administer"):
        store.accounts.give_role(eve.id, Role.TEACHER)
    assert store.accounts.get(eve.id) == eve
    ben = teacher(store, "ben")
    store.accounts.give_role(ben.id, Role.ADMINISTRATOR)
    assert store.accounts.give_role(eve.id, Role.TEACHER).role is Role.TEACHER


def test_the_newest_statement_holds_and_the_earlier_stay() -> None:
    store = open_store("sqlite://")
    with pytest.raises(NoStatement, match="No camera can be started"):
        needed(store.statements.current())
    first = Statement(Purpose.SIMULATION, "Actors, room 12", "ada", NINE)
    then = Statement(Purpose.RESEARCH, "Ethics vote 12/2026", "ada", second(60))
    store.statements.add(first)
    store.statements.add(then)
    assert needed(store.statements.current()) == then
    assert store.statements.all() == (then, first)
    store.close()


@pytest.mark.parametrize("words", ["", " in Berlin", "x" * 2001])
def test_a_statement_says_where(words: str) -> None:
    with pytest.raises(NoStatement):
        Statement(Purpose.RESEARCH, words, "ada", NINE)
