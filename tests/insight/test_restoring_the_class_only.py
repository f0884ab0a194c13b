"""What only the class was told of a lesson stands after a restore, and nothing else is told of the same windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.domain import Shown
from monitor.insight.publishing import publish_ended
from monitor.insight.suppression import WINDOW_S
from monitor.insight.timeline import read_timeline
from monitor.store.store import Store, open_store
from tests.insight.test_showing_the_class_only import LATER, measured
from tests.lesson import NINE, second
from tests.store.backups import restore


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    yield opened
    opened.close()


def held(store: Store, names: str = "ABCDEFG") -> tuple[int, list[int]]:
    """Two came later than the others; seen by names."""
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet").id
    students = [store.people.join(lesson, name, NINE, "2026-2").student.id for name in names]
    measured(store, students[:5], 0, count=2)
    measured(store, students, 2, count=3)
    store.lessons.end(lesson, second(5 * WINDOW_S))
    return lesson, students


def said(store: Store, lesson: int) -> tuple[list[tuple[int, ...]], tuple[dict[int, int], dict[int, int]]]:
    return [tuple(row) for row in store.published.read(lesson).to_numpy().tolist()], store.published.cohorts(lesson)


def test_a_lesson_that_became_class_only_after_the_backup_has_its_windows(kept: Store, tmp_path: Path) -> None:
    lesson, students = held(kept)
    kept.backup.write(tmp_path / "copy.db")
    kept.lessons.show_less(lesson, Shown.CLASS)
    read_timeline(kept, lesson, now=LATER)
    before = said(kept, lesson)
    assert len(before[0]) == 5
    kept.people.delete(students[6])
    restore(kept, tmp_path / "copy.db")
    windows, (of, sizes) = said(kept, lesson)
    assert windows == before[0]
    assert sizes == before[1][1]
    assert of == {one: cohort for one, cohort in before[1][0].items() if one != students[6]}
    publish_ended(kept)
    assert said(kept, lesson)[0] == before[0]


def test_one_of_which_nothing_was_said_yet_says_it_after_the_restore(kept: Store, tmp_path: Path) -> None:
    lesson, _students = held(kept)
    kept.backup.write(tmp_path / "copy.db")
    kept.lessons.show_less(lesson, Shown.CLASS)
    restore(kept, tmp_path / "copy.db")
    assert said(kept, lesson)[0] == []
    publish_ended(kept)
    assert len(said(kept, lesson)[0]) == 5


def test_figures_that_the_backup_alone_has_come_back(kept: Store, tmp_path: Path) -> None:
    lesson, _students = held(kept)
    kept.lessons.show_less(lesson, Shown.CLASS)
    publish_ended(kept)
    before = said(kept, lesson)
    kept.backup.write(tmp_path / "copy.db")
    elsewhere = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    restore(elsewhere, tmp_path / "copy.db")
    assert said(elsewhere, lesson) == before
    elsewhere.close()
