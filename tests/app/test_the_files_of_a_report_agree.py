"""One lesson, five readings of it: what a teacher sees on the page stands in every file as well."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app.downloads import files
from model_zoo.emotions import EmotionScores
from monitor.domain import Sample
from monitor.insight import written
from monitor.insight.bootstrap import Estimate
from monitor.insight.export.csv import from_csv
from monitor.insight.report import Report, report
from monitor.insight.timeline import Timeline, read_timeline
from monitor.palette import LOOKS
from monitor.store.store import Store
from monitor.teaching import MarkerKind
from tests.app.conftest import Visit
from tests.app.reading import text

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Lesson:
    timeline: Timeline
    found: Report
    files: Mapping[str, bytes]


@pytest.fixture
def lesson(store: Store) -> Lesson:
    """Fifteen minutes with a break that was left out and two markers; one student comes late, one is hidden."""
    started = store.lessons.start("Fractions", START, "tiny", "YuNet")
    ada, ben, cem = store.people.invite(started.id, ["Ada", "Ben", "Cem"], START)
    store.samples.add([one for place, who in enumerate((ada, ben, cem)) for one in measured(who.id, place)])
    store.markers.put(started.id, START + 3 * MINUTE, MarkerKind.BREAK, until=START + 5 * MINUTE, left_out=True)
    store.markers.put(started.id, START + 8 * MINUTE, MarkerKind.EXERCISE, "exercise 2")
    store.markers.put(started.id, START + 11 * MINUTE, MarkerKind.NOTE, "a joke")
    store.lessons.end(started.id, START + 15 * MINUTE)
    timeline = read_timeline(store, started.id)
    found = report(timeline, datetime.now(UTC))
    return Lesson(timeline, found, {file.label: file.make() for file in files(found, timeline, UTC)})


def measured(student_id: int, place: int) -> Iterator[Sample]:
    """Every other second: calm, sad from minute 8 to 11, and never quite the same."""
    for second in range(200 * (place == 1), 900, 2):
        sad = 3.0 if 480 <= second < 660 else 0.3
        scores = EmotionScores.of([0.2, 0.1, 0.2, 1 + 0.3 * place + 0.01 * (second % 37), sad, 0.3, 2])
        hidden = place == 2 and second % 3 == 0
        at = START + timedelta(seconds=second)
        yield Sample(student_id, at, None if hidden else scores, 0 if hidden else 7, 9)


def test_the_numbers_on_the_page_and_in_every_file_agree(lesson: Lesson, visit: Visit) -> None:
    found = lesson.found
    the_workbook_agrees(found, load_workbook(io.BytesIO(lesson.files["XLSX"])))
    the_web_page_agrees(found, lesson.files["HTML"].decode("utf-8"))
    the_csv_agrees(lesson)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(lesson.files["PDF"])).pages]
    the_pdf_agrees(found, "\n".join(pages))
    the_page_agrees(found, visit("report", lesson=str(found.lesson.id)))


def the_workbook_agrees(found: Report, workbook: Any) -> None:
    summary = {row[0]: row[1:] for row in workbook["Summary"].iter_rows(values_only=True)}
    assert found.mood is not None
    assert summary["Mood"][:3] == rounded(found.mood.value, found.mood.low, found.mood.high)
    assert (summary["Coverage"][0], summary["Face visible"][0]) == rounded(found.coverage, found.face_visible)
    for emotion, look in LOOKS.items():
        share = found.shares[emotion]
        assert summary[look.label][:3] == rounded(share.value, share.low, share.high)
    students = list(workbook["Students"].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in students] == [
        (row.student.name, *rounded(row.minutes, row.face_visible, row.mood)) for row in found.students
    ]
    markers = list(workbook["Markers"].iter_rows(min_row=2, values_only=True))
    assert [row[6:] for row in markers] == effects(found)


def the_web_page_agrees(found: Report, page: str) -> None:
    inlined = dict(re.findall(r'<script type="application/json" id="(\w+)">(.*?)</script>', page, flags=re.DOTALL))
    numbers, figures = json.loads(inlined["numbers"]), json.loads(inlined["figures"])
    mood = numbers["facts"]["Mood"]
    assert found.mood is not None
    assert (mood["value"], mood["low"], mood["high"]) == rounded(found.mood.value, found.mood.low, found.mood.high)
    for name, value in (("Coverage", found.coverage), ("Face visible", found.face_visible)):
        assert numbers["facts"][name]["value"] == written.kept(value)
    shares = {row["expression"]: (row["share"], row["from"], row["to"]) for row in numbers["shares"]}
    assert shares == {
        look.label: rounded(found.shares[emotion].value, found.shares[emotion].low, found.shares[emotion].high)
        for emotion, look in LOOKS.items()
    }
    assert [row["minutes"] for row in numbers["students"]] == list(rounded(*(row.minutes for row in found.students)))
    assert [tuple(row.values())[6:] for row in numbers["markers"]] == effects(found)
    assert said_in(figures["bars"]) == said_shares(found)


def the_csv_agrees(lesson: Lesson) -> None:
    read = replace(from_csv(lesson.files["CSV"]), markers=lesson.timeline.markers)
    again, found = report(read, datetime.now(UTC)), lesson.found
    assert written.mood_between(again.mood) == written.mood_between(found.mood)
    assert said_shares(again) == said_shares(found)
    assert rounded(again.coverage, again.face_visible) == rounded(found.coverage, found.face_visible)
    assert {row.student.name: row.minutes for row in again.students} == {
        row.student.name: row.minutes for row in found.students
    }
    assert effects(again) == effects(found)


def the_pdf_agrees(found: Report, said: str) -> None:
    assert f"Mood {written.mood_between(found.mood)}" in said
    assert f"Coverage {written.percent(found.coverage)}" in said
    assert f"Face visible {written.percent(found.face_visible)}" in said
    for words in said_shares(found):
        assert words in said
    for row in found.students:
        assert f"{row.student.name} {written.minutes(row.minutes)} {written.percent(row.face_visible)}" in said
    for effect in found.effects:
        assert effect.before is not None
        assert effect.after is not None
        assert f"{written.mood(effect.before.value)} {written.mood(effect.after.value)}" in said
        assert effect.marker.words in said


def the_page_agrees(found: Report, page: Any) -> None:
    said = text(page)
    assert found.sentence() in said
    assert f"Coverage {written.percent(found.coverage)}" in said
    assert f"face visible {written.percent(found.face_visible)}" in said
    table = page.dataframe[0].value
    assert dict(zip(table["student"], table["minutes"], strict=True)) == {
        row.student.name: pytest.approx(row.minutes) for row in found.students
    }
    charts = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert said_shares(found) in [said_in(chart) for chart in charts]
    markers = next(one.value for one in page.dataframe if "before" in one.value)
    for effect, before, after in zip(found.effects, markers["before"], markers["after"], strict=True):
        assert effect.before is not None
        assert effect.after is not None
        assert (before, after) == (written.mood(effect.before.value), written.mood(effect.after.value))


def rounded(*values: float | None) -> tuple[float | None, ...]:
    return tuple(written.kept(value) for value in values)


def said_shares(found: Report) -> list[str]:
    return [written.share(found.shares[emotion]) for emotion in LOOKS]


def said_in(figure: Any) -> list[str]:
    """The words that stand in a chart."""
    return [one["text"] for one in figure["layout"].get("annotations", ())]


def effects(found: Report) -> list[tuple[float | None, ...]]:
    """Of each marker: the mood before and after, the change and its interval."""
    return [
        rounded(*(each.value if each else None for each in (one.before, one.after)), *bounds(one.change))
        for one in found.effects
    ]


def bounds(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)
