"""The workbook of a long lesson is ordered, waited for or cancelled, and saved."""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from app import workbook
from monitor.errors import ExportError
from monitor.insight.export import apart
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, press
from tests.lesson import NINE, sample, seat, start
from tests.waiting import NEVER_DONE

SECONDS = 60


@pytest.fixture
def report(store: Store, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Of a lesson that counts as a long one here."""
    monkeypatch.setattr(workbook, "LONG_ROWS", SECONDS - 1)
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, second) for second in range(SECONDS)])
    store.lessons.end(lesson.id, NINE + timedelta(seconds=SECONDS))
    return visit("report", lesson=str(lesson.id))


def order(page: AppTest) -> Any:
    return page.session_state[workbook.ORDER] if workbook.ORDER in page.session_state else None  # noqa: SIM401


def test_an_ordered_workbook_is_saved_by_a_second_click(report: AppTest, store: Store) -> None:
    press(report, "XLSX")
    assert calm(report)
    content = order(report).making.content()
    report.run()
    assert calm(report)
    assert "Save the workbook" in [one.proto.label for one in report.get("download_button")]
    rows = list(load_workbook(io.BytesIO(content))["Timeline"].iter_rows(values_only=True))
    assert len(rows) == SECONDS + 1
    (noted,) = store.audit.newest(action=Action.EXPORT)
    assert noted.deed.detail == "xlsx"


def test_a_workbook_can_be_cancelled_and_ordered_again(report: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart.Making.__init__, "__defaults__", (NEVER_DONE,))
    press(report, "XLSX")
    making = order(report).making
    assert "Cancel" in labels(report)
    assert not making.over
    press(report, "Cancel")
    assert calm(report)
    assert making.over
    assert order(report) is None
    assert "Cancel" not in labels(report)
    press(report, "XLSX")
    assert order(report) is not None
    order(report).making.cancel()


def test_a_workbook_whose_process_died_is_told(report: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart.Making.__init__, "__defaults__", ((sys.executable, "-c", "raise SystemExit(1)"),))
    press(report, "XLSX")
    if order(report) is not None:
        with suppress(ExportError):
            order(report).making.content()
        report.run()
    assert [one.value for one in report.error] == [
        "The workbook was not made: its process ended too early. Please try again."
    ]
    report.run()
    assert calm(report)
