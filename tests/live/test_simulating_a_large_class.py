"""The simulation behind docs/capacity.md, where what must come out is known."""

from __future__ import annotations

from tests.benchmarks.capacity import CLASS, Costs, most, needs, simulate

QUICK = Costs(read_ms=4, receive_ms=2, idle_mb=200, student_mb=4, rows_per_second=5000, page=0.05, cores=2)


def test_a_small_class_is_read_whole_and_costs_what_its_frames_cost() -> None:
    found = simulate(QUICK, 10)
    assert found.share == 1
    assert abs(found.read_per_second - 5) < 0.2
    assert abs(found.cores - 10 * 5 * (4 + 2) / 1000) < 0.03


def test_of_a_class_that_is_too_large_fewer_frames_are_read_before_any_second_is_lost() -> None:
    crowded, overrun = simulate(QUICK, 100), simulate(QUICK, 600)
    assert crowded.share > 0.99
    assert crowded.read_per_second < 4
    assert overrun.share < 0.6


def test_a_server_holds_more_when_a_frame_costs_less() -> None:
    slow = Costs(16, 2, 200, 4, 5000, 0.05, 2)
    assert 30 < most(slow) < most(QUICK)


def test_what_is_needed_grows_with_the_students_and_names_what_gives_way() -> None:
    one, many = needs(QUICK, CLASS), needs(QUICK, 100_000)
    assert (one["servers"], one["databases"]) == (1, 1)
    assert many["servers"] >= 100_000 // most(QUICK)
    assert many["used"][many["gives_way_first"]] > 1
