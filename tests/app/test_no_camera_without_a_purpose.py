"""Nobody has said where and for what this installation is used: no camera starts, and no video is analysed."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit_webrtc
from sqlalchemy import text as sql

from app import resources
from monitor.domain import Lesson
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import text
from tests.app.test_uploading_a_recording import CLIP, agree, upload
from tests.lesson import start, state

TOLD = "nobody has said yet where and for what this installation is used"


@pytest.fixture
def cameras(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of those that a page offered to the browser."""
    offered: list[str] = []
    shown = streamlit_webrtc.webrtc_streamer

    def offer(*, key: str, **how: Any) -> Any:
        offered.append(key)
        return shown(key=key, **how)

    monkeypatch.setattr("app.webrtc.webrtc_streamer", offer)
    return offered


@pytest.fixture
def lesson(store: Store) -> Lesson:
    return start(store)


def unsay() -> None:
    with resources.whole_store().engine.begin() as opened:
        opened.execute(sql("DELETE FROM statements"))
    resources.stated.clear()


def say() -> None:
    state(resources.whole_store())
    resources.stated.clear()


def test_the_rooms_camera_waits_for_the_statement(visit: Visit, lesson: Lesson, cameras: list[str]) -> None:
    unsay()
    assert TOLD in text(visit("room", lesson=str(lesson.id)))
    assert cameras == []
    say()
    assert TOLD not in text(visit("room", lesson=str(lesson.id)))
    assert cameras == [f"room-camera-{lesson.id}"]


def test_a_camera_of_the_network_waits_too(visit: Visit, lesson: Lesson, cameras: list[str]) -> None:
    unsay()
    shown = visit("room", lesson=str(lesson.id))
    shown.session_state["room_source"] = "Camera on the network or at the server"
    shown.run()
    shown.text_input[0].set_value("rtsp://127.0.0.1:9/room")
    next(one for one in shown.button if one.label == "Connect").click()
    assert TOLD in text(shown.run())
    assert resources.room_cameras() == {}


def test_a_students_camera_waits_for_the_statement(
    visit: Visit, store: Store, lesson: Lesson, cameras: list[str]
) -> None:
    own = store.people.join(lesson.id, "Ada", lesson.started_at, "2026-1")
    unsay()
    assert TOLD in text(visit(join=lesson.code, seat=own.secret))
    assert TOLD in text(visit(check=""))
    assert cameras == []
    say()
    assert TOLD not in text(visit(join=lesson.code, seat=own.secret))
    assert cameras == [f"camera-{own.student.id}"]


def test_no_video_is_taken_without_the_statement(visit: Visit) -> None:
    unsay()
    shown = agree(upload(visit("recordings"), ("Ada.mp4", CLIP)))
    next(one for one in shown.button if one.label.startswith("Analyse")).click()
    assert TOLD in text(shown.run())
    assert resources.recordings().entries() == ()
