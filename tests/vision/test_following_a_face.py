from __future__ import annotations

import math

import pytest

from monitor.domain import Box, Face, Square
from monitor.vision.smoothing import Smoother
from monitor.vision.tracking import OnlyFace, overlap
from tests.lesson import HAPPY, SAD, second


def face(x: float, width: float = 50, y: float = 60) -> Face:
    return Face(Box(x, y, width, width), 0.9, Square((x, y), width))


def test_no_face_is_no_track() -> None:
    assert OnlyFace("ada").follow([], second(0)) == []


def test_the_largest_face_is_the_first_to_be_followed() -> None:
    (track,) = OnlyFace("ada").follow([face(0, 40), face(200, 60), face(100, 50)], second(0))
    assert (track.stream, track.number, track.others) == ("ada", 1, 2)
    assert track.face == face(200, 60)


def test_the_face_that_was_there_stays_when_a_larger_one_looks_over_the_shoulder() -> None:
    tracker = OnlyFace("ada")
    tracker.follow([face(100)], second(0))
    (track,) = tracker.follow([face(200, 90), face(105)], second(0))
    assert (track.number, track.face, track.others) == (1, face(105), 1)


def test_when_it_is_gone_the_other_begins_a_new_track() -> None:
    tracker = OnlyFace("ada")
    tracker.follow([face(100)], second(0))
    (track,) = tracker.follow([face(200, 90)], second(0))
    assert (track.number, track.others) == (2, 0)


def test_a_face_that_comes_back_is_a_new_track() -> None:
    tracker = OnlyFace("ada")
    numbers = [[track.number for track in tracker.follow(faces, second(0))] for faces in ([face(100)], [], [face(100)])]
    assert numbers == [[1], [], [2]]


def test_overlap_is_the_shared_part() -> None:
    assert overlap(Box(0, 0, 10, 10), Box(0, 0, 10, 10)) == 1
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert overlap(Box(0, 0, 10, 10), Box(10, 0, 10, 10)) == 0
    assert overlap(Box(0, 0, 10, 10), Box(40, 40, 10, 10)) == 0


def test_after_the_time_constant_63_percent_of_a_change_is_through() -> None:
    smoother = Smoother(0.5)
    smoother.steady(HAPPY, second(0))
    steadied = smoother.steady(SAD, second(0.5))
    way = [
        (now - old) / (new - old)
        for old, new, now in zip(HAPPY.probabilities, SAD.probabilities, steadied.probabilities, strict=True)
        if old != new
    ]
    assert way == pytest.approx([1 - math.exp(-1)] * len(way))


def test_dropped_frames_do_not_slow_the_smoothing() -> None:
    often, seldom = Smoother(0.4), Smoother(0.4)
    for smoother in (often, seldom):
        smoother.steady(HAPPY, second(0))
    for number in range(1, 11):
        last = often.steady(SAD, second(number / 10))
    assert last.probabilities == pytest.approx(seldom.steady(SAD, second(1)).probabilities)


def test_zero_switches_smoothing_off() -> None:
    smoother = Smoother(0)
    smoother.steady(HAPPY, second(0))
    assert smoother.steady(SAD, second(0)) == SAD


def test_a_clock_that_was_set_back_breaks_nothing() -> None:
    smoother = Smoother(0.3)
    smoother.steady(HAPPY, second(0))
    assert smoother.steady(SAD, second(-3600)).probabilities == pytest.approx(HAPPY.probabilities)
    assert smoother.steady(SAD, second(-3590)).probabilities == pytest.approx(SAD.probabilities)
