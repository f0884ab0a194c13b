from __future__ import annotations

from monitor.live.load import FULL_ROUND_S, Load


def test_a_class_is_full_when_one_camera_more_would_make_its_rounds_too_long() -> None:
    load, each = Load(), FULL_ROUND_S / 50
    load.add(each * 48, 48)
    assert not load.full
    load.add(each * 50, 50)
    assert load.full
    assert round(load.round_s, 3) == round(each * 49, 3)


def test_cameras_that_were_let_in_a_moment_ago_count_before_their_first_picture() -> None:
    load, each = Load(), FULL_ROUND_S / 50
    load.add(each * 30, 30)
    for _ in range(25):
        load.join()
    assert load.full


def test_a_single_camera_fills_no_class_however_slow_its_frame_was() -> None:
    load = Load()
    load.add(5.0, 1)
    assert not load.full


def test_a_class_into_which_nothing_comes_is_not_full() -> None:
    assert not Load().full
    assert Load().round_s == 0
