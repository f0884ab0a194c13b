from __future__ import annotations

import pytest

from app import resources
from app.access import (
    FORGET_AFTER_S,
    FREE_TRIES,
    LONGEST_WAIT_S,
    MOST_WRONG_CODES_AN_HOUR,
    CodeTries,
    neighbourhood,
)
from monitor.errors import TooManyTries
from monitor.settings import Settings
from monitor.store.lessons import GROUP, SYMBOLS

SCHOOL, HOME = "192.0.2.7", "198.51.100.1"


def wait(tries: CodeTries, now: float, address: str = SCHOOL) -> float:
    """Seconds that this address has to wait."""
    try:
        tries.check(address, now)
    except TooManyTries as error:
        return error.wait_s
    return 0.0


def after(count: int) -> CodeTries:
    tries = CodeTries()
    for _ in range(count):
        tries.wrong(SCHOOL, 100.0)
    return tries


def test_a_few_slips_cost_nothing() -> None:
    assert [wait(after(count), 100.0) for count in range(FREE_TRIES)] == [0.0] * FREE_TRIES


def test_then_each_wrong_code_doubles_the_wait() -> None:
    assert [wait(after(FREE_TRIES + more), 100.0) for more in range(4)] == [2, 4, 8, 16]
    assert wait(after(60), 100.0) == LONGEST_WAIT_S


def test_the_wait_passes() -> None:
    tries = after(FREE_TRIES)
    assert (wait(tries, 101.0), wait(tries, 102.0)) == (1.0, 0.0)


def test_the_wait_is_told_in_seconds() -> None:
    with pytest.raises(TooManyTries, match="Please wait 8 s and try again"):
        after(FREE_TRIES + 2).check(SCHOOL, 100.0)


def test_other_addresses_are_not_slowed() -> None:
    assert wait(after(60), 100.0, HOME) == 0


def test_old_slips_are_forgotten() -> None:
    tries = after(60)
    tries.wrong(HOME, 101.0 + FORGET_AFTER_S)
    assert list(tries._wrong) == [HOME]


def test_a_live_code_is_guessed_in_a_day_with_a_chance_of_less_than_one_in_a_million() -> None:
    """By whoever has any number of addresses, while forty lessons run all day."""
    codes = len(SYMBOLS) ** (2 * GROUP)
    assert 24 * MOST_WRONG_CODES_AN_HOUR * 40 / codes < 1e-6


def test_many_addresses_together_have_no_more_tries_in_an_hour() -> None:
    tries = CodeTries(most_an_hour=MOST_WRONG_CODES_AN_HOUR)
    for number in range(MOST_WRONG_CODES_AN_HOUR):
        assert wait(tries, float(number), f"198.51.{number % 250}.{number // 250}") == 0
        tries.wrong(f"198.51.{number % 250}.{number // 250}", float(number))
    assert wait(tries, 300.0, HOME) == 3300.0
    assert wait(tries, 3600.0, HOME) == 0


def test_who_has_a_whole_network_of_addresses_counts_as_one() -> None:
    assert neighbourhood("2001:db8:1:2::7") == neighbourhood("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:3::7") != neighbourhood("2001:db8:1:2::7")
    assert (neighbourhood(SCHOOL), neighbourhood("")) == (SCHOOL, "local")


def test_an_address_of_ipv4_counts_for_itself_where_it_comes_as_one_of_ipv6() -> None:
    assert neighbourhood(f"::ffff:{SCHOOL}") == SCHOOL
    assert neighbourhood(f"::ffff:{HOME}") != neighbourhood(f"::ffff:{SCHOOL}")


def test_dashboards_that_share_a_database_share_the_tries_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "settings", lambda: Settings(replicas=3))
    resources.code_tries.clear()
    assert resources.code_tries().most_an_hour == MOST_WRONG_CODES_AN_HOUR // 3
    resources.code_tries.clear()
