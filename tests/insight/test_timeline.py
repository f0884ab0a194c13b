from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest

from model_zoo.emotions import EmotionScores
from monitor.domain import Sample, Student
from monitor.errors import UnknownCode
from monitor.insight.timeline import COLUMNS, Follower, Timeline, read_timeline
from monitor.store.store import Store, open_store
from tests.insight.lessons import START, at, lesson, student, timeline

SCORES = EmotionScores.of([1, 0, 0, 2, 0, 0, 1])


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


def seated(store: Store, *names: str) -> tuple[int, tuple[Student, ...]]:
    started = store.lessons.start("Fractions", START, "classroom", "YuNet")
    return started.id, store.people.invite(started.id, names, START)


def add(store: Store, one: Student, *seconds: int) -> None:
    store.samples.add([Sample(one.id, at(second), SCORES, 8, 8) for second in seconds])


def seconds_of(found: Timeline) -> list[int]:
    return [int(second - START.timestamp()) for second in found.samples["second"]]


def test_a_timeline_is_read_with_its_lesson_and_students_in_the_order_they_joined(store: Store) -> None:
    lesson_id, (zoe, ada) = seated(store, "Zoe", "Ada")
    add(store, ada, 0, 1)
    add(store, zoe, 1)
    found = read_timeline(store, lesson_id)
    assert [one.name for one in found.students] == ["Zoe", "Ada"]
    assert found.lesson.title == "Fractions"
    assert list(found.samples["student_id"]) == [ada.id, zoe.id, ada.id]
    assert list(found.samples["happy"]) == [5000.0, 5000.0, 5000.0]


def test_a_timeline_can_start_later(store: Store) -> None:
    lesson_id, (ada,) = seated(store, "Ada")
    add(store, ada, 0, 5, 9)
    assert seconds_of(read_timeline(store, lesson_id, at(5))) == [5, 9]


def test_a_follower_sees_each_sample_once_however_often_it_looks(store: Store) -> None:
    lesson_id, (ada, ben) = seated(store, "Ada", "Ben")
    follower = Follower(store, lesson_id)
    assert follower.refresh().empty
    for second in range(30):
        add(store, ada, second)
        follower.refresh()
        follower.refresh()
    add(store, ben, 25, 29)  # a few seconds late
    found = follower.refresh()
    pd.testing.assert_frame_equal(found.samples, read_timeline(store, lesson_id).samples)
    assert not found.samples.duplicated(["student_id", "second"]).any()


def test_a_follower_reads_only_what_is_new(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson_id, (ada,) = seated(store, "Ada")
    add(store, ada, *range(100))
    follower = Follower(store, lesson_id)
    follower.refresh()
    read: list[int] = []
    whole = type(store.samples).read

    def counted(*arguments: object) -> pd.DataFrame:
        found = whole(*arguments)  # type: ignore[arg-type]
        read.append(len(found))
        return found

    monkeypatch.setattr(type(store.samples), "read", counted)
    add(store, ada, 100)
    assert len(follower.refresh().samples) == 101
    assert read == [12]


def test_a_follower_keeps_only_as_much_as_it_is_told_to(store: Store) -> None:
    lesson_id, (ada,) = seated(store, "Ada")
    add(store, ada, *range(100))
    follower = Follower(store, lesson_id, keep=timedelta(seconds=20))
    assert seconds_of(follower.refresh()) == list(range(80, 100))
    add(store, ada, 100)
    assert seconds_of(follower.refresh()) == list(range(81, 101))


def test_a_follower_forgets_a_student_who_was_deleted(store: Store) -> None:
    lesson_id, (ada, ben) = seated(store, "Ada", "Ben")
    add(store, ada, *range(40))
    add(store, ben, *range(40))
    follower = Follower(store, lesson_id)
    follower.refresh()
    store.people.delete(ada.id)
    found = follower.refresh()
    assert set(found.samples["student_id"]) == {ben.id}
    assert [one.name for one in found.students] == ["Ben"]


def test_a_follower_of_a_deleted_lesson_says_so(store: Store) -> None:
    lesson_id, _ = seated(store, "Ada")
    follower = Follower(store, lesson_id)
    follower.refresh()
    store.lessons.delete(lesson_id)
    with pytest.raises(UnknownCode):
        follower.refresh()


def test_a_table_of_another_form_is_refused() -> None:
    good = timeline({"Ada": {0: None, 1: None}}).samples
    ada = (student(1, "Ada"),)
    with pytest.raises(ValueError, match="columns"):
        Timeline(lesson(), ada, good[list(reversed(COLUMNS))])
    with pytest.raises(ValueError, match="sorted"):
        Timeline(lesson(), ada, good.iloc[::-1])
    with pytest.raises(ValueError, match=r"\[1\]"):
        Timeline(lesson(), (student(2, "Ben"),), good)
