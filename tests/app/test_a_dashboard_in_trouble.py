from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import text as sql
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.domain import Lesson
from monitor.live.recorder import Keeping
from monitor.store.store import Store
from tests.app.conftest import MAIN, Visit
from tests.app.reading import press, text
from tests.app.test_joining_a_lesson import join
from tests.lesson import start


@pytest.fixture
def lesson(store: Store) -> Lesson:
    resources.classroom()
    return start(store, at=datetime.now(UTC))


def take_away(store: Store) -> None:
    """The database no longer answers."""
    with store.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE lessons RENAME TO lessons_away"))
        connection.execute(sql("ALTER TABLE students RENAME TO students_away"))


def bring_back(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE lessons_away RENAME TO lessons"))
        connection.execute(sql("ALTER TABLE students_away RENAME TO students"))


@pytest.mark.parametrize("page", ["live", "start", "lessons", "report"])
def test_while_the_database_is_away_each_page_says_so_and_then_comes_back(
    visit: Visit, store: Store, lesson: Lesson, page: str
) -> None:
    shown = visit(page)
    take_away(store)
    shown.run()
    assert not shown.exception
    if page != "start":
        assert "The database does not answer just now" in shown.error[0].value
    bring_back(store)
    shown.run()
    assert not shown.exception
    assert not shown.error


def test_a_student_is_told_and_keeps_the_seat(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), "Ada")
    take_away(store)
    assert "The database does not answer" in shown.run().error[0].value
    bring_back(store)
    assert "Camera is off" in text(shown.run())


def test_leaving_while_the_database_is_away_is_a_sentence_too(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), "Ada")
    take_away(store)
    press(shown, "Leave")
    assert not shown.exception


def test_the_teacher_is_told_that_samples_wait(visit: Visit, lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = Keeping(stored=10, waiting=25, lost=3, problem="database is locked")
    monkeypatch.setattr(type(resources.classroom()), "keeping", property(lambda room: trouble))
    told = visit("live").warning[0].value
    assert "25 samples wait in memory" in told
    assert "3 are lost" in told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CAMERA_FPS", "fast", "camera_fps: .* got 'fast'"),
        ("NETWORK", "vgg19", "no weights card 'vgg19'"),
        ("DETECTOR", "yunet", "YuNet's file is missing"),
        ("DATABASE_URL", "class.db", "database_url is an SQLAlchemy address"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_sentence_on_the_page(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv("CLASSROOM_YUNET", str(tmp_path / "missing.onnx"))
    with monkeypatch.context() as wrong:
        wrong.setenv(f"CLASSROOM_{name}", value)
        st.cache_resource.clear()
        shown = AppTest.from_file(str(MAIN), default_timeout=120).run()
    st.cache_resource.clear()
    assert not shown.exception
    assert re.search(told, shown.error[0].value)
