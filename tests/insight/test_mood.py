from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.insight.mood import (
    Direction,
    agreement_of,
    class_now,
    expressiveness_of,
    mood_of,
    recent_course,
    signed,
    volatility_of,
    whole_course,
)
from monitor.insight.timeline import Timeline
from monitor.insight.windows import cut, nice_width
from tests.insight.lessons import ANGRY, FIRST, HAPPY, NEUTRAL, SAD, Parts, at, lesson, mixed, timeline


def constant(parts: Parts | None, seconds: range) -> dict[int, Parts | None]:
    return dict.fromkeys(seconds, parts)


def shares(**parts: int) -> np.ndarray:
    return np.array(mixed(**parts)) / 10_000


def test_mood_is_happy_minus_the_strongest_negative_emotion() -> None:
    assert mood_of(shares(happy=5000, sad=2000, angry=1000)) == pytest.approx(0.3)
    assert mood_of(shares(surprise=9000)) == 0
    assert mood_of(shares(happy=10_000)) == 1
    assert mood_of(shares(disgust=10_000)) == -1


def test_agreement_is_one_for_one_expression_and_none_when_all_are_as_likely() -> None:
    assert agreement_of(shares(happy=10_000)) == pytest.approx(1)
    assert agreement_of(np.full(7, 1 / 7)) == pytest.approx(0)
    assert agreement_of(shares(happy=5000)) == pytest.approx(1 - math.log(2) / math.log(7))


def test_expressiveness_is_what_is_not_neutral() -> None:
    assert expressiveness_of(shares(happy=3000, fear=1000)) == pytest.approx(0.4)


def test_volatility_is_the_mean_total_variation_between_neighbours() -> None:
    rows = np.stack([shares(happy=10_000), shares(happy=6000), shares(happy=6000)])
    assert volatility_of(rows) == pytest.approx((0.4 + 0.0) / 2)
    gap = np.stack([rows[0], np.full(7, np.nan), rows[1], rows[2]])
    assert volatility_of(gap) == pytest.approx(0.0)
    assert math.isnan(volatility_of(rows[:1]))


def test_a_student_with_more_seconds_counts_no_more_in_the_class() -> None:
    found = timeline({"Ada": constant(HAPPY, range(9)), "Ben": {0: SAD}})
    mean = cut(found, FIRST, 10, 1).class_means[0]
    assert mean[EMOTIONS.index(Emotion.HAPPY)] == pytest.approx(0.5)
    assert mean[EMOTIONS.index(Emotion.SAD)] == pytest.approx(0.5)


def test_a_share_is_a_mean_of_probabilities_not_a_count_of_winners() -> None:
    found = timeline({"Ada": constant(mixed(happy=4000), range(10))})
    assert cut(found, FIRST, 10, 1).class_means[0, EMOTIONS.index(Emotion.HAPPY)] == pytest.approx(0.4)


def test_windows_count_seconds_faces_and_frames() -> None:
    found = timeline({"Ada": {0: HAPPY, 1: None, 9: HAPPY, 10: SAD}, "Ben": {}}, frames=4)
    windows = cut(found, FIRST, 10, 2)
    assert windows.seconds.tolist() == [[3, 1], [0, 0]]
    assert windows.seen.tolist() == [[2, 1], [0, 0]]
    assert windows.faces.tolist() == [[8, 4], [0, 0]]
    assert windows.frames.tolist() == [[12, 4], [0, 0]]
    assert np.isnan(windows.student_means[1]).all()


def test_now_is_the_last_ten_seconds() -> None:
    found = timeline(
        {
            "Ada": constant(SAD, range(10)) | constant(HAPPY, range(10, 20)),
            "Ben": constant(mixed(happy=2000, angry=4000), range(10, 20)),
            "Cem": constant(None, range(10, 20)),
            "Dana": {},
        }
    )
    now = class_now(found, at(19.7))
    assert now.shares is not None
    assert now.shares[Emotion.HAPPY] == pytest.approx(0.6)
    assert now.mood == pytest.approx(0.6 - 0.2)
    assert now.top is Emotion.HAPPY
    assert now.face_visible == pytest.approx(2 / 3)
    assert (now.students, now.here, now.measured, now.visible) == (4, 4, 3, 2)


def test_the_trend_compares_the_last_minute_with_the_one_five_minutes_before() -> None:
    course = constant(NEUTRAL, range(60)) | constant(SAD, range(60, 300))
    for last, change, expected in (
        (mixed(happy=3000), 0.3, Direction.RISING),
        (mixed(happy=400), 0.04, Direction.STEADY),
        (ANGRY, -1.0, Direction.FALLING),
    ):
        now = class_now(timeline({"Ada": course | constant(last, range(300, 360))}), at(359))
        assert now.change == pytest.approx(change)
        assert now.direction is expected


def test_a_young_lesson_has_no_trend_yet() -> None:
    now = class_now(timeline({"Ada": constant(HAPPY, range(30))}), at(29))
    assert now.change is None
    assert now.direction is Direction.UNKNOWN


@pytest.mark.parametrize(
    "nothing",
    [timeline({}), timeline({"Ada": {}}), timeline({"Ada": constant(None, range(20))})],
    ids=["no student", "no sample", "no face"],
)
@pytest.mark.filterwarnings("error")
def test_without_a_face_nothing_is_claimed(nothing: Timeline) -> None:
    now = class_now(nothing, at(19))
    assert now.shares is None
    assert now.mood is None
    assert now.agreement is None
    assert now.volatility is None
    assert now.top is None
    assert now.visible == 0
    assert np.isnan(recent_course(nothing, at(19)).mood).all()
    assert np.isnan(whole_course(nothing).mood).all()


def test_the_windows_of_the_live_chart_keep_their_edges_as_time_goes_on() -> None:
    found = timeline({"Ada": constant(HAPPY, range(1200))})
    edges = [recent_course(found, at(second)) for second in (1000.2, 1001, 1006)]
    assert {course.width for course in edges} == {5}
    assert len(edges[0]) == 120
    assert edges[0].starts[-1] == edges[1].starts[-1] == FIRST + 995
    assert set(edges[0].starts[1:]) == set(edges[2].starts[:-1])


def test_the_live_chart_starts_with_the_lesson_and_shows_what_is_over() -> None:
    found = timeline({"Ada": constant(HAPPY, range(13))})
    course = recent_course(found, at(12))
    assert course.starts.tolist() == [FIRST, FIRST + 5]
    assert recent_course(found, at(12), timedelta(minutes=2)).width == 1


def test_few_faces_are_fewer_than_half_of_those_measured() -> None:
    seconds = range(5)
    found = timeline(
        {
            "Ada": constant(HAPPY, range(10)),
            "Ben": constant(HAPPY, seconds) | constant(None, range(5, 10)),
            "Cem": constant(None, range(10)),
            "Dana": {12: HAPPY},
        }
    )
    course = recent_course(found, at(20))
    assert course.measured.tolist() == [3, 3, 1, 0]
    assert course.visible.tolist() == [2, 1, 1, 0]
    assert course.few_faces.tolist() == [False, True, False, True]


def test_a_whole_lesson_fits_into_120_windows() -> None:
    for length, width in ((50, 1), (2400, 30), (5400, 60), (86_400, 900)):
        found = timeline({"Ada": {0: HAPPY, length - 1: SAD}}, of=lesson(length))
        course = whole_course(found)
        assert course.width == width
        assert len(course) <= 120
        assert not np.isnan(course.mood[[0, -1]]).any()


def test_widths_are_lengths_in_which_people_count() -> None:
    assert [nice_width(span, 120) for span in (100, 600, 2400, 7200)] == [1, 5, 20, 60]
    assert nice_width(10**6, 120) == 8334


def test_moods_are_written_with_their_sign() -> None:
    assert [signed(mood) for mood in (0.314, -0.05, 0.001, -0.001)] == ["+0.31", "−0.05", "0.00", "0.00"]
