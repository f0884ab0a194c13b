from __future__ import annotations

from datetime import timedelta

from monitor.insight.comparison import by_kind, parts
from monitor.insight.lesson_minutes import read_minutes
from monitor.insight.report import report
from monitor.insight.sample_class import add_sample_class
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
    # Two minutes of a break are left out.
    assert paused.minutes == 33
    assert late.minutes == 35
    assert hidden.face_visible is not None
    assert hidden.face_visible < 0.7
    assert made.face_visible is not None
    assert made.face_visible > 0.85
    fall = min(made.moments, key=lambda moment: moment.change)
    assert 20 <= (fall.at - START).total_seconds() / 60 <= 23
    assert fall.back_after is not None
    assert "came back after" in made.sentence()
    effects = {effect.marker.words: effect.change for effect in made.effects}
    assert list(effects) == ["Fractions", "exercise 1", "question", "exercise 2", "break", "quiz", "a joke"]
    hard, joke = effects["exercise 2"], effects["a joke"]
    assert hard is not None
    assert hard.bounds[1] < 0
    assert joke is not None
    assert joke.bounds[0] > 0


def test_before_it_came_lessons_of_two_classes() -> None:
    store = open_store("sqlite://")
    store.classes.create("7b (sample)", START)  # of an earlier sample
    newest = add_sample_class(store, START)
    ended = store.lessons.ended()
    assert ended[0] == newest
    assert len(ended) == 7
    assert all(lesson.made_up for lesson in ended)
    assert all(START - lesson.started_at < timedelta(days=30) for lesson in ended)
    assert [one.name for one in store.classes.all()] == ["7b (sample)", "9a (sample)"]
    kinds = by_kind(part for minutes in read_minutes(store, ended) for part in parts(minutes))
    moods = {group.name: group.mood for group in kinds}
    assert moods["exercise"].value < moods["question"].value
    assert moods["exercise"].low is not None
