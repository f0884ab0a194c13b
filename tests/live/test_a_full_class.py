from __future__ import annotations

from monitor.live.load import FULL_ROUND_S, LEAST_ROUNDS, Load


def test_a_class_whose_rounds_take_too_long_is_full_and_says_how_long_they_take() -> None:
    load = Load()
    for _ in range(LEAST_ROUNDS):
        load.add(FULL_ROUND_S + 0.1)
    assert load.full
    assert round(load.round_s, 3) == round(FULL_ROUND_S + 0.1, 3)


def test_one_slow_round_fills_no_class() -> None:
    load = Load()
    load.add(5.0)
    assert not load.full


def test_a_class_that_has_room_again_is_not_full() -> None:
    load = Load()
    for seconds in [FULL_ROUND_S + 0.1] * LEAST_ROUNDS + [0.05] * 30:
        load.add(seconds)
    assert not load.full
