from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.charts import mood_over_time, shares_area, shares_bars
from app.palette import LOOKS
from app.report_charts import student_heatmap
from app.sparkline import sparkline_svg
from model_zoo.emotions import EMOTIONS, Emotion
from monitor.insight.mood import recent_course
from monitor.insight.report import Report, report
from tests.insight.lessons import HAPPY, Parts, at, mixed, timeline

BERLIN = ZoneInfo("Europe/Berlin")
Seconds = Mapping[int, Parts | None]


def lesson_report() -> Report:
    ada: Seconds = dict.fromkeys(range(600), mixed(happy=4000)) | dict.fromkeys(range(600, 1200), mixed(sad=4000))
    ben: Seconds = {**dict.fromkeys(range(300), mixed(happy=2000)), **dict.fromkeys(range(300, 1200), None)}
    return report(timeline({"Ada": ada, "Ben <b>": ben}), at(1200))


def empty_report() -> Report:
    return report(timeline({}), at(0))


def all_figures(made: Report) -> list[Any]:
    return [
        shares_area(made.course),
        mood_over_time(made.course, moments=made.moments),
        shares_bars(made.shares),
        student_heatmap(made.mood_map),
    ]


def test_the_palette_has_every_emotion_with_a_look_of_its_own() -> None:
    assert set(LOOKS) == set(EMOTIONS)
    assert next(iter(LOOKS)) is Emotion.HAPPY
    for part in ("colour", "emoji", "word"):
        assert len({getattr(look, part) for look in LOOKS.values()}) == len(LOOKS)
    assert all(look.word == emotion.value for emotion, look in LOOKS.items())


def test_the_area_stacks_the_seven_in_the_order_and_colours_of_the_palette() -> None:
    figure = shares_area(lesson_report().course)
    stacked = [trace for trace in figure.data if trace.stackgroup]
    assert [trace.name for trace in stacked] == [look.label for look in LOOKS.values()]
    assert [trace.line.color for trace in stacked] == [look.colour for look in LOOKS.values()]
    assert stacked[0].y[0] == pytest.approx(0.3)
    assert sum(trace.y[0] for trace in stacked) == pytest.approx(1)


def test_the_mood_lies_on_an_axis_of_its_own_and_tells_the_faces() -> None:
    figure = shares_area(lesson_report().course)
    mood = next(trace for trace in figure.data if trace.name == "mood")
    assert mood.yaxis == "y2"
    assert tuple(figure.layout.yaxis2.range) == (-1, 1)
    assert mood.text[0] == "2 of 2"
    assert mood.text[-1] == "1 of 2"


def test_times_are_those_of_the_readers_zone() -> None:
    course = recent_course(timeline({"Ada": dict.fromkeys(range(60), HAPPY)}), at(60))
    assert shares_area(course, BERLIN).data[0].x[0] == "2025-11-21T10:00:00"
    assert shares_area(course, UTC).data[0].x[0] == "2025-11-21T09:00:00"
    made = lesson_report()
    assert mood_over_time(made.course, BERLIN, made.moments).layout.annotations[0].text == "10:10 ↘"
    assert student_heatmap(made.mood_map, BERLIN).data[0].x[0].startswith("2025-11-21T10:00:")


def test_a_stretch_with_few_faces_is_hatched_as_one() -> None:
    seconds: Seconds = dict.fromkeys(range(100), HAPPY) | dict.fromkeys(range(200, 300), HAPPY)
    course = recent_course(timeline({"Ada": seconds}), at(300))
    hatched = [trace for trace in shares_area(course).data if trace.fill == "toself"]
    assert len(hatched) == 1
    assert hatched[0].fillpattern.shape == "/"
    assert list(hatched[0].x).count(None) == 1
    assert hatched[0].name == "◌ few faces"
    seen = recent_course(timeline({"Ada": dict.fromkeys(range(300), HAPPY)}), at(300))
    assert not [trace for trace in shares_area(seen).data if trace.fill == "toself"]


def test_a_gap_is_left_out_not_drawn_through() -> None:
    seconds: Seconds = dict.fromkeys(range(100), HAPPY) | dict.fromkeys(range(200, 300), HAPPY)
    course = recent_course(timeline({"Ada": seconds}), at(300))
    mood = next(trace for trace in mood_over_time(course).data if trace.name == "mood")
    assert list(mood.y[20:40]) == [None] * 20
    assert None not in mood.y[:20]


def test_the_live_chart_has_at_most_120_points() -> None:
    found = timeline({"Ada": dict.fromkeys(range(3000), HAPPY)})
    for minutes in (2, 10, 45):
        figure = shares_area(recent_course(found, at(3000), timedelta(minutes=minutes)))
        assert all(len(trace.x) <= 120 + 1 for trace in figure.data)


def test_bars_have_their_interval_as_a_whisker_and_in_words() -> None:
    made = lesson_report()
    figure = shares_bars(made.shares)
    bars = figure.data[0]
    assert list(bars.y) == [look.label for look in LOOKS.values()]
    assert list(bars.marker.color) == [look.colour for look in LOOKS.values()]
    happy = made.shares[Emotion.HAPPY]
    assert bars.x[0] == pytest.approx(happy.value)
    assert bars.x[0] + bars.error_x.array[0] == pytest.approx(happy.high)
    assert bars.x[0] - bars.error_x.arrayminus[0] == pytest.approx(happy.low)
    assert re.fullmatch(r"20% \(\d+–\d+\)", figure.layout.annotations[0].text)


def test_the_heat_map_has_a_row_per_student_and_the_same_scale_on_both_sides_of_zero() -> None:
    made = lesson_report()
    figure = student_heatmap(made.mood_map)
    heat = figure.data[0]
    assert heat.zmin == -heat.zmax
    assert len(heat.z) == 2
    assert heat.z[0][0] == pytest.approx(0.4)
    assert heat.z[1][-1] is None
    assert list(figure.layout.yaxis.ticktext) == ["Ada", "Ben &lt;b&gt;"]


def test_a_long_name_is_cut_on_the_axis_and_whole_in_the_hover() -> None:
    name = "Maximiliane-Alexandra von Hohenstein"
    figure = student_heatmap(report(timeline({name: {0: HAPPY}}), at(1)).mood_map)
    assert figure.layout.yaxis.ticktext[0] == "Maximiliane-Ale…"
    assert figure.data[0].text[0][0] == name


def test_all_figures_fit_either_theme_and_keep_still() -> None:
    for figure in all_figures(lesson_report()):
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert figure.layout.font.color is None
        assert figure.layout.uirevision == "same"
        assert figure.layout.legend.orientation == "h"
        assert figure.layout.height <= 400


def test_an_empty_figure_says_so() -> None:
    for figure in all_figures(empty_report()):
        assert figure.layout.annotations[-1].text == "Nothing measured yet"
        assert figure.layout.yaxis.visible is False


def test_a_lesson_without_a_face_can_be_drawn() -> None:
    for figure in all_figures(report(timeline({"Ada": dict.fromkeys(range(300), None)}), at(300))):
        assert figure.to_json()


def test_a_sparkline_has_a_stroke_per_stretch_and_names_its_last_value() -> None:
    svg = sparkline_svg([0.1, 0.2, float("nan"), 0.3, 0.31])
    assert svg.count("<polyline") == 2
    assert 'aria-label="mood +0.31"' in svg
    assert "currentColor" in svg


def test_a_sparkline_without_a_face_says_so() -> None:
    for values in ([], [float("nan")] * 24):
        svg = sparkline_svg(values)
        assert "<polyline" not in svg
        assert 'aria-label="mood: no face"' in svg


def test_a_sparkline_stays_inside_of_its_box() -> None:
    heights = re.findall(r",([\d.]+)", re.findall(r'points="([^"]+)"', sparkline_svg(np.array([-3.0, 0.0, 3.0])))[0])
    assert [float(height) for height in heights] == [22, 12, 2]
