"""The page of the room's camera: a list of faces with their numbers, and a name for each by a click."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.domain import Box, Lesson, Picture, Presence, Reading
from monitor.live.naming import NEW_FACE_S
from monitor.live.room_camera import Link
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.conftest import shared_path
from tests.lesson import HAPPY, SAD, start
from tests.live.network_camera import PASSWORD, film, network_camera
from tests.waiting import wait_until


@pytest.fixture
def lesson(store: Store) -> Iterator[Lesson]:
    resources.classroom()
    lesson = start(store, at=datetime.now(UTC))
    store.people.invite(lesson.id, ["Ada", "Ben"], lesson.started_at)
    yield lesson
    resources.close_room_camera(lesson.id)


def sees(stream: str, *tracks: int) -> None:
    """The camera has looked at these faces for some seconds."""
    naming, now = resources.classroom()._naming, datetime.now(UTC)
    for at in (now - timedelta(seconds=NEW_FACE_S), now):
        naming.attribute(
            Reading(stream, at, SAD if one == 2 else HAPPY, len(tracks), Picture.FINE, one, Box(9, 9, 9, 9))
            for one in tracks
        )
    wait_until(lambda: all(face.student for face in naming.faces(stream)))


@pytest.fixture
def page(visit: Visit, lesson: Lesson) -> AppTest:
    """With faces 1 and 2 on its list."""
    shown = visit("room")
    sees(stream_of(shown, lesson), 1, 2)
    return shown.run()


def stream_of(page: AppTest, lesson: Lesson) -> str:
    return f"room-{lesson.id}-{page.session_state['own_room']}"


def rows(page: AppTest) -> list[str]:
    return [label for label in labels(page) if label.startswith("**")]


def who(page: AppTest) -> Any:
    (box,) = [one for one in page.selectbox if one.label.startswith("Who is face")]
    return box


def people(store: Store, lesson: Lesson) -> dict[str, bool]:
    return {one.name: one.named for one in store.people.students(lesson.id)}


def test_without_a_lesson_the_page_says_what_to_do(visit: Visit) -> None:
    shown = visit("room")
    assert calm(shown)
    assert "One camera can look at the whole class" in text(shown)
    assert "Start a lesson first" in labels(shown)


def test_before_a_face_is_seen_the_list_says_what_will_be_there(visit: Visit, lesson: Lesson) -> None:
    shown = visit("room")
    assert calm(shown)
    assert "each with a number and a place for a name" in text(shown)


def test_each_face_has_a_row_with_its_number(page: AppTest) -> None:
    assert calm(page)
    assert rows(page) == ["**1** 😀 no name yet", "**2** 😢 no name yet"]
    assert "2 faces" in text(page)
    assert "2 without a name" in text(page)


def test_a_name_is_given_by_a_click_and_a_pick(page: AppTest, store: Store, lesson: Lesson) -> None:
    press(page, "**2**")
    assert who(page).options == ["Ada", "Ben"]
    who(page).set_value("Ben").run()
    assert calm(page)
    assert rows(page) == ["**1** 😀 no name yet", "**2** 😢 Ben"]
    assert people(store, lesson) == {"Ada": True, "Ben": True, "Face 1": False}


def test_a_wrong_name_is_taken_back(page: AppTest, store: Store, lesson: Lesson) -> None:
    press(page, "**1**")
    who(page).set_value("Ada").run()
    press(page, "**1**")
    assert "Face 1 is **Ada**." in text(page)
    press(page, "Not Ada")
    assert calm(page)
    assert rows(page)[0] == "**1** 😀 no name yet"


def test_a_second_click_on_a_face_asks_no_more(page: AppTest) -> None:
    press(press(page, "**1**"), "**1**")
    assert not [one for one in page.selectbox if one.label.startswith("Who is face")]


def test_a_name_that_cannot_be_is_explained(page: AppTest, store: Store, lesson: Lesson) -> None:
    press(page, "**1**")
    (ben,) = [one for one in store.people.students(lesson.id) if one.name == "Ben"]
    store.people.choose(ben.id, Presence.LEFT, datetime.now(UTC))
    who(page).set_value("Ben").run()
    assert "Ben does not want to be measured just now" in text(page)
    assert rows(page)[0] == "**1** ⏸ left out"


def test_a_face_is_left_out_without_a_name(page: AppTest, store: Store, lesson: Lesson) -> None:
    press(page, "**1**")
    press(page, "Leave it out")
    assert calm(page)
    assert rows(page) == ["**1** ⏸ left out", "**2** 😢 no name yet"]
    assert people(store, lesson) == {"Ada": True, "Ben": True, "Face 2": False}
    press(page, "**1**")
    assert "Face 1 is not measured" in text(page)


def test_the_end_of_a_lesson_closes_its_cameras(page: AppTest, lesson: Lesson) -> None:
    assert resources.classroom().streams == {stream_of(page, lesson)}
    resources.close_room_camera(lesson.id)
    resources.close_room_camera(lesson.id)
    assert resources.classroom().streams == frozenset()


def test_faces_without_a_name_have_no_tile(page: AppTest, visit: Visit, store: Store, lesson: Lesson) -> None:
    press(page, "**2**")
    who(page).set_value("Ben").run()
    shown = text(visit("live"))
    assert "Ben" in shown
    assert "Face 1" not in shown


@pytest.fixture
def at_the_server(visit: Visit, lesson: Lesson) -> AppTest:
    shown = visit("room")
    shown.button_group[0].set_value("Camera on the network or at the server").run()
    return shown


def connect(page: AppTest, address: str) -> AppTest:
    page.text_input[0].set_value(address)
    button(page, "Connect").click().run()
    return page


def test_a_camera_on_the_network_is_opened_and_switched_off(at_the_server: AppTest, lesson: Lesson) -> None:
    with network_camera(film(shared_path("FACE_MEDIA") / "single_face.mp4")) as there:
        page = connect(at_the_server, there.address())
        camera = resources.room_cameras()[lesson.id]
        wait_until(lambda: camera.state.link is Link.LIVE and resources.classroom().faces(camera.stream))
        page.run()
        assert calm(page)
        assert "Live" in text(page)
        assert rows(page) != []
        assert len(page.get("image")) == 1
        assert PASSWORD not in text(page)
        press(page, "Switch this camera off")
    assert resources.room_cameras() == {}
    assert camera.state.link is Link.STOPPED
    assert button(page, "Connect")


def test_an_address_that_is_none_is_refused(at_the_server: AppTest) -> None:
    page = connect(at_the_server, "/etc/passwd")
    assert "begins with rtsp:// or http://" in text(page)
    assert "passwd" not in text(page)
    assert resources.room_cameras() == {}


def test_a_camera_that_does_not_answer_says_so(at_the_server: AppTest, lesson: Lesson) -> None:
    with network_camera([]) as there:
        page = connect(at_the_server, there.address("/locked"))
        wait_until(lambda: resources.room_cameras()[lesson.id].state.link is Link.SILENT)
        page.run()
    assert "does not answer at this address; it is tried again (it asks for another name or password)" in text(page)
    assert calm(page)
