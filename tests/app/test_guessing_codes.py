from __future__ import annotations

import pytest

from app.access import FORGET_AFTER_S, FREE_TRIES, LONGEST_WAIT_S, CodeTries
from monitor.errors import TooManyTries

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
