from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from monitor.insight.export import xlsx
from monitor.insight.export.xlsx import to_xlsx
from monitor.insight.report import report
from monitor.palette import LOOKS
from tests.insight.lessons import at, lesson, timeline
from tests.insight.marked_lesson import BERLIN, FORMULA, NAMES, marked_report, marked_timeline


@pytest.fixture(scope="module")
def workbook() -> Any:
    found = marked_timeline()
    return load_workbook(io.BytesIO(to_xlsx(marked_report(found), found, BERLIN)))


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_there_is_a_sheet_each_for_summary_timeline_students_and_markers(workbook: Any) -> None:
    assert workbook.sheetnames == ["Summary", "Timeline", "Students", "Markers"]
    assert [name for name, *_rest in rows(workbook["Students"])[1:]] == list(NAMES)
    assert [row[3] for row in rows(workbook["Markers"])[1:]] == ["break", "exercise", "own text"]
    assert rows(workbook["Summary"])[0][0] == "Fractions"


def test_no_text_is_a_formula(workbook: Any) -> None:
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert workbook["Students"]["A3"].value == FORMULA
    assert workbook["Students"]["A3"].data_type == "s"
    assert workbook["Markers"]["E4"].value == FORMULA
    assert not [cell for cell in cells if cell.hyperlink]


def test_times_are_times_of_the_readers_clock_and_the_heading_names_the_zone(workbook: Any) -> None:
    heading, first = rows(workbook["Timeline"])[:2]
    assert heading[1] == "at (Europe/Berlin)"
    assert first[1] == datetime(2025, 11, 21, 10, 0)
    assert workbook["Timeline"]["B2"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert rows(workbook["Markers"])[1][1] == datetime(2025, 11, 21, 10, 3, 20)


def test_the_timeline_has_a_row_per_student_and_second(workbook: Any) -> None:
    found = marked_timeline()
    table = rows(workbook["Timeline"])
    assert len(table) == len(found.samples) + 1
    ada, hidden = table[1], table[len(NAMES) - 1]
    assert (ada[0], ada[5], ada[9], ada[10], ada[11], ada[12]) == ("Ada", 0.3, "neutral", 0.3, 1, 8)
    assert hidden[0] == "🦊 Fox"
    assert hidden[2:12] == (None,) * 9 + (0,)


def test_headings_stay_in_sight_and_columns_are_wide_enough(workbook: Any) -> None:
    for name in ("Timeline", "Students", "Markers"):
        assert workbook[name].freeze_panes == "B2"
    assert workbook["Timeline"].column_dimensions["B"].width >= len("2025-11-21 10:00:00")


def test_shares_are_percentages(workbook: Any) -> None:
    assert workbook["Timeline"]["C2"].number_format == "0.0%"
    assert workbook["Students"]["C2"].number_format == "0.0%"


def test_the_summary_has_charts_that_are_excels_own(workbook: Any) -> None:
    assert len(workbook["Summary"]._charts) == 2
    names = [row[0] for row in rows(workbook["Summary"])]
    first = names.index("expression") + 2
    values = workbook["Summary"]._charts[0].series[0].val.numRef.f
    assert values == f"Summary!$B${first}:$B${first + len(LOOKS) - 1}"


def test_a_timeline_that_no_sheet_can_hold_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1000)
    found = marked_timeline()
    table = rows(load_workbook(io.BytesIO(to_xlsx(marked_report(found), found, BERLIN)))["Timeline"])
    assert len(table) == 2
    assert table[1][0] == (
        f"This lesson has {len(found.samples):,} rows, and a sheet holds 999 below its heading. "
        "The CSV file holds them all."
    )


def test_a_lesson_in_which_nobody_was_seen_is_a_workbook_too() -> None:
    for found in (timeline({"Ada": {0: None}}, of=lesson(1)), timeline({}, of=lesson(1))):
        made = load_workbook(io.BytesIO(to_xlsx(report(found, at(1)), found, BERLIN)))
        assert len(rows(made["Timeline"])) == len(found.samples) + 1
