"""A tenth of the packets lost, all of them late; a gap; another address: the stream comes back, the page says so."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Playwright

from tests.faults.bad_network import far, suffer
from tests.faults.wire import why_not
from tests.missing import missing


def test_a_student_behind_a_bad_network_is_measured_and_found_again(
    playwright: Playwright, chromium: Path, tmp_path: Path
) -> None:
    if reason := why_not():
        missing(reason)
    with far(playwright, chromium, tmp_path) as student:
        found = suffer(student, bad_s=5, gap_s=9)
    assert found.packets_lost > 0
    assert found.share >= 0.6
    assert found.after_gap_s < 30
    assert found.after_move_s < 40
