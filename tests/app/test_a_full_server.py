from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app import resources
from monitor.domain import Lesson
from monitor.live.load import Load
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import text
from tests.app.test_joining_a_lesson import join
from tests.lesson import start


@pytest.fixture
def lesson(store: Store) -> Lesson:
    resources.classroom()
    return start(store, at=datetime.now(UTC))


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def now() -> None:
        monkeypatch.setattr(Load, "full", property(lambda load: True))
        monkeypatch.setattr(Load, "round_s", property(lambda load: 0.66))

    return now


def test_a_student_who_comes_waits_and_nothing_is_measured_yet(
    visit: Visit, lesson: Lesson, fill: Callable[[], None]
) -> None:
    fill()
    shown = join(visit(join=lesson.code), "Ada")
    assert not shown.exception
    assert "The server is full just now" in shown.warning[0].value
    assert resources.classroom().streams == frozenset()
    assert [button.label for button in shown.button] == ["Try again"]


def test_a_student_who_is_in_stays_in(visit: Visit, lesson: Lesson, fill: Callable[[], None]) -> None:
    shown = join(visit(join=lesson.code), "Ada")
    fill()
    shown.run()
    assert "The server is full" not in text(shown)
    assert len(resources.classroom().streams) == 1


def test_the_teacher_reads_that_the_server_is_full_and_what_that_means(
    visit: Visit, lesson: Lesson, fill: Callable[[], None]
) -> None:
    fill()
    shown = visit("live")
    assert not shown.exception
    assert "The server is full: of each camera 1.3 pictures a second are read" in shown.warning[0].value
