from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.insight.bootstrap import resampled_class_means
from monitor.insight.mood import mood_of
from monitor.insight.report import report
from monitor.insight.windows import cut
from tests.insight.lessons import FIRST, HAPPY, NEUTRAL, SAD, Parts, at, lesson, mixed, timeline

pytestmark = pytest.mark.filterwarnings("error")

Seconds = dict[int, Parts | None]


def stretch(parts: Parts | None, first: int, last: int) -> Seconds:
    return dict.fromkeys(range(first, last), parts)


def exercise(length: int = 1800) -> Seconds:
    """Happy, sad from minute 10 to 15, happy again."""
    return (
        stretch(mixed(happy=5000), 0, 600)
        | stretch(mixed(sad=5000), 600, 900)
        | stretch(mixed(happy=5000), 900, length)
    )


def test_a_lesson_is_summed_up() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 300), "Ben": stretch(SAD, 0, 150), "Cem": {}}, of=lesson(600))
    made = report(found, at(900))
    assert made.duration == timedelta(minutes=10)
    assert (made.measured, made.samples) == (2, 450)
    assert made.coverage == pytest.approx(450 / 600)
    assert made.face_visible == 1
    assert made.mood is not None
    assert made.mood.value == pytest.approx(0)
    assert made.shares[Emotion.HAPPY].value == pytest.approx(0.5)
    assert sum(share.value for share in made.shares.values()) == pytest.approx(1)


def test_a_running_lesson_lasts_until_now() -> None:
    assert report(timeline({"Ada": {0: HAPPY}}), at(90)).duration == timedelta(seconds=90)


def test_each_student_has_a_row() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 90) | stretch(None, 90, 120), "Ben": stretch(None, 0, 60), "Cem": {}})
    ada, ben, cem = report(found, at(120)).students
    assert (ada.minutes, ben.minutes, cem.minutes) == (2, 1, 0)
    assert (ada.face_visible, ben.face_visible, cem.face_visible) == (0.75, 0, None)
    assert (ada.mood, ben.mood, cem.mood) == (1, None, None)
    assert ada.shares is not None
    assert ada.shares[Emotion.HAPPY] == 1
    assert ben.shares is None


def test_a_lesson_without_samples_says_so() -> None:
    for nothing in (timeline({}), timeline({"Ada": {}})):
        made = report(nothing, at(60))
        assert made.empty
        assert made.sentence() == "Nothing was measured in this lesson."
        assert (made.mood, made.coverage, made.face_visible, made.shares, made.moments) == (None, None, None, {}, ())
        assert made.mood_map.moods.shape == (len(nothing.students), 0)


def test_a_lesson_in_which_no_face_was_seen_says_so() -> None:
    made = report(timeline({"Ada": stretch(None, 0, 300)}), at(300))
    assert not made.empty
    assert made.sentence() == "No face was seen in this lesson, so there is no mood to report."
    assert (made.mood, made.shares, made.moments) == (None, {}, ())
    assert (made.measured, made.coverage, made.face_visible) == (1, 1, 0)


def test_a_lesson_of_one_second_has_a_mood_but_no_interval() -> None:
    made = report(timeline({"Ada": {7: HAPPY}}), at(8))
    assert made.mood is not None
    assert (made.mood.value, made.mood.low, made.mood.high) == (1, None, None)
    assert len(made.course) == 1
    assert made.sentence() == "The mood was +1.00 and changed little from one part of the lesson to the next."


def test_a_gap_stays_a_gap() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 300) | stretch(SAD, 900, 1200)})
    made = report(found, at(1200))
    assert made.coverage == pytest.approx(0.5)
    middle = (made.course.starts >= FIRST + 300) & (made.course.starts < FIRST + 900)
    assert np.isnan(made.course.mood[middle]).all()
    assert made.course.few_faces[middle].all()
    assert made.moments == ()


def test_a_lesson_left_open_overnight_is_reported_all_the_same() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 1800) | {14 * 3600: SAD}})
    made = report(found, at(14 * 3600))
    assert len(made.course) <= 120
    assert made.mood is not None
    assert made.mood.low is not None


def test_the_largest_changes_are_found_with_their_time_and_recovery() -> None:
    made = report(timeline({"Ada": exercise(), "Ben": exercise()}), at(1800))
    fall, rise = made.moments
    assert abs((fall.at - at(600)).total_seconds()) <= 10
    assert [fall.before, fall.after] == pytest.approx([0.5, -0.5])
    assert fall.back_after is not None
    assert abs(fall.back_after.total_seconds() - 270) <= 40
    assert rise.change == pytest.approx(1.0)
    assert rise.back_after is None


def test_a_student_who_leaves_is_no_change_of_mood() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 600), "Ben": stretch(SAD, 0, 1200)})
    assert report(found, at(1200)).moments == ()


def test_the_sentence_tells_the_fall_in_the_readers_time() -> None:
    made = report(timeline({"Ada": exercise(), "Ben": exercise()}), at(1800))
    said = made.sentence(ZoneInfo("Europe/Berlin"))
    assert said.startswith("The mood was +0.33 (±0.")
    assert said.endswith(", fell at 10:10 and came back after 4 minutes.")
    fell = exercise(900)
    assert report(timeline({"Ada": fell}), at(900)).sentence().endswith(" and fell at 09:10.")
    rose = stretch(NEUTRAL, 0, 600) | stretch(HAPPY, 600, 1200)
    assert report(timeline({"Ada": rose}), at(1200)).sentence().endswith(" and rose at 09:10.")


def test_intervals_are_the_same_each_time_and_hold_the_value() -> None:
    found = timeline({"Ada": exercise(), "Ben": stretch(NEUTRAL, 0, 1800)})
    first, again = report(found, at(1800)), report(found, at(1800))
    assert first.mood == again.mood
    for estimate in (first.mood, *first.shares.values()):
        assert estimate is not None
        low, high = estimate.bounds
        assert low <= estimate.value <= high


def test_a_lesson_that_never_changes_leaves_no_doubt() -> None:
    made = report(timeline({"Ada": stretch(mixed(happy=3000), 0, 600)}), at(600))
    assert made.mood is not None
    assert list(made.mood.bounds) == pytest.approx([0.3, 0.3])


def test_the_bootstrap_keeps_neighbouring_seconds_together() -> None:
    """AR(1) noise: the interval of the mean is far wider than independent seconds would give, as it should be."""
    random = np.random.default_rng(0)
    noise = np.zeros(1800)
    for second in range(1, 1800):
        noise[second] = 0.95 * noise[second - 1] + random.normal(0, 300)
    parts = {second: mixed(happy=int(np.clip(5000 + value, 0, 10_000))) for second, value in enumerate(noise)}
    resampled = resampled_class_means(cut(timeline({"Ada": parts}), FIRST, 1, 1800))
    assert resampled is not None
    assert resampled.shape == (400, len(EMOTIONS))
    independent = noise.std() / 10_000 / math.sqrt(1800)
    true = 300 / 0.05 / 10_000 / math.sqrt(1800)
    spread = mood_of(resampled).std()
    assert 3 * independent < spread < 1.5 * true


def test_under_two_minutes_there_is_too_little_to_resample() -> None:
    found = timeline({"Ada": stretch(HAPPY, 0, 119)})
    assert resampled_class_means(cut(found, FIRST, 1, 119)) is None
    assert resampled_class_means(cut(found, FIRST, 1, 120)) is not None


def test_the_map_shows_each_student_over_time() -> None:
    made = report(timeline({"Ada": stretch(HAPPY, 0, 1200), "Ben": stretch(SAD, 600, 1200)}), at(1200))
    moods = made.mood_map.moods
    assert [one.name for one in made.mood_map.students] == ["Ada", "Ben"]
    assert (moods[0] == 1).all()
    half = moods.shape[1] // 2
    assert np.isnan(moods[1, :half]).all()
    assert (moods[1, half:] == -1).all()


def test_a_report_names_what_measured() -> None:
    made = report(timeline({"Ada": {0: HAPPY}}, of=replace(lesson(10), network="small")), at(10))
    assert (made.lesson.network, made.lesson.detector) == ("small", "YuNet")
