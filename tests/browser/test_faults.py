"""A server that is killed, a tab that is closed, a computer that falls asleep."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser import camera, database
from tests.browser.chromium import launch
from tests.browser.people import Student, Teacher
from tests.browser.server import Server

# The tile may say it 5 s after the last picture; the rest is for a busy machine.
LOST_WITHIN_S = 5 + 3
MOST_MISSING_S = 2


def test_a_killed_server_loses_two_seconds_and_the_lesson_goes_on(
    server: Server, teacher: Teacher, student: Callable[..., Student]
) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student()
    ada.join(code, "Ada")
    database.wait_for(server, "Ada", time.time() + 2)
    server.kill()
    killed_at = time.time()
    last = database.seconds(server, "Ada")[-1]
    assert killed_at - (last + 1) <= MOST_MISSING_S

    server.start()
    teacher.watch()
    teacher.sees("The server was started again")
    teacher.press("Go on with the lesson")
    back_at = time.time()
    _is_measured_again(server, ada, back_at)
    assert database.students(server) == {"Ada": "here"}
    teacher.sees_student("Ada", "face")


def test_a_lesson_that_a_killed_server_left_can_be_ended_where_it_stopped(
    server: Server, teacher: Teacher, student: Callable[..., Student]
) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student()
    ada.join(code, "Ada")
    database.wait_for(server, "Ada", 0)
    server.kill()
    kept = database.samples(server)
    server.start()
    teacher.watch()
    teacher.press("End it where it stopped")
    teacher.sees("1 student measured")
    assert database.samples(server) == kept, "and none of what was measured since"
    ada.sees("is over")


def test_a_closed_tab_is_lost_within_seconds(server: Server, teacher: Teacher, student: Callable[..., Student]) -> None:
    code = database.start_lesson(server, "Fractions")
    ada = student()
    ada.join(code, "Ada")
    teacher.watch()
    teacher.sees_student("Ada", "face")
    closed_at = time.time()
    ada.page.close()
    assert "connection lost" in teacher.sees_student("Ada", "lost", 2 * LOST_WITHIN_S)
    assert time.time() - closed_at <= LOST_WITHIN_S


def test_after_twenty_seconds_of_sleep_a_student_is_measured_again(
    server: Server, teacher: Teacher, student: Callable[..., Student], laptop: tuple[Browser, Path]
) -> None:
    browser, film = laptop
    code = database.start_lesson(server, "Fractions")
    ada = student(on=browser)
    ada.join(code, "Ada")
    teacher.watch()
    teacher.sees_student("Ada", "face")
    with _asleep(film):
        fell_asleep_at = time.time()
        teacher.sees_student("Ada", "lost", 2 * LOST_WITHIN_S)
        assert time.time() - fell_asleep_at <= LOST_WITHIN_S
        time.sleep(max(0.0, fell_asleep_at + 20 - time.time()))
    woke_at = time.time()
    _is_measured_again(server, ada, woke_at)
    teacher.sees_student("Ada", "face")
    assert database.students(server) == {"Ada": "here"}


def _is_measured_again(server: Server, ada: Student, since: float) -> None:
    """By itself; by a click on START where the browser did not notice that it had lost the server."""
    try:
        database.wait_for(server, "Ada", since, patience_s=15)
    except TimeoutError:
        ada.start_camera()
        database.wait_for(server, "Ada", since)


@pytest.fixture
def laptop(playwright: Playwright, chromium: Path, tmp_path: Path) -> Iterator[tuple[Browser, Path]]:
    """A browser of one student alone, and the film by which its processes are known."""
    film = camera.film(tmp_path / "laptop.y4m", camera.the_astronaut(4))
    with launch(playwright, chromium, film) as opened:
        yield opened, film


@contextmanager
def _asleep(film: Path) -> Iterator[None]:
    """Halts the browser that plays `film`, with all of its processes."""
    mine = psutil.Process().children(recursive=True)
    head = next(one for one in mine if any(str(film) in word for word in one.cmdline()))
    processes = [head, *head.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()
