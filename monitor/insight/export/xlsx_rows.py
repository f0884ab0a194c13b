"""The rows of a workbook's longest sheet, one per student and second, as the XML of the file.

A lesson of 90 minutes and 35 students has 2.6 million cells. XlsxWriter's own way for so many takes seven times as
long and puts them, names among them, into a temporary file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from model_zoo.emotions import EMOTIONS
from monitor.insight import written
from monitor.insight.mood import mood_of
from monitor.insight.timeline import WHOLE, Timeline
from monitor.insight.windows import Floats

EPOCH = datetime(1899, 12, 30)
CHUNK = 2000
"""Rows that are made at once."""

Told = Callable[[float], None]
"""Is told the share of the rows that is done."""


class Rows(Worksheet):  # type: ignore[misc]  # XlsxWriter's types are not told
    """A sheet with a heading, and rows that are made only while its file is put together: they wait nowhere.

    What it overrides is XlsxWriter's own business; the tests of the workbook would notice another way of its.
    """

    dim_rowmax: int | None
    _pouring: Iterable[str] = ()
    _written: int | None = None

    def pour(self, rows: Iterable[str], count: int) -> None:
        """`rows` come below what was written before."""
        self._pouring, self._written = rows, self.dim_rowmax
        self.dim_rowmax = count

    def _write_sheet_data(self) -> None:
        if self._written is not None:
            self.dim_rowmax = self._written
        file: Any = self.fh
        file.write("<sheetData>")
        self._write_rows()
        file.writelines(self._pouring)
        file.write("</sheetData>")


def rows_of(timeline: Timeline, zone: tzinfo, formats: Sequence[Format], told: Told) -> Iterator[str]:
    """From the second row of a sheet on, as in the CSV: sorted by second, a format per column.

    The formats are known to the workbook when this returns; the rows are made later.
    """
    styles = [format._get_xf_index() for format in formats]
    return _rows(_columns(timeline, zone), styles, len(timeline.samples), told)


def _rows(columns: Sequence[list[Any]], styles: Sequence[int], count: int, told: Told) -> Iterator[str]:
    for first in range(0, count, CHUNK):
        numbers = range(first + 2, min(first + CHUNK, count) + 2)
        cells = [
            _cells(column[first : first + CHUNK], numbers, xl_col_to_name(place), style)
            for place, (column, style) in enumerate(zip(columns, styles, strict=True))
        ]
        for number, row in zip(numbers, zip(*cells, strict=True), strict=True):
            yield f'<row r="{number}">{"".join(row)}</row>'
        told(min(1.0, (first + CHUNK) / count))


def _cells(values: list[Any], numbers: range, letter: str, style: int) -> list[str]:
    """A cell per row, none where there is no value. A text is XML already."""
    return [
        ""
        if value is None
        else f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
        if isinstance(value, str)
        else f'<c r="{letter}{number}" s="{style}"><v>{value!r}</v></c>'
        for number, value in zip(numbers, values, strict=True)
    ]


def _columns(timeline: Timeline, zone: tzinfo) -> list[list[Any]]:
    """Without a face the seven, `top` and the mood are None."""
    samples = timeline.samples
    names = {student.id: escape(student.name, quote=False) for student in timeline.students}
    scores = samples[[emotion.value for emotion in EMOTIONS]].to_numpy(np.float64) / WHOLE
    seen = samples["faces"].to_numpy() > 0
    words = np.array([emotion.value for emotion in EMOTIONS], dtype=object)
    tops = np.full(len(samples), None, dtype=object)
    tops[seen] = words[scores[seen].argmax(axis=1)]
    return [
        samples["student_id"].map(names).tolist(),
        _local_days(samples["second"], zone).tolist(),
        *(_some(np.round(column, written.DECIMALS)) for column in scores.T),
        tops.tolist(),
        _some(np.round(mood_of(scores), written.DECIMALS)),
        np.round(samples["faces"] / samples["frames"], written.DECIMALS).tolist(),
        samples["frames"].tolist(),
    ]


def _local_days(seconds: pd.Series, zone: tzinfo) -> pd.Series:
    """Excel's count of days, of the reader's clock."""
    local = pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    return (local - pd.Timestamp(EPOCH)) / pd.Timedelta(days=1)


def _some(values: Floats) -> list[float | None]:
    return [None if missing else value for value, missing in zip(values.tolist(), np.isnan(values), strict=True)]
