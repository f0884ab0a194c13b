"""One camera looks at a class of nine; the teacher says who two of them are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser import camera, database
from tests.browser.album import Album
from tests.browser.chromium import launch
from tests.browser.people import PATIENCE_MS, Person, Teacher
from tests.browser.server import Server
from tests.conftest import shared_path
from tests.waiting import wait_until

WIDTH, HEIGHT = 960, 540
PLAYS = """
async (video) => {
  const before = video.currentTime;
  await new Promise((done) => setTimeout(done, 1000));
  return video.videoWidth > 0 && video.currentTime > before;
}
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, room_width=str(WIDTH), room_height=str(HEIGHT)) as started:
        yield started


@pytest.fixture
def browser(playwright: Playwright, chromium: Path, tmp_path: Path) -> Iterator[Browser]:
    """Its camera shows a class."""
    shared_path("FACE_MEDIA"), shared_path("YUNET")
    film = camera.film(tmp_path / "class.y4m", camera.whole_class(3), WIDTH, HEIGHT)
    with launch(playwright, chromium, film) as opened:
        yield opened


def test_faces_of_a_class_are_named_once_and_measured(
    server: Server, teacher: Teacher, table: list[Person], album: Album
) -> None:
    database.start_lesson(server, "Fractions", ["Ada", "Ben"])
    teacher.open_room_camera()
    teacher.sees("9 faces")
    teacher.name_face(2, "Ada")
    teacher.name_face(5, "Zoë")
    teacher.sees("7 without a name")
    picture = teacher.page.frame_locator('iframe[title*="webrtc"]').locator("video")
    assert picture.evaluate(PLAYS), "the picture with its boxes comes back"
    database.wait_for(server, "Ada", 0)
    album.take(teacher, "room-camera")
    wait_until(lambda: len(database.students(server)) == 7 + 3)
    assert {name for name in database.students(server) if not name.startswith("Face")} == {"Ada", "Ben", "Zoë"}
    kept = {row["student"] for row in database.samples(server) if row["faces"]}
    assert {"Ada", "Zoë"} <= kept
    assert "Ben" not in kept
    teacher.watch()
    expect(teacher.tile("Ada")).to_have_count(1, timeout=PATIENCE_MS)
    expect(teacher.tile("Zoë")).to_have_count(1, timeout=PATIENCE_MS)
    assert teacher.page.locator(".tile h4", has_text="Face").count() == 0
