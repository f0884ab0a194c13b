"""The names in a chart of networks stand where they can be read."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.label_places import GAP, LAPTOP, LETTER, PHONE, _boxes, _in_pixels, free_places
from app.model_charts import Mark, networks_scatter


def test_a_lone_mark_is_named_beside_it() -> None:
    assert free_places([(5.0, 0.5)], ["classroom"]) == ["middle right"]


def test_a_mark_at_the_right_edge_is_named_at_its_left() -> None:
    assert free_places([(0.0, 0.1), (1.0, 0.9)], ["small", "largest_network"]) == ["middle right", "middle left"]


def test_a_mark_without_a_name_needs_no_place_but_keeps_its_own() -> None:
    points = [(0.0, 0.0), (0.5, 0.5), (0.5 + (GAP + LETTER) / LAPTOP, 0.5), (1.0, 1.0)]
    places = free_places(points, ["", "middle", "", ""])
    assert places == [None, "middle left", None, None]


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_no_name_hides_another_or_a_mark(width: int) -> None:
    points = [(number % 7 / 40 + number / 20, number * 13 % 11 / 50) for number in range(24)]
    names = [f"network_{number}" for number in range(24)]
    places = free_places(points, names, width)
    boxes = [
        _boxes(centre, LETTER * len(name))[place]
        for centre, name, place in zip(_in_pixels(points, width), names, places, strict=True)
        if place
    ]
    assert len(boxes) > width // 60
    for one, other in combinations(boxes, 2):
        left, top = max(one[0], other[0]), max(one[1], other[1])
        right, bottom = min(one[2], other[2]), min(one[3], other[3])
        assert left >= right or top >= bottom
    for left, top, right, bottom in boxes:
        assert not any(left < x < right and top < y < bottom for x, y in _in_pixels(points, width))


def test_where_there_is_no_room_the_name_is_told_when_the_mark_is_pointed_at() -> None:
    crowd = [Mark(f"a_network_of_a_long_name_{number}", 1_000_000, 0.7) for number in range(9)]
    claimed = networks_scatter([*crowd, Mark("small", 1000, None, 0.5, (0.4, 0.6))]).data[0]
    assert 0 < sum(bool(shown) for shown in claimed.text) < 9
    assert list(claimed.customdata) == [mark.name for mark in crowd]
    assert "%{customdata}" in claimed.hovertemplate


def test_a_network_is_named_once_where_it_was_measured() -> None:
    claimed, measured = networks_scatter([Mark("both", 1000, 0.9, 0.5, (0.4, 0.6)), Mark("paper", 10**6, 0.8)]).data[1:]
    assert (tuple(claimed.text), tuple(measured.text)) == (("", "paper"), ("both",))
