"""The short form of `python -m tests.benchmarks.pages`: what a live page is sent while a class is measured."""

from __future__ import annotations

from pathlib import Path

from app.live_view import COURSE_S
from tests.benchmarks.crowd import crowd, own_key
from tests.benchmarks.light_page import light_page
from tests.browser import database
from tests.browser.server import Server

STUDENTS, BYTES_PER_RERUN = 6, 60_000


def test_a_rerun_of_the_live_page_is_small(tmp_path: Path) -> None:
    """How long it takes is measured by the command, on a machine that does nothing else."""
    with Server(tmp_path, new=False, camera_fps="5", whip_students="true", pseudonym_key=own_key()) as server:
        code = database.start_lesson(server, "Fractions")
        with crowd(server, code, STUDENTS, 5) as students, light_page(server) as page:
            assert students.accepted
            before = page.bytes
            reruns = page.reruns_ms(COURSE_S + 1)  # so that the chart is among them
            assert reruns
            assert 0 < (page.bytes - before) / len(reruns) < BYTES_PER_RERUN
