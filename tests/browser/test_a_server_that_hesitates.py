"""A live page whose server stands still for a while goes on as it was: loaded anew it would lose an open dialog."""

from __future__ import annotations

import os
import signal

from tests.browser.people import Teacher
from tests.browser.server import Server

STILL_MS = 12_500  # the watch asks after ten seconds without a word
AFTER_MS = 6_000


def test_a_page_stays_when_the_server_answers_again_by_itself(server: Server, teacher: Teacher) -> None:
    teacher.open()
    teacher.start_lesson("Fractions · 7b")
    teacher.watch()
    teacher.is_settled()
    teacher.page.evaluate("window.stayed = true")
    os.kill(server.pid, signal.SIGSTOP)
    try:
        teacher.page.wait_for_timeout(STILL_MS)
        assert teacher.page.locator("[role=alert]:visible").count() == 1
    finally:
        os.kill(server.pid, signal.SIGCONT)
    teacher.page.wait_for_timeout(AFTER_MS)
    assert teacher.page.evaluate("window.stayed") is True
    assert teacher.page.locator("[role=alert]:visible").count() == 0
    teacher.press("Join card", exact=True)
    teacher.page.get_by_role("dialog").wait_for()
