"""Markers as labelled lines and bands."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.charts import mood_over_time, shares_area
from app.marker_lines import GAP_PX, LETTER_PX, PHONE_PX, ROW_PX, marked
from app.report_charts import student_heatmap
from monitor.insight.mood import Course, recent_course
from monitor.insight.report import report
from monitor.teaching import Marker, MarkerKind
from tests.insight.lessons import HAPPY, at, timeline

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def course() -> Course:
    """Ten minutes."""
    return recent_course(timeline({"Ada": dict.fromkeys(range(600), HAPPY)}), at(600))


def marker(second: float, text: str = "", until: float | None = None, left_out: bool = False) -> Marker:
    return Marker(1, 1, at(second), MarkerKind.EXERCISE, text, None if until is None else at(until), left_out)


def labels(figure: Any) -> list[str]:
    return [one.text for one in figure.layout.annotations if one.name == "marker"]


def lines(figure: Any) -> set[str]:
    return {shape.x0 for shape in figure.layout.shapes if shape.type == "line"}


def bands(figure: Any) -> list[tuple[str, str]]:
    return [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"]


def test_a_marker_is_a_line_with_its_word_in_the_readers_zone(course: Course) -> None:
    figure = marked(shares_area(course, BERLIN), course, (marker(120), marker(240, "a <b>")), BERLIN)
    assert lines(figure) == {"2025-11-21T10:02:00", "2025-11-21T10:04:00"}
    assert labels(figure) == ["exercise", "a &lt;b&gt;"]
    assert figure.layout.annotations[0].hovertext == "10:02:00 exercise"


def test_a_span_is_a_band_and_one_that_is_left_out_is_hatched(course: Course) -> None:
    span, out = marker(60, "quiz", until=120), marker(200, "snack", until=300, left_out=True)
    figure = marked(shares_area(course), course, (span, out))
    assert bands(figure) == [
        ("2025-11-21T09:01:00", "2025-11-21T09:02:00"),
        ("2025-11-21T09:03:20", "2025-11-21T09:05:00"),
    ]
    (hatched,) = [trace for trace in figure.data if trace.fill == "toself"]
    assert hatched.fillpattern.shape == "\\"
    assert (hatched.x[0], hatched.x[2]) == ("2025-11-21T09:03:20", "2025-11-21T09:05:00")
    assert labels(figure) == ["quiz", "snack, left out"]


def test_a_break_that_goes_on_reaches_to_the_end_of_the_chart(course: Course) -> None:
    pause = Marker(1, 1, at(500), MarkerKind.BREAK, left_out=True)
    assert bands(marked(shares_area(course), course, (pause,))) == [("2025-11-21T09:08:20", "2025-11-21T09:10:00")]


def test_what_lies_outside_is_not_drawn_and_what_reaches_in_is_cut(course: Course) -> None:
    before, after, into = marker(-60), marker(700), marker(-60, until=60)
    assert not marked(shares_area(course), course, (before, after)).layout.shapes
    figure = marked(shares_area(course), course, (into,))
    assert bands(figure) == [("2025-11-21T09:00:00", "2025-11-21T09:01:00")]
    assert not lines(figure)
    assert labels(figure) == ["exercise"]


def test_a_marker_that_was_just_put_stands_at_the_edge(course: Course) -> None:
    assert lines(marked(shares_area(course), course, (marker(607),))) == {"2025-11-21T09:10:00"}


@pytest.mark.parametrize("apart", [1, 7, 30, 60])
def test_labels_do_not_overlap_on_a_phone(course: Course, apart: int) -> None:
    many = tuple(marker(number, "a long story of this") for number in range(0, 600, apart))
    figure = marked(shares_area(course), course, many)
    placed = [one for one in figure.layout.annotations if one.name == "marker"]
    assert len(placed) >= 5
    boxes = []
    for one in placed:
        start = PHONE_PX * (int(one.x[14:16]) * 60 + int(one.x[17:19])) / 600
        width = LETTER_PX * len(one.text)
        assert len(one.text) <= 16
        boxes.append((one.yshift, *((start, start + width) if one.xanchor == "left" else (start - width, start))))
    assert all(left >= 0 and right <= PHONE_PX + 1e-6 for _, left, right in boxes)
    for place, (row, left, right) in enumerate(boxes):
        for other_row, other_left, other_right in boxes[:place]:
            assert row != other_row or left >= other_right + GAP_PX or other_left >= right + GAP_PX
    assert len(lines(figure)) == len(many), "every marker has its line"


def test_labels_stand_above_those_of_moments() -> None:
    made = report(timeline({"Ada": dict.fromkeys(range(600), HAPPY)}), at(600))
    plain = mood_over_time(made.course)
    figure = marked(mood_over_time(made.course), made.course, (marker(60),))
    assert figure.layout.margin.t == plain.layout.margin.t + ROW_PX
    (label,) = [one for one in figure.layout.annotations if one.name == "marker"]
    assert label.yshift >= 30
    assert len(figure.layout.shapes) == len(plain.layout.shapes) + 2, "the line of mood 0 stays"


def test_the_heat_map_takes_markers_too() -> None:
    made = report(timeline({"Ada": dict.fromkeys(range(600), HAPPY)}), at(600))
    out = marker(100, until=200, left_out=True)
    figure = marked(student_heatmap(made.mood_map), made.mood_map, (out,))
    assert labels(figure) == ["exercise, left out"]
    assert bands(figure)
    assert figure.to_json()


def test_an_empty_chart_stays_as_it_is() -> None:
    nothing = recent_course(timeline({}), at(0))
    assert not marked(shares_area(nothing), nothing, (marker(0),)).layout.shapes
