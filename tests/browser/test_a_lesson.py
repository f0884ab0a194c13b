"""A whole lesson in a real browser, over real WebRTC, with a real face before the camera."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from model_zoo.emotions import EMOTIONS, NEGATIVE, Emotion
from tests.browser import database
from tests.browser.album import Album
from tests.browser.people import Student, Teacher
from tests.browser.server import Server

A_SCORE = re.compile(rf"\b({'|'.join(EMOTIONS)}) \d+ ?%")
LENGTH = re.compile(r"\b(\d\d):(\d\d):(\d\d)\b")


def test_a_lesson_from_start_to_csv(
    server: Server, teacher: Teacher, student: Callable[..., Student], album: Album, tmp_path: Path
) -> None:
    teacher.open()
    teacher.sees("No lesson is running")
    album.take(teacher, "live-empty")
    code = teacher.start_lesson("Fractions · 7b", "Ada\nBen\nCem")
    started_at = time.time()
    album.take(teacher, "join-card")

    ada, ben = student(phone=True), student()
    ada.open(code)
    ada.sees("For how long")
    album.take(ada, "join-notice")
    ada.pick_name("Ada")
    ada.start_camera()
    ada.is_measured()
    album.take(ada, "join-measured")
    ben.join(code, "Ben")

    teacher.watch()
    for name in ("Ada", "Ben"):
        assert A_SCORE.search(teacher.sees_student(name, "face")), teacher.tile(name).inner_text()

    ada.press("Pause")
    teacher.sees_student("Ada", "paused")
    paused_at = time.time()
    album.take(ada, "join-paused")

    ben.page.reload()
    reloaded_at = time.time()
    ben.start_camera()
    ben.is_measured()
    database.wait_for(server, "Ben", reloaded_at)

    resumed_at = time.time()
    ada.start_camera()
    ada.is_measured()
    database.wait_for(server, "Ada", resumed_at)
    for name in ("Ada", "Ben"):
        teacher.sees_student(name, "face")
    album.take(teacher, "live")

    teacher.end_lesson()
    took = time.time() - started_at
    for done in (ada, ben):
        done.sees("is over")
        expect(done.start_button).to_have_count(0)
    album.take(ada, "join-over")

    assert list(database.students(server)) == ["Ada", "Ben", "Cem"]
    assert not [second for second in database.seconds(server, "Ada") if paused_at < second < int(resumed_at)]
    assert any(second < reloaded_at for second in database.seconds(server, "Ben"))
    _expect_report(teacher, took, len(database.samples(server)))
    album.take(teacher, "report")
    assert _read(teacher.download_csv(tmp_path / "lesson.csv")) == [_line(row) for row in database.samples(server)]

    teacher.go_to("Lessons")
    teacher.sees("Choose a row")
    album.take(teacher, "lessons")


def _expect_report(teacher: Teacher, took_s: float, seconds: int) -> None:
    length = LENGTH.search(teacher.reads())
    assert length is not None, teacher.reads()
    hours, minutes, rest = map(int, length.groups())
    assert abs(3600 * hours + 60 * minutes + rest - took_s) <= 3
    teacher.sees("2 students measured")
    teacher.page.get_by_role("tab", name="How sure is this?").click()
    assert teacher.figure("Seconds measured") == f"{seconds:,}"
    teacher.page.get_by_role("tab", name="Students").click()
    teacher.sees("Mood of each student over time")
    teacher.page.get_by_role("tab", name="Overview").click()


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _line(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of the database as the README says a line of the CSV is."""
    scores = {emotion: row[emotion] for emotion in EMOTIONS}
    measured = row["faces"] > 0
    mood = scores[Emotion.HAPPY] - max(scores[one] for one in NEGATIVE) if measured else None
    return {
        "lesson_id": str(row["lesson_id"]),
        "lesson": row["lesson"],
        "student": row["student"],
        "at": datetime.fromtimestamp(row["second"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **{emotion.value: _four(score) for emotion, score in scores.items()},
        "top": max(EMOTIONS, key=lambda one: scores[one]) if measured else "",
        "mood": _four(mood),
        "face_visible": f"{row['faces'] / row['frames']:.4f}",
        "frames": str(row["frames"]),
    }


def _four(ten_thousandths: int | None) -> str:
    return "" if ten_thousandths is None else f"{ten_thousandths / 10_000:.4f}"
