"""A tenth of the packets lost, all of them late; a gap; another address: the stream comes back, the page says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.faults.bad_network import cut, far, worsen
from tests.faults.wire import why_not


@pytest.mark.long
def test_a_student_behind_a_bad_network_is_measured_and_found_again(
    playwright: Playwright, chromium: Path, tmp_path: Path
) -> None:
    if reason := why_not():
        pytest.skip(reason)
    with far(playwright, chromium, tmp_path) as student:
        lost, share = worsen(student, seconds=4)
        after = cut(student, seconds=8, number=3)
    assert lost > 0
    assert share >= 0.5
    assert after < 40
