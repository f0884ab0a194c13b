"""A report as an Excel workbook: summary, timeline, students, markers.

Every text is written as a text, so that a name like `=1+1` stays a name. Times are those of the reader's clock, with
the zone in the heading: Excel knows no zones. A temporary file takes the timeline's rows: memory stays flat.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from model_zoo.emotions import EMOTIONS
from monitor.insight import written
from monitor.insight.export.tables import Column, Form, Table, Value, facts, markers, moments, shares, students
from monitor.insight.mood import Course, mood_of
from monitor.insight.report import Report
from monitor.insight.timeline import WHOLE, Timeline
from monitor.insight.windows import Floats
from monitor.palette import LOOKS
from monitor.words import _

MOST_ROWS = 1_048_576
"""Of a sheet, the heading among them."""
EPOCH = datetime(1899, 12, 30)
DAY_S = 86_400
A4 = 9
FORMATS = {
    Form.WHOLE: "#,##0",
    Form.PERCENT: "0.0%",
    Form.SHARE: "0.0%",
    Form.MOOD: '+0.00;"−"0.00;0.00',
    Form.NUMBER: "0.00",
    Form.MINUTES: "0.0",
    Form.TIME: "yyyy-mm-dd hh:mm:ss",
    Form.LENGTH: "[hh]:mm:ss",
}
WIDTHS = {Form.TEXT: 22, Form.TIME: 20, Form.LENGTH: 12}
HEADING = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE, CHART_ROWS = 760, 16


def to_xlsx(found: Report, timeline: Timeline, zone: tzinfo) -> bytes:
    """Of a timeline that is too long for a sheet, that sheet says so and where the rows are instead."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True, **SAFE}) as workbook:
        tables = [*([students(found)] if found.students else []), markers(found)]
        sheets = [workbook.add_worksheet(name) for name in (_("Summary"), _("Timeline"), *(t.title for t in tables))]
        for sheet in sheets:
            sheet.set_paper(A4)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
        pen = _Pen(workbook, zone)
        _summary(pen, sheets[0], found)
        _timeline(pen, sheets[1], timeline)
        for sheet, table in zip(sheets[2:], tables, strict=True):
            _page_of(pen, sheet, table)
    return content.getvalue()


@dataclass(frozen=True)
class _Pen:
    """Writes values into cells, each kind in its number format."""

    workbook: Workbook
    zone: tzinfo
    _formats: dict[str, Format] = field(default_factory=dict)

    def look(self, **properties: object) -> Format:
        """One format per look: Excel allows no more than some ten thousand."""
        key = repr(properties)
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def form(self, form: Form) -> Format:
        return self.look(num_format=FORMATS.get(form, "General"), valign="top")

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, form: Form) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.form(Form.TEXT))
        elif isinstance(value, datetime):
            sheet.write_number(row, column, _serial(value.astimezone(self.zone)), self.form(form))
        elif isinstance(value, timedelta):
            sheet.write_number(row, column, value.total_seconds() / DAY_S, self.form(form))
        elif value is not None:
            sheet.write_number(row, column, value, self.form(form))

    def heading(self, sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
        for place, column in enumerate(columns):
            name = f"{column.name} ({self.zone})" if column.form is Form.TIME else column.name
            sheet.write_string(row, place, name, self.look(**HEADING, align=_side(column)))

    def rows(self, sheet: Worksheet, first: int, table: Table) -> int:
        """Gives the row below the last."""
        for number, values in enumerate(table.rows, start=first):
            for place, (value, column) in enumerate(zip(values, table.columns, strict=True)):
                self.write(sheet, number, place, value, column.form)
        return first + len(table.rows)

    def table(self, sheet: Worksheet, row: int, table: Table) -> int:
        """With its title and an empty row after it; gives the row below that."""
        sheet.write_string(row, 0, table.title, self.look(bold=True, font_size=12))
        self.heading(sheet, row + 1, table.columns)
        return self.rows(sheet, row + 2, table) + 1


def _side(column: Column) -> str:
    return "left" if column.form in (Form.TEXT, Form.TIME) else "right"


def _summary(pen: _Pen, sheet: Worksheet, found: Report) -> None:
    """Written downwards, as a workbook of constant memory wants it; the charts stand at the right of their tables."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, 4, 14)
    sheet.write_string(0, 0, found.lesson.title, pen.look(bold=True, font_size=16))
    sheet.freeze_panes(1, 0)
    sheet.write_string(1, 0, found.sentence(pen.zone))
    if found.lesson.made_up:
        sheet.write_string(2, 0, _("This lesson was made up by a program. Nobody was measured."))
    row = _facts(pen, sheet, 4, found)
    expressions, charts = shares(found), row
    _shares_chart(pen, sheet, row + 2, expressions)
    row = pen.table(sheet, row, expressions)
    row = pen.table(sheet, row, moments(found))
    course = _course(found)
    _course_chart(pen, sheet, row + 2, course, found.course, charts + CHART_ROWS)
    pen.table(sheet, row, course)


def _facts(pen: _Pen, sheet: Worksheet, row: int, found: Report) -> int:
    names = (_("what"), _("value"), _("from (95 %)"), _("to (95 %)"), _("how it is made"))
    pen.heading(sheet, row, [Column(name, Form.TEXT) for name in names])
    for fact in facts(found):
        row += 1
        name = f"{fact.name} ({pen.zone})" if fact.form is Form.TIME else fact.name
        for place, value in enumerate((name, fact.value, fact.low, fact.high, fact.how)):
            pen.write(sheet, row, place, value, fact.form)
    return row + 2


def _course(found: Report) -> Table:
    columns = (Column(_("time"), Form.TIME), Column(_("mood"), Form.MOOD))
    times = (datetime.fromtimestamp(int(start), UTC) for start in found.course.starts)
    moods = (None if np.isnan(mood) else written.kept(float(mood)) for mood in found.course.mood)
    return Table(_("Mood over time"), columns, tuple(zip(times, moods, strict=True)))


def _shares_chart(pen: _Pen, sheet: Worksheet, first: int, table: Table) -> None:
    if not table.rows:
        return
    last = first + len(table.rows) - 1
    lengths = [(row[1], row[2], row[3]) for row in table.rows]
    whiskers = {
        "type": "custom",
        "plus_values": [_apart(high, share) for share, _low, high in lengths],
        "minus_values": [_apart(share, low) for share, low, _high in lengths],
    }
    chart = pen.workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": table.title,
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, 1, last, 1],
            "points": [{"fill": {"color": look.colour}} for look in LOOKS.values()][: len(table.rows)],
            "x_error_bars": whiskers,
            "gap": 60,
        }
    )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    _place(sheet, chart, first - 2)


def _course_chart(pen: _Pen, sheet: Worksheet, first: int, table: Table, course: Course, place: int) -> None:
    if not table.rows:
        return
    last = first + len(table.rows) - 1
    chart = pen.workbook.add_chart({"type": "scatter", "subtype": "straight"})
    chart.add_series(
        {
            "name": table.title,
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, 1, last, 1],
            "line": {"color": "#0072B2", "width": 1.75},
        }
    )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    start, end = (_serial(row[0].astimezone(pen.zone)) for row in (table.rows[0], table.rows[-1]))  # type: ignore[union-attr]
    chart.set_x_axis(
        {"num_format": "hh:mm", "min": start, "max": max(end, start + 60 / DAY_S), "label_position": "low"}
    )
    chart.set_y_axis(
        {"num_format": '+0.0;"−"0.0;0', "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    _place(sheet, chart, place)


def _place(sheet: Worksheet, chart: object, row: int) -> None:
    sheet.insert_chart(row, 5, chart, {"x_scale": WIDE / 480, "object_position": 3})


def _timeline(pen: _Pen, sheet: Worksheet, timeline: Timeline) -> None:
    scores = [Column(emotion.value, Form.PERCENT) for emotion in EMOTIONS]
    columns = (
        Column(_("student"), Form.TEXT),
        Column(_("at"), Form.TIME),
        *scores,
        Column(_("top"), Form.TEXT),
        Column(_("mood"), Form.MOOD),
        Column(_("face visible"), Form.PERCENT),
        Column(_("frames"), Form.WHOLE),
    )
    _prepare(pen, sheet, columns)
    count = len(timeline.samples)
    if count >= MOST_ROWS:
        sheet.write_string(1, 0, too_long(count))
        return
    formats = [pen.form(column.form) for column in columns]
    kinds = [column.form is Form.TEXT for column in columns]
    for number, values in enumerate(_lines(timeline, pen.zone), start=1):
        for place, value in enumerate(values):
            if value is None:
                continue
            if kinds[place]:
                sheet.write_string(number, place, value, formats[place])
            else:
                sheet.write_number(number, place, value, formats[place])
    sheet.autofilter(0, 0, count, len(columns) - 1)


def too_long(rows: int) -> str:
    return _(
        "This lesson has {rows:,} rows, and a sheet holds {most:,} below its heading. The CSV file holds them all."
    ).format(rows=rows, most=MOST_ROWS - 1)


def _lines(timeline: Timeline, zone: tzinfo) -> Iterable[list[object]]:
    """As in the CSV: sorted by second. Without a face the seven, `top` and the mood are None."""
    samples = timeline.samples
    names = {student.id: student.name for student in timeline.students}
    scores = samples[[emotion.value for emotion in EMOTIONS]].to_numpy(np.float64) / WHOLE
    seen = samples["faces"].to_numpy() > 0
    words = np.array([emotion.value for emotion in EMOTIONS], dtype=object)
    tops = np.full(len(samples), None, dtype=object)
    tops[seen] = words[scores[seen].argmax(axis=1)]
    columns = (
        samples["student_id"].map(names).tolist(),
        _local_days(samples["second"], zone).tolist(),
        *(_some(np.round(column, written.DECIMALS)) for column in scores.T),
        tops.tolist(),
        _some(np.round(mood_of(scores), written.DECIMALS)),
        np.round(samples["faces"] / samples["frames"], written.DECIMALS).tolist(),
        samples["frames"].tolist(),
    )
    return map(list, zip(*columns, strict=True))


def _local_days(seconds: pd.Series, zone: tzinfo) -> pd.Series:
    """Excel's count of days, of the reader's clock."""
    local = pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    return (local - pd.Timestamp(EPOCH)) / pd.Timedelta(days=1)


def _serial(local: datetime) -> float:
    return (local.replace(tzinfo=None) - EPOCH) / timedelta(days=1)


def _some(values: Floats) -> list[float | None]:
    return [None if missing else value for value, missing in zip(values.tolist(), np.isnan(values), strict=True)]


def _page_of(pen: _Pen, sheet: Worksheet, table: Table) -> None:
    _prepare(pen, sheet, table.columns)
    pen.rows(sheet, 1, table)


def _prepare(pen: _Pen, sheet: Worksheet, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column.form, 12))
    pen.heading(sheet, 0, columns)
    sheet.freeze_panes(1, 1)


def _apart(high: Value, low: Value) -> float:
    return high - low if isinstance(high, float) and isinstance(low, float) else 0.0
