from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from monitor.errors import InvalidAccount, WeakPassword
from monitor.people.accounts import Account, Role, account_name, role_of
from monitor.people.passwords import COMMON, LONGEST, SHORTEST, Hasher, new_password
from tests.lesson import NINE

QUICK = Hasher(memory=8, rounds=1)


@pytest.mark.parametrize("text", ["four words in a row", "ёлка-палка-ночь", "p" * 5 + "assphrase", "aB3d" * 64])
def test_length_counts_and_nothing_else(text: str) -> None:
    assert new_password(text, "ada") == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("elevenchars", "12 to 256 characters, and this one has 11"),
        ("x" * (LONGEST + 1), "this one has 257"),
        ("Password1234", "among the first that are tried"),
        ("abababababab", "among the first"),
        ("ada.lovelace", "the name itself"),
        ("Ada.Lovelace99", "the name itself"),
    ],
)
def test_what_is_soon_guessed_is_refused_and_never_repeated(text: str, told: str) -> None:
    with pytest.raises(WeakPassword, match=told) as refused:
        new_password(text, "ada.lovelace")
    assert text not in str(refused.value)


def test_the_commonest_are_as_long_as_a_password_may_be() -> None:
    assert len(COMMON) > 60
    assert all(len(one) >= SHORTEST and one == one.casefold() for one in COMMON)


def test_a_password_is_kept_as_argon2id_with_a_salt() -> None:
    first, second = (QUICK.hash("four words in a row") for _ in range(2))
    assert first.startswith("$argon2id$")
    assert first != second
    assert QUICK.matches(first, "four words in a row")
    assert not QUICK.matches(first, "four words in a roW")


def test_two_ways_to_type_an_umlaut_are_one_password() -> None:
    assert QUICK.matches(QUICK.hash("schönes Wetter heute"), "scho\u0308nes Wetter heute")


def test_nobody_costs_as_much_work_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def watched(own: PasswordHasher, kept: str, password: str) -> bool:
        verified.append(kept)
        return bool(verify(own, kept, password))

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    assert not QUICK.matches(None, "a password that nobody has")
    assert not QUICK.matches(QUICK.hash("four words in a row"), "another")
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]  # the same method at the same cost


def test_another_cost_is_noticed() -> None:
    kept = QUICK.hash("four words in a row")
    assert (QUICK.outdated(kept), Hasher(memory=16, rounds=1).outdated(kept)) == (False, True)


@pytest.mark.parametrize("text", ["", "  ", "a b", "a\nb", "x" * 121])
def test_a_name_to_sign_in_with_is_one_word(text: str) -> None:
    with pytest.raises(InvalidAccount, match="1 to 120 printable characters and no space"):
        account_name(text)


def test_an_account_refuses_a_name_that_is_not_as_it_is_kept() -> None:
    with pytest.raises(InvalidAccount, match="kept trimmed"):
        Account(1, " ada", Role.TEACHER, NINE)


def test_a_role_is_one_of_four() -> None:
    assert role_of(" Teacher ") is Role.TEACHER
    with pytest.raises(InvalidAccount, match=r"administrator, teacher, observer, student, got 'boss'"):
        role_of("boss")
