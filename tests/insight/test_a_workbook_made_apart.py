"""A workbook that a process of its own makes: the same as one that is made here, and it can be cancelled."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from monitor import words
from monitor.errors import ExportError
from monitor.insight.export.apart import Making
from monitor.insight.export.xlsx import to_xlsx
from tests.insight.marked_lesson import BERLIN, marked_report, marked_timeline
from tests.waiting import NEVER_DONE

BROKEN = (sys.executable, "-c", "raise SystemExit(1)")


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    words.speak("en")


def test_it_has_the_same_cells_in_the_language_of_who_ordered_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    words.speak("de")
    timeline = marked_timeline()
    found = marked_report(timeline)
    making = Making(found, timeline, BERLIN)
    made = cells(making.content())
    assert made == cells(to_xlsx(found, timeline, BERLIN))
    assert set(made) == {"Übersicht", "Verlauf", "Lernende", "Marken"}
    assert (making.over, making.share) == (True, 1.0)
    assert list(tmp_path.iterdir()) == [], "nothing is written to a disk"


def test_one_that_is_cancelled_leaves_no_process_and_no_file() -> None:
    timeline = marked_timeline()
    making = Making(marked_report(timeline), timeline, BERLIN, maker=NEVER_DONE)
    assert not making.over
    making.cancel()
    making.cancel()
    assert making.over
    with pytest.raises(ExportError, match="ended too early"):
        making.content()


def test_a_process_that_dies_is_told_in_a_sentence() -> None:
    timeline = marked_timeline()
    with pytest.raises(ExportError, match="Please try again"):
        Making(marked_report(timeline), timeline, BERLIN, maker=BROKEN).content()


def cells(content: bytes) -> dict[str, Any]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(content))}
