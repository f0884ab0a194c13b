from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.clock import Clock

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
HOUR = timedelta(hours=1)


class Machine:
    """Its clock can be set, and time passes when it is told to."""

    def __init__(self) -> None:
        self.wall, self.running = NOON, 5.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.running += seconds

    def is_set(self, by: timedelta) -> None:
        self.wall += by.total_seconds()


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> Clock:
    return Clock(lambda: machine.wall, lambda: machine.running)


def after_noon(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOON + seconds, UTC)


def test_it_is_the_machine_s_own_time(clock: Clock, machine: Machine) -> None:
    assert clock.now() == after_noon(0)
    machine.passes(3.5)
    assert (clock.now(), clock.ahead) == (after_noon(3.5), timedelta(0))


def test_set_back_an_hour_it_goes_on(clock: Clock, machine: Machine) -> None:
    machine.passes(10)
    machine.is_set(-HOUR)
    assert (clock.now(), clock.ahead) == (after_noon(10), HOUR)
    machine.passes(10)
    assert clock.now() == after_noon(20)
    machine.is_set(-HOUR)
    assert (clock.now(), clock.ahead) == (after_noon(20), 2 * HOUR)


def test_set_back_and_forward_again_it_is_the_machine_s_own(clock: Clock, machine: Machine) -> None:
    machine.is_set(-HOUR)
    assert clock.ahead == HOUR
    machine.is_set(HOUR)
    assert (clock.now(), clock.ahead) == (after_noon(0), timedelta(0))


def test_set_forward_it_follows(clock: Clock, machine: Machine) -> None:
    machine.is_set(HOUR)
    assert (clock.now(), clock.ahead) == (after_noon(3600), timedelta(0))


def test_many_small_corrections_are_followed_too(clock: Clock, machine: Machine) -> None:
    for _ in range(20):
        machine.is_set(timedelta(seconds=-0.5))
        assert clock.ahead == timedelta(0)
    assert clock.now() == after_noon(-10)


def test_when_no_lesson_runs_it_is_the_machine_s_own_time_again(clock: Clock, machine: Machine) -> None:
    machine.is_set(-HOUR)
    assert clock.ahead == HOUR
    clock.settle()
    assert (clock.now(), clock.ahead) == (after_noon(-3600), timedelta(0))


def test_a_server_that_starts_after_the_clock_was_set_back_begins_where_its_lesson_was(
    clock: Clock, machine: Machine
) -> None:
    clock.catch_up(after_noon(3600))
    assert clock.now() == after_noon(3600)
    machine.passes(5)
    clock.catch_up(after_noon(3601))
    assert clock.now() == after_noon(3605)


def test_a_sample_of_another_year_does_not_lead_it_away(clock: Clock) -> None:
    clock.catch_up(after_noon(3600 * 24 * 365))
    assert clock.now() == after_noon(0)
