"""When a rule fires, and when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.insight.alerts import Turn, Watch, follow, in_words, measure, shown
from monitor.insight.timeline import Timeline
from monitor.teaching import Alert, Marker, MarkerKind, Measure, Rule
from tests.insight.lessons import FIRST, HAPPY, NEUTRAL, SAD, Parts, at, timeline

LOW_MOOD = Rule(1, Measure.MOOD, below=True, limit=-0.2, seconds=60)
FEW_FACES = Rule(2, Measure.FACE_VISIBLE, below=True, limit=0.5, seconds=30)


def lesson(*parts: tuple[Parts | None, int]) -> Timeline:
    """Ada, so long each: what her face showed."""
    shown_then = [score for score, length in parts for _ in range(length)]
    return timeline({"Ada": dict(enumerate(shown_then))})


def turns(
    found: Timeline, rule: Rule = LOW_MOOD, markers: tuple[Marker, ...] = (), until: int | None = None
) -> list[tuple[str, int]]:
    """What happened, and how many seconds after the start."""
    last = found.last_second if until is None else FIRST + until
    _, events = follow((Watch(rule, FIRST),), found, markers, FIRST, last)
    return [("fired" if one.fired else "over", round((one.at - at(0)).total_seconds())) for one in events]


def pause(start: int, end: int | None) -> Marker:
    return Marker(1, 1, at(start), MarkerKind.BREAK, until=None if end is None else at(end), left_out=True)


def test_a_rule_fires_when_it_has_held_for_its_seconds() -> None:
    assert turns(lesson((SAD, 60))) == [("fired", 60)]
    assert turns(lesson((SAD, 59))) == []


def test_what_was_before_lingers_for_the_ten_seconds_that_a_rule_looks_at() -> None:
    # Of ten seconds six are sad and four happy when the mood of the class is −0.2: not below it.
    assert turns(lesson((HAPPY, 100), (SAD, 100))) == [("fired", 100 + 6 + 60)]


def test_it_is_over_when_it_no_longer_holds_and_may_fire_again_then() -> None:
    found = lesson((SAD, 100), (HAPPY, 50), (SAD, 100))
    assert turns(found) == [("fired", 60), ("over", 103), ("fired", 216)]


def test_it_does_not_fire_again_while_it_holds() -> None:
    assert turns(lesson((SAD, 600))) == [("fired", 60)]


def test_a_short_relief_starts_the_time_anew() -> None:
    assert turns(lesson((SAD, 50), (HAPPY, 10), (SAD, 60))) == []


def test_a_rule_can_look_upwards() -> None:
    above = Rule(3, Measure.MOOD, below=False, limit=0.5, seconds=20)
    assert turns(lesson((NEUTRAL, 30), (HAPPY, 60)), above) == [("fired", 30 + 5 + 20)]


def test_face_visible_is_the_share_of_the_measured_students() -> None:
    ada: Mapping[int, Parts | None] = dict.fromkeys(range(100), HAPPY)
    two: Mapping[int, Parts | None] = dict.fromkeys(range(40), HAPPY) | dict.fromkeys(range(40, 100), None)
    found = timeline({"Ada": ada, "Ben": two, "Cem": two})
    assert measure(found, (), FIRST + 20, 1)[Measure.FACE_VISIBLE].tolist() == [1]
    assert measure(found, (), FIRST + 90, 1)[Measure.FACE_VISIBLE].tolist() == pytest.approx([1 / 3])
    assert turns(found, FEW_FACES) == [("fired", 40 + 5 + 30)]


def test_half_of_the_class_is_not_below_half() -> None:
    found = timeline({"Ada": dict.fromkeys(range(100), HAPPY), "Ben": dict.fromkeys(range(100), None)})
    assert turns(found, FEW_FACES) == []


def test_missing_data_does_not_fire() -> None:
    nobody = timeline({"Ada": {}})
    assert turns(nobody, FEW_FACES, until=300) == []
    assert turns(nobody, LOW_MOOD, until=300) == []
    # Without a face there is no mood, without a sample nobody is known to be hidden.
    assert turns(lesson((None, 300)), LOW_MOOD) == []
    gap = timeline({"Ada": dict.fromkeys(range(40), SAD) | dict.fromkeys(range(70, 100), SAD)})
    assert turns(gap) == []


def test_a_short_gap_does_not_end_an_alert_but_a_long_one_does() -> None:
    def with_gap(length: int) -> Timeline:
        return timeline({"Ada": dict.fromkeys(range(80), SAD) | dict.fromkeys(range(80 + length, 300), SAD)})

    assert turns(with_gap(40)) == [("fired", 60)]
    # Ten seconds after the last sample nothing is known any more.
    assert turns(with_gap(120)) == [("fired", 60), ("over", 89), ("fired", 260)]


def test_a_break_that_is_left_out_does_not_fire() -> None:
    found = lesson((HAPPY, 60), (SAD, 200), (HAPPY, 40))
    assert turns(found) == [("fired", 126), ("over", 263)]
    assert turns(found, markers=(pause(55, 265),)) == []
    assert turns(found, markers=(pause(55, None),)) == []
    kept = Marker(1, 1, at(55), MarkerKind.EXERCISE, until=at(265))
    assert turns(found, markers=(kept,)) == turns(found)


def test_after_a_break_the_time_counts_anew() -> None:
    found = lesson((SAD, 400))
    assert turns(found, markers=(pause(40, 200),)) == [("fired", 260)]


def test_seconds_one_at_a_time_are_the_same_as_all_at_once() -> None:
    found = lesson((SAD, 100), (HAPPY, 50), (SAD, 100))
    watches: tuple[Watch, ...] = (Watch(LOW_MOOD, FIRST),)
    seen: list[Turn] = []
    for second in range(FIRST, found.last_second + 1):
        watches, some = follow(watches, found, (), second, second)
        seen += some
    assert (watches, tuple(seen)) == follow((Watch(LOW_MOOD, FIRST),), found, (), FIRST, found.last_second)


def test_a_rule_is_said_in_words() -> None:
    assert in_words(LOW_MOOD) == "Mood of the class below −0.20 for 60 s"
    assert in_words(replace(FEW_FACES, seconds=120)) == "Faces visible of less than 50% of the class for 2 min"
    assert in_words(replace(LOW_MOOD, below=False, seconds=150)) == "Mood of the class above −0.20 for 150 s"


def test_what_is_over_is_shown_for_a_minute_and_what_is_dismissed_never_again() -> None:
    first = Alert(1, 1, LOW_MOOD, at(60), over_at=at(100))
    again = Alert(2, 1, LOW_MOOD, at(200))
    few = Alert(3, 1, FEW_FACES, at(210))
    assert shown((first,), at(100) + timedelta(seconds=59)) == (first,)
    assert shown((first,), at(160)) == ()
    assert shown((first, again, few), at(220)) == (again, few)
    assert shown((replace(first, dismissed_at=at(90)), again, few), at(220)) == (few,)
