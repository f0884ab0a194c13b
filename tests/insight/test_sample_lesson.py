from __future__ import annotations

from monitor.insight.report import report
from monitor.insight.sample_lesson import HIDDEN, LATE, LENGTH_S, NAMES, PAUSING, add_sample_lesson
from monitor.insight.timeline import read_timeline
from monitor.store.store import open_store
from tests.insight.lessons import START, at


def test_the_sample_lesson_tells_a_believable_story() -> None:
    store = open_store("sqlite://")
    made_up = add_sample_lesson(store, START)
    made = report(read_timeline(store, made_up.id), at(LENGTH_S))
    assert made.lesson.made_up
    assert not made.lesson.running
    assert made.measured == len(NAMES)
    paused, hidden, late = (made.students[place] for place in (PAUSING, HIDDEN, LATE))
    assert paused.minutes == 35
    assert late.minutes == 37
    assert hidden.face_visible is not None
    assert hidden.face_visible < 0.7
    assert made.face_visible is not None
    assert made.face_visible > 0.85
    fall = min(made.moments, key=lambda moment: moment.change)
    assert 20 <= (fall.at - START).total_seconds() / 60 <= 23
    assert fall.back_after is not None
    assert "came back after" in made.sentence()
