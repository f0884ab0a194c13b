from __future__ import annotations

import pytest
from sqlalchemy import text

from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson
from monitor.store.minutes import COLUMNS
from monitor.store.samples import ten_thousandths
from monitor.store.store import Store
from monitor.teaching import MarkerKind
from tests.lesson import HAPPY, NINE, SAD, sample, seat, second, start

FIRST = int(NINE.timestamp())


@pytest.fixture
def lesson(store: Store) -> Lesson:
    """Ada for 90 seconds, of which 10 without a face; Ben for the last 5 of them."""
    begun = start(store)
    ada, ben = seat(store, begun, "Ada"), seat(store, begun, "Ben")
    store.samples.add([sample(ada, number, None if number < 10 else HAPPY) for number in range(90)])
    store.samples.add([sample(ben, number, SAD) for number in range(85, 90)])
    store.minutes.make(begun.id)
    return begun


def rows(store: Store, lesson: Lesson) -> list[tuple[int, ...]]:
    """Student, start since nine, seconds, seen, faces, frames."""
    table = store.minutes.read([lesson.id])[lesson.id]
    table["start"] -= FIRST
    return [tuple(row[:6]) for row in table.itertuples(index=False)]


def test_seconds_are_summed_per_student_and_minute(store: Store, lesson: Lesson) -> None:
    assert rows(store, lesson) == [(1, 0, 60, 50, 250, 300), (1, 60, 30, 30, 150, 150), (2, 60, 5, 5, 25, 25)]
    table = store.minutes.read([lesson.id])[lesson.id]
    assert tuple(table.columns) == COLUMNS
    assert list(table[list(EMOTIONS)].iloc[0]) == [50 * part for part in ten_thousandths(HAPPY)]


def test_minutes_are_made_once(store: Store, lesson: Lesson) -> None:
    other = start(store, "Poems")
    assert store.minutes.missing([lesson.id, other.id]) == (other.id,)
    store.minutes.make(other.id)
    assert store.minutes.missing([lesson.id, other.id]) == ()
    assert len(store.minutes.read([other.id])[other.id]) == 0


def test_a_late_sample_drops_them(store: Store, lesson: Lesson) -> None:
    for number in (3, 40, 200):
        store.samples.add([sample(2, number)])
        assert store.minutes.missing([lesson.id]) == (lesson.id,)
        store.minutes.make(lesson.id)
    assert [row[:3] for row in rows(store, lesson) if row[0] == 2] == [(2, 0, 2), (2, 60, 5), (2, 180, 1)]


def test_another_lessons_samples_do_not(store: Store, lesson: Lesson) -> None:
    other = start(store, "Poems")
    store.samples.add([sample(seat(store, other, "Cem"), 0)])
    assert store.minutes.missing([lesson.id]) == ()


def test_samples_that_came_past_the_store_are_noticed_by_the_newest_second(store: Store, lesson: Lesson) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM samples WHERE second = {FIRST + 89}"))
    assert store.minutes.missing([lesson.id]) == (lesson.id,)


def test_merging_two_students_drops_them(store: Store, lesson: Lesson) -> None:
    store.people.merge(1, 2)
    assert store.minutes.missing([lesson.id]) == (lesson.id,)
    store.minutes.make(lesson.id)
    assert [row[:3] for row in rows(store, lesson)] == [(1, 0, 60), (1, 60, 30)]


def test_a_deleted_student_is_in_no_minute(store: Store, lesson: Lesson) -> None:
    store.people.delete(1)
    assert {row[0] for row in rows(store, lesson)} == {2}


def test_a_deleted_lesson_leaves_nothing(store: Store, lesson: Lesson) -> None:
    store.lessons.delete(lesson.id)
    store.minutes.make(lesson.id)
    with store.engine.begin() as connection:
        for table in ("minutes", "summaries"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_a_minute_is_cut_where_a_marker_is(store: Store, lesson: Lesson) -> None:
    marker = store.markers.put(lesson.id, second(19.5), MarkerKind.BREAK, until=second(65), left_out=True)
    assert store.minutes.missing([lesson.id]) == (lesson.id,)
    store.minutes.make(lesson.id)
    assert store.minutes.missing([lesson.id]) == ()
    assert [row[:4] for row in rows(store, lesson)] == [
        (1, 0, 20, 10), (1, 20, 40, 40), (1, 60, 5, 5), (1, 65, 25, 25), (2, 65, 5, 5),
    ]  # fmt: skip
    store.markers.remove(marker.id)
    assert store.minutes.missing([lesson.id]) == (lesson.id,)
