from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from app.comparison_charts import courses, groups_chart, moods_over_lessons, shares_beside
from app.lesson_cells import mood_bar
from app.palette import HIGH, LOOKS, LOW
from app.report_charts import change_words, effects_chart, student_heatmap, student_mood
from monitor.insight.bootstrap import Estimate
from monitor.insight.comparison import Group, lesson_figures, median
from monitor.insight.effects import effects
from monitor.insight.report import report
from monitor.insight.student_report import student_report
from monitor.insight.timeline import Timeline
from monitor.teaching import Marker, MarkerKind
from tests.insight.lessons import HAPPY, SAD, Parts, at, mixed, timeline
from tests.insight.test_comparing_lessons import minutes, steady

Seconds = Mapping[int, Parts | None]


def five_students() -> Timeline:
    """Ada smiles, then is sad from the marker on; the others smile a little."""
    ada: Seconds = dict.fromkeys(range(300), HAPPY) | dict.fromkeys(range(300, 600), SAD)
    others: dict[str, Seconds] = {
        f"Ben {number} <b>": dict.fromkeys(range(600), mixed(happy=1000 * number)) for number in range(1, 5)
    }
    exercise = Marker(1, 1, at(300), MarkerKind.EXERCISE, "<i>fractions</i>")
    return replace(timeline({"Ada": ada, **others}), markers=(exercise,))


def test_the_change_stands_beside_its_marker() -> None:
    figure = effects_chart(effects(five_students()))
    (label,) = figure.layout.yaxis.ticktext
    assert label.startswith("09:05 &lt;i&gt;fraction")
    assert "−0." in label
    line, before, after = figure.data
    assert line.line.color == LOW
    assert (before.marker.symbol, after.marker.symbol) == ("circle-open", "circle")
    assert after.x[0] < before.x[0]


def test_markers_without_figures_say_that_nothing_was_measured() -> None:
    assert effects_chart([]).layout.annotations[0].text == "Nothing measured yet"


@pytest.mark.parametrize(
    ("change", "words"),
    [(Estimate(-0.214), "−0.21"), (Estimate(0.2, 0.0, 0.41), "+0.20 (0.00 … +0.41)")],
)
def test_a_change_is_told_with_its_sign_and_interval(change: Estimate, words: str) -> None:
    assert change_words(change) == words


def test_a_students_mood_lies_on_the_band_of_the_class() -> None:
    found = student_report(five_students(), 1)
    assert found is not None
    low, high, mood, visible = student_mood(found).data
    assert (low.y[0], high.y[0], mood.y[0]) == (0.2, 0.4, 1)
    assert (mood.y[-1], visible.y[0], visible.yaxis) == (-1, 1, "y2")


def test_the_band_takes_four_students() -> None:
    found = student_report(timeline({"Ada": dict.fromkeys(range(60), HAPPY)}), 1)
    assert found is not None
    assert set(student_mood(found).data[0].y) == {None}


def test_a_click_on_the_heat_map_tells_the_student() -> None:
    figure = student_heatmap(report(five_students(), at(600)).mood_map)
    heat, marks = figure.data
    assert len(marks.x) == len(marks.customdata) == len(heat.x) * 5
    assert sorted(set(marks.customdata)) == [1, 2, 3, 4, 5]
    assert marks.marker.opacity == 0
    assert "<b>" not in marks.text[-1]


def test_lessons_stand_in_order_with_their_intervals_and_the_median() -> None:
    found = [lesson_figures(minutes(steady(1, shown, 0, 6))) for shown in (HAPPY, SAD)]
    figure = moods_over_lessons(found, median([1, -1]))
    lessons: Any = next(trace for trace in figure.data if trace.error_y.array is not None)
    assert list(lessons.y) == [1, -1]
    assert list(lessons.error_y.array) == [0, 0]
    assert "median 0.00" in {trace.name for trace in figure.data}


def test_shares_add_up_in_the_order_of_the_palette() -> None:
    found = lesson_figures(minutes(steady(1, mixed(happy=3000), 0, 6)))
    figure = shares_beside(["a <b>"], [found.shares])
    assert [trace.name for trace in figure.data] == [look.label for look in LOOKS.values()]
    assert sum(trace.x[0] for trace in figure.data) == pytest.approx(1)
    assert figure.layout.yaxis.ticktext == ("a &lt;b&gt;",)


def test_courses_begin_at_the_start_of_each_lesson() -> None:
    found = [lesson_figures(minutes(steady(1, HAPPY, first, first + 6))) for first in (0, 30)]
    lines = courses(["a", "b"], found).data
    assert [list(line.x) for line in lines] == [[0, 1, 2, 3, 4, 5]] * 2
    assert lines[0].line.dash != lines[1].line.dash


def test_a_group_shows_each_lesson_and_the_median() -> None:
    group = Group("7b", 3, (0.1, 0.2, 0.6), median([0.1, 0.2, 0.6]), {})
    each, middle = groups_chart([group]).data
    assert (tuple(each.x), tuple(middle.x)) == ((0.1, 0.2, 0.6), (0.2,))


def test_a_mood_is_a_bar_from_the_middle() -> None:
    rising, falling = (unquote(mood_bar(Estimate(mood)) or "") for mood in (0.25, -0.25))
    assert HIGH in rising
    assert LOW in falling
    starts = [float(re.findall(r'<rect x="([\d.]+)"', drawing)[0]) for drawing in (rising, falling)]
    assert starts == [60, 31]
    assert mood_bar(None) is None
