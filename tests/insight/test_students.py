from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model_zoo.emotions import Emotion
from monitor.domain import Presence
from monitor.insight.mood import class_now
from monitor.insight.students import Seen, students_now, unnamed_visible
from monitor.insight.timeline import Timeline
from tests.insight.lessons import HAPPY, SAD, at, mixed, timeline


def now_of(found: Timeline, second: float, presence: Presence = Presence.HERE, since: float = 0) -> Seen:
    one = replace(found.students[0], presence=presence, presence_at=at(since))
    return students_now(replace(found, students=(one,)), at(second))[0].seen


def test_the_last_face_says_which_two_emotions_are_likeliest() -> None:
    found = timeline({"Ada": {0: SAD, 1: mixed(happy=7200, surprise=1400), 2: None}, "Ben": {}})
    ada, ben = students_now(found, at(3.5))
    assert ada.top == ((Emotion.HAPPY, 0.72), (Emotion.SURPRISE, 0.14))
    assert ada.face_age_s == pytest.approx(2.5)
    assert ada.sample_age_s == pytest.approx(1.5)
    assert (ben.top, ben.face_age_s, ben.sample_age_s) == ((), None, None)


def test_a_student_is_lost_within_five_seconds_of_silence() -> None:
    found = timeline({"Ada": dict.fromkeys(range(10), HAPPY)})
    assert now_of(found, 11) is Seen.FACE
    assert now_of(found, 14.5) is Seen.LOST


def test_a_face_that_is_gone_is_not_a_lost_connection() -> None:
    seen = dict.fromkeys(range(10), HAPPY)
    assert now_of(timeline({"Ada": seen}), 11) is Seen.FACE
    assert now_of(timeline({"Ada": seen | {10: None}}), 11) is Seen.NO_FACE
    assert now_of(timeline({"Ada": seen | dict.fromkeys(range(10, 20), None)}), 20) is Seen.NO_FACE


def test_most_of_the_last_second_says_whether_there_is_a_face() -> None:
    found = timeline({"Ada": dict.fromkeys(range(10), HAPPY)})
    for faces, seen in ((0, Seen.NO_FACE), (2, Seen.NO_FACE), (3, Seen.FACE), (5, Seen.FACE)):
        samples = found.samples.assign(frames=5, faces=[5] * 9 + [faces])
        assert now_of(replace(found, samples=samples), 11) is seen, faces


def test_what_a_student_chose_goes_before_what_was_measured() -> None:
    found = timeline({"Ada": dict.fromkeys(range(10), HAPPY)})
    assert now_of(found, 60, Presence.PAUSED) is Seen.PAUSED
    assert now_of(found, 60, Presence.LEFT) is Seen.LEFT
    assert now_of(found, 60, Presence.INVITED) is Seen.WAITING


def test_who_has_just_joined_or_come_back_is_not_lost_yet() -> None:
    assert now_of(timeline({"Ada": {}}), 3) is Seen.NO_FACE
    assert now_of(timeline({"Ada": {}}), 30) is Seen.LOST
    assert now_of(timeline({"Ada": {0: HAPPY}}), 62, since=60) is Seen.NO_FACE


def test_the_sparkline_is_the_mood_of_two_minutes_with_gaps() -> None:
    seconds = dict.fromkeys(range(100), HAPPY) | dict.fromkeys(range(110, 120), SAD)
    moods = students_now(timeline({"Ada": seconds}), at(119))[0].moods
    assert moods.shape == (24,)
    assert moods[:20].tolist() == [1] * 20
    assert np.isnan(moods[20:22]).all()
    assert moods[22:].tolist() == [-1, -1]


def test_change_compares_the_last_twenty_seconds_with_those_before() -> None:
    seconds = dict.fromkeys(range(100), HAPPY) | dict.fromkeys(range(100, 120), SAD)
    ada, ben = students_now(timeline({"Ada": seconds, "Ben": dict.fromkeys(range(110, 120), SAD)}), at(119))
    assert ada.change == pytest.approx(-2)
    assert ben.change is None


def test_a_face_without_a_name_is_no_student_but_counts_for_the_class() -> None:
    seconds = dict.fromkeys(range(20), HAPPY)
    found = timeline({"Ada": dict.fromkeys(range(20), SAD), "Face 1": seconds, "Face 2": {0: HAPPY}})
    ada, *faces = found.students
    unnamed = replace(found, students=(ada, *(replace(one, named=False) for one in faces)))
    assert [one.student.name for one in students_now(unnamed, at(20))] == ["Ada"]
    assert unnamed_visible(unnamed, at(20)) == 1
    assert (unnamed_visible(found, at(20)), unnamed_visible(unnamed, at(60))) == (0, 0)
    assert class_now(unnamed, at(20)).mood == class_now(found, at(20)).mood
