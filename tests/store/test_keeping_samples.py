from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
from sqlalchemy import event

from model_zoo.emotions import EMOTIONS, EmotionScores
from monitor.store.samples import COLUMNS, ten_thousandths
from monitor.store.store import Store, open_store
from tests.lesson import HAPPY, NINE, SAD, sample, seat, second, start


def some_scores(seed: int) -> EmotionScores:
    """From even to nearly certain."""
    random_ = random.Random(seed)
    return EmotionScores.of(random_.random() ** random_.choice((0.1, 1, 30)) for _ in EMOTIONS)


def test_ten_thousandths_add_up_and_are_the_nearest() -> None:
    for seed in range(3000):
        scores = some_scores(seed)
        whole = ten_thousandths(scores)
        assert sum(whole) == 10_000
        assert all(abs(part - 10_000 * exact) < 1 for part, exact in zip(whole, scores.probabilities, strict=True))
        assert ten_thousandths(EmotionScores(tuple(part / 10_000 for part in whole))) == whole


def test_samples_are_read_as_they_were_added(store: Store) -> None:
    lesson = start(store)
    ada, ben = seat(store, lesson, "Ada"), seat(store, lesson, "Ben")
    random_ = random.Random(7)
    added = [sample(random_.choice((ada, ben)), number, some_scores(number)) for number in range(200)]
    added[50] = sample(ada, 50, None)
    store.samples.add(random_.sample(added, len(added)))
    expected = pd.DataFrame.from_records(
        [
            (
                one.student_id,
                int(one.at.timestamp()),
                one.faces,
                one.frames,
                *(ten_thousandths(one.scores) if one.scores else [float("nan")] * 7),
            )
            for one in added
        ],
        columns=list(COLUMNS),
    )
    pd.testing.assert_frame_equal(store.samples.read(lesson.id), expected, check_dtype=False)


def test_a_lesson_without_samples_is_an_empty_table(store: Store) -> None:
    table = store.samples.read(start(store).id)
    assert table.empty
    assert tuple(table.columns) == COLUMNS
    assert set(table.dtypes.astype(str)) == {"int64", "float64"}


def test_adding_again_changes_nothing(store: Store) -> None:
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, 1), sample(ada, 2)])
    before = store.samples.read(lesson.id)
    store.samples.add([sample(ada, 1, SAD), sample(ada, 2, None), sample(ada, 3)])
    store.samples.add([])
    after = store.samples.read(lesson.id)
    pd.testing.assert_frame_equal(after.head(2), before)
    assert store.samples.count(ada) == 3


def test_samples_of_nobody_are_passed_over(store: Store) -> None:
    lesson = start(store)
    ada, ben = seat(store, lesson, "Ada"), seat(store, lesson, "Ben")
    store.people.delete(ben)
    store.samples.add([sample(ben, 1), sample(ada, 1), sample(999, 1)])
    store.samples.add([sample(ben, 2)])
    assert list(store.samples.read(lesson.id)["student_id"]) == [ada]


def test_a_student_deleted_while_samples_are_written_is_passed_over(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    lesson = start(store)
    ada, ben = seat(store, lesson, "Ada"), seat(store, lesson, "Ben")

    def forget_ben(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO samples") and ben in [one.id for one in store.people.students(lesson.id)]:
            store.people.delete(ben)

    event.listen(store.engine, "before_cursor_execute", forget_ben)
    store.samples.add([sample(ada, 1), sample(ben, 1)])
    assert list(store.samples.read(lesson.id)["student_id"]) == [ada]
    store.close()


def test_since_reads_from_that_second_on(store: Store) -> None:
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number) for number in range(10)])
    for since in (second(7), second(7.9)):
        assert list(store.samples.read(lesson.id, since)["second"]) == [NINE.timestamp() + n for n in (7, 8, 9)]


def test_two_lessons_at_once_do_not_mix(store: Store) -> None:
    one, other = start(store, "one"), start(store, "other")
    ada, ada_too = seat(store, one), seat(store, other)
    store.samples.add([sample(ada, 1, HAPPY), sample(ada_too, 1, SAD), sample(ada_too, 2, SAD)])
    assert set(store.samples.read(one.id)["student_id"]) == {ada}
    assert set(store.samples.read(other.id)["student_id"]) == {ada_too}
    assert store.lessons.last_sample_at(one.id) == second(1)
