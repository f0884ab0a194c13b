"""A report as one HTML file with live charts that works without a network, light and dark, and prints.

The charts come as the JSON of plotly figures together with plotly.js, since `monitor` knows no plotly. The file
loads nothing: its security policy forbids it. All numbers of the report stand in it once more as JSON, in the element
`numbers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from monitor.insight.export.tables import (
    Form,
    Table,
    Value,
    facts,
    headline,
    limits,
    markers,
    moments,
    shares,
    students,
)
from monitor.insight.report import Report
from monitor.words import _, day_and_time, language

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True, slots=True)
class Chart:
    """`figure` is the JSON of a plotly figure, `name` its file's name when it is saved as a picture."""

    title: str
    name: str
    figure: str


def to_html(found: Report, charts: Sequence[Chart], plotly_js: str, zone: tzinfo, now: datetime) -> bytes:
    """The page, about 5 MB of which are plotly.js."""
    page = Template((PAGE / "report.html").read_text(encoding="utf-8"))
    filled = page.substitute(
        language=language(),
        title=escape(found.lesson.title),
        style=(PAGE / "report.css").read_text(encoding="utf-8"),
        script=(PAGE / "report.js").read_text(encoding="utf-8"),
        headline=escape(headline(found, zone)),
        note=_note(found),
        sentence=escape(found.sentence(zone)),
        charts="".join(_chart(chart) for chart in charts),
        tables="".join(_table(table, zone) for table in _tables(found).values()),
        sure_title=escape(_("How sure is this?")),
        sure=_rows(
            (_("number"), _("value"), _("how it is made")),
            [(fact.name, fact.text(zone), fact.how) for fact in facts(found)],
            (False, False, False),
        ),
        limits_title=escape(_("What this cannot tell")),
        limits=escape(limits()),
        made=escape(f"{day_and_time(now.astimezone(zone))} ({zone})"),
        figures=_inlined({chart.name: json.loads(chart.figure) for chart in charts}),
        numbers=_inlined(numbers(found)),
        plotly_js=plotly_js,
    )
    return filled.encode("utf-8")


def numbers(found: Report) -> dict[str, Any]:
    """Every number of the report, rounded as in all files; times in ISO 8601, lengths in seconds."""
    return {
        "facts": {
            fact.name: {"value": _plain(fact.value), "low": fact.low, "high": fact.high} for fact in facts(found)
        },
        **{
            name: [
                {column.name: _plain(value) for column, value in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for name, table in _tables(found).items()
        },
    }


def _tables(found: Report) -> dict[str, Table]:
    return {
        "shares": shares(found),
        "moments": moments(found),
        "markers": markers(found),
        "students": students(found),
    }


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def _inlined(content: Any) -> str:
    """JSON that cannot end the script element in which it stands."""
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")


def _note(found: Report) -> str:
    if not found.lesson.made_up:
        return ""
    return f'<p class="note">{escape(_("This lesson was made up by a program. Nobody was measured."))}</p>'


def _chart(chart: Chart) -> str:
    title = escape(chart.title)
    return (
        f'<section><h2>{title}</h2><div class="chart" id="{escape(chart.name)}" aria-label="{title}"></div></section>'
    )


def _table(table: Table, zone: tzinfo) -> str:
    if not table.rows:
        return ""
    heads = [column.name for column in table.columns]
    numeric = [column.form not in (Form.TEXT, Form.TIME) for column in table.columns]
    return f"<section><h2>{escape(table.title)}</h2>{_rows(heads, table.texts(zone), numeric)}</section>"


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[bool]) -> str:
    """Numbers stand at the right."""
    kinds = [' class="number"' if number else "" for number in numeric]
    head = "".join(f"<th{kind}>{escape(text)}</th>" for kind, text in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{escape(text)}</td>" for kind, text in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
