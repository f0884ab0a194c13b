from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.insight.bootstrap import blocks_in, estimate, resampled_class_means, student_t
from monitor.insight.effects import effects
from monitor.insight.left_out import Span, counted, left_out
from monitor.insight.mood import mood_of
from monitor.insight.report import report
from monitor.insight.timeline import Follower, Timeline, read_timeline
from monitor.insight.windows import Windows
from monitor.store.store import Store
from monitor.teaching import Marker, MarkerKind
from tests.insight.lessons import FIRST, HAPPY, NEUTRAL, SAD, Parts, at, lesson, mixed, student, timeline
from tests.lesson import sample, seat, start

pytestmark = pytest.mark.filterwarnings("error")


def stretch(parts: Parts | None, first: int, last: int) -> dict[int, Parts | None]:
    return dict.fromkeys(range(first, last), parts)


def marker(second: float, until: float | None = None, left_out: bool = False, number: int = 1) -> Marker:
    kind = MarkerKind.BREAK if left_out else MarkerKind.EXERCISE
    return Marker(number, 1, at(second), kind, "", None if until is None else at(until), left_out)


def marked(seconds: dict[str, dict[int, Parts | None]], *markers: Marker) -> Timeline:
    return replace(timeline(seconds, of=lesson(1200)), markers=markers)


def test_a_timeline_brings_the_markers_of_its_lesson(store: Store) -> None:
    begun = start(store)
    store.samples.add([sample(seat(store, begun), 0)])
    put = store.markers.put(begun.id, begun.started_at, MarkerKind.QUIZ)
    assert read_timeline(store, begun.id).markers == (put,)
    follower = Follower(store, begun.id)
    assert follower.refresh().markers == (put,)
    store.markers.remove(put.id)
    assert follower.refresh().markers == ()


def test_what_is_left_out_counts_for_no_figure_but_stays_in_the_course() -> None:
    seconds = {"Ada": stretch(HAPPY, 0, 300) | stretch(SAD, 300, 600) | stretch(HAPPY, 600, 1200)}
    with_break = report(marked(seconds, marker(300, 600, left_out=True)), at(1200))
    assert with_break.mood is not None
    assert with_break.mood.value == 1
    assert with_break.shares[Emotion.SAD].value == 0
    assert (with_break.samples, with_break.students[0].minutes, with_break.coverage) == (900, 15, 1)
    assert (with_break.volatility, with_break.moments) == (0, ())
    assert with_break.left_out == (Span(FIRST + 300, FIRST + 600),)
    assert -1 in with_break.course.mood
    assert -1 in with_break.mood_map.moods
    without = report(marked(seconds, marker(300, 600)), at(1200))
    assert without.mood is not None
    assert without.mood.value == pytest.approx(0.5)


def test_seconds_are_left_out_from_the_marker_up_to_its_end() -> None:
    found = counted(marked({"Ada": stretch(HAPPY, 0, 10)}, marker(2.5, 5, left_out=True)))
    assert list(found.samples["second"] - FIRST) == [0, 1, 2, 5, 6, 7, 8, 9]


def test_spans_that_overlap_are_one_and_one_without_an_end_goes_on_to_the_last_second() -> None:
    seconds = {"Ada": stretch(HAPPY, 0, 100)}
    spans = [marker(10, 20, True), marker(15, 30, True), marker(12, 14, True), marker(90, None, True)]
    assert left_out(marked(seconds, *spans)) == (Span(FIRST + 10, FIRST + 30), Span(FIRST + 90, FIRST + 100))
    assert left_out(marked(seconds, marker(500, 600, True))) == ()


def test_a_lesson_that_is_left_out_as_a_whole_says_so() -> None:
    made = report(marked({"Ada": stretch(HAPPY, 0, 100)}, marker(0, None, True)), at(100))
    assert made.empty
    assert "left out" in made.sentence()
    assert (made.mood, made.coverage, made.confidence, made.moments) == (None, None, None, ())
    assert len(made.course)


def test_faces_without_a_name_count_for_the_class_only() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 60), "face 1": stretch(SAD, 0, 60)})
    nameless = replace(student(2, "face 1"), named=False)
    made = report(replace(found, students=(found.students[0], nameless)), at(60))
    assert made.mood is not None
    assert made.mood.value == 0
    assert (made.measured, made.unnamed) == (2, 1)
    assert [row.student.name for row in made.students] == ["Ada"]
    assert [one.name for one in made.mood_map.students] == ["Ada"]
    assert made.mood_map.moods.shape[0] == 1


def test_confidence_is_the_mean_of_the_largest_probability_over_students() -> None:
    """Ada: (0.7 + 0.5) / 2, Ben: 1."""
    ada = {0: mixed(happy=7000), 1: mixed(sad=5000), 2: None}
    made = report(timeline({"Ada": ada, "Ben": {0: NEUTRAL}, "Cem": {0: None}}), at(3))
    assert made.confidence == pytest.approx((0.6 + 1) / 2)


def test_before_and_after_a_marker_are_two_minutes_each_of_the_same_students() -> None:
    """Ada goes from 0.5 to −0.5; Ben, who left before the marker, is on neither side."""
    ada = stretch(mixed(happy=5000), 0, 600) | stretch(mixed(sad=5000), 600, 1200)
    (found,) = effects(marked({"Ada": ada, "Ben": stretch(SAD, 0, 500)}, marker(600)))
    assert (found.before_s, found.after_s, found.students) == (120, 120, 1)
    assert found.before is not None
    assert found.after is not None
    assert found.change is not None
    assert [found.before.value, found.after.value, found.change.value] == pytest.approx([0.5, -0.5, -1.0])
    assert list(found.change.bounds) == pytest.approx([-1, -1])
    assert found.shares_before is not None
    assert found.shares_before[Emotion.HAPPY] == pytest.approx(0.5)


def test_a_side_is_cut_at_neighbours_and_at_the_ends_and_is_then_too_short_for_an_interval() -> None:
    seconds = {"Ada": stretch(HAPPY, 0, 400)}
    first, second, third = effects(marked(seconds, marker(60), marker(100, number=2), marker(395, number=3)))
    assert [(one.before_s, one.after_s) for one in (first, second, third)] == [(60, 40), (40, 120), (120, 5)]
    assert first.change is not None
    assert first.change.low is None
    assert third.change is None


def test_a_span_that_is_left_out_is_compared_around_itself() -> None:
    seconds = {"Ada": stretch(HAPPY, 0, 300) | stretch(SAD, 300, 600) | stretch(NEUTRAL, 600, 1200)}
    (found,) = effects(marked(seconds, marker(300, 600, left_out=True)))
    assert (found.before_s, found.after_s) == (120, 120)
    assert found.before is not None
    assert found.after is not None
    assert (found.before.value, found.after.value) == (1, 0)


def test_a_marker_with_nobody_on_both_sides_or_outside_of_what_was_measured_has_no_numbers() -> None:
    seconds = {"Ada": stretch(HAPPY, 0, 300), "Ben": stretch(SAD, 300, 600)}
    (found,) = effects(marked(seconds, marker(300), marker(2000, number=2)))
    assert (found.students, found.before, found.change) == (0, None, None)
    assert effects(marked({"Ada": {}}, marker(0))) == ()


@pytest.mark.parametrize(("degrees", "expected"), [(3, 3.182), (6, 2.447), (30, 2.042), (1000, 1.962)])
def test_students_t_is_that_of_the_tables(degrees: int, expected: float) -> None:
    assert student_t(degrees) == pytest.approx(expected, abs=0.03)


def autocorrelated(random: np.random.Generator, series: int, length: int, keep: float) -> np.ndarray:
    steps = random.normal(0, 0.05 * np.sqrt(1 - keep**2), (series, length))
    steps[:, 0] /= np.sqrt(1 - keep**2)
    for second in range(1, length):
        steps[:, second] += keep * steps[:, second - 1]
    return steps


def windows_of(happy: Sequence[float]) -> Windows:
    """One student, a second each: p(happy) as given, the rest neutral."""
    count = len(happy)
    scores = np.zeros((1, count, len(EMOTIONS)))
    scores[0, :, EMOTIONS.index(Emotion.HAPPY)] = happy
    scores[0, :, EMOTIONS.index(Emotion.NEUTRAL)] = 1 - np.asarray(happy)
    ones = np.ones((1, count))
    return Windows(FIRST + np.arange(count, dtype=np.int64), 1, ones, ones, ones, ones, scores)


@pytest.mark.parametrize(("length", "least"), [(120, 0.8), (300, 0.8)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(length: int, least: float) -> None:
    """Seconds that forget within five seconds: of 100 lessons with the true mood 0.5. Not 95 of 100, but most:
    half-minutes are few in so short a time."""
    held = 0
    for happy in 0.5 + autocorrelated(np.random.default_rng(3), 100, length, np.exp(-1 / 5)):
        windows = windows_of(happy)
        resampled = resampled_class_means(windows)
        assert resampled is not None
        low, high = estimate(float(happy.mean()), mood_of(resampled), blocks_in(windows), (-1, 1)).bounds
        held += low <= 0.5 <= high
    assert least <= held / 100 <= 0.99


def test_times_of_spans_are_aware() -> None:
    assert Span(FIRST, FIRST + 5).start == datetime.fromtimestamp(FIRST, UTC)
    assert len(Span(FIRST, FIRST + 5)) == 5
