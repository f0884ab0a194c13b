"""A small class is read as its cameras send; of a large one two frames a second of each, in step with the seconds."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.live.rounds import ENOUGH, GATHER_S, pause, rounds_a_second

MONDAY = 1_790_000_000.0


@pytest.mark.parametrize(("cameras", "rounds"), [(0, 10), (1, 10), (6, 10), (10, 6), (12, 5), (30, 2), (100, 2)])
def test_the_more_cameras_the_fewer_frames_of_each_but_never_less_than_two(cameras: int, rounds: int) -> None:
    assert rounds_a_second(cameras) == rounds
    assert rounds * cameras <= ENOUGH or rounds == 2


def test_a_camera_that_shows_a_room_is_followed_more_closely() -> None:
    assert [rounds_a_second(cameras, room=True) for cameras in (1, 12, 31)] == [10, 5, 5]


@pytest.mark.parametrize("cameras", [1, 6, 10, 12, 20, 30, 60])
def test_a_round_begins_as_soon_as_a_second_is_over(cameras: int) -> None:
    """However long each takes, as long as there is time for it: so the second is stored at once."""
    chance, now = np.random.default_rng(cameras), MONDAY + 0.37
    period, begins = 1 / rounds_a_second(cameras), []
    while now < MONDAY + 20:
        begins.append(now)
        ends = now + chance.uniform(0, period - GATHER_S)
        now = ends + pause(now, ends, cameras)
    late = [min(begin for begin in begins if begin >= second) - second for second in np.arange(MONDAY + 2, MONDAY + 19)]
    # Rounds of a tenth of a second have no time to wait for one another.
    assert max(late) < 0.03 or period <= GATHER_S + 1e-9
    assert max(late) <= period
    assert len(begins) == pytest.approx(20 / period, rel=0.05)


def test_who_is_behind_waits_no_longer_than_it_takes_to_gather_frames() -> None:
    assert pause(MONDAY + 0.02, MONDAY + 0.9, 60) == GATHER_S
    assert pause(MONDAY + 0.02, MONDAY + 0.48, 60) == GATHER_S


def test_a_clock_that_is_set_stops_no_class() -> None:
    for set_to in (MONDAY - 3600, MONDAY + 3600):
        assert GATHER_S <= pause(MONDAY, set_to, 30) <= 0.5
