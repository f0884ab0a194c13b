"""Numbers, months and kinds of markers as a German reads them, on the pages and in the files of a report."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from app.downloads import files
from monitor import words
from monitor.domain import Lesson, Sample
from monitor.insight.report import report
from monitor.insight.timeline import read_timeline
from monitor.store.store import Store
from monitor.teaching import MarkerKind
from tests.app.conftest import Visit
from tests.app.reading import calm, text
from tests.lesson import HAPPY, SAD, seat

AT = datetime(datetime.now(UTC).year, 12, 4, 9, 0, tzinfo=UTC)
LENGTH_S = 900
ENGLISH = re.compile(r"\bDec\b|[+−±]\d\.\d|\d\.\d+ ?%|\b(?:exercise|own text|note|break)\b")
GERMAN = re.compile(r"[+−]0,\d\d")


@pytest.fixture
def lessons(store: Store) -> list[Lesson]:
    """Two of one class, with a break, an exercise and a note."""
    own = store.classes.create("exercise 7b", AT)
    return [held(store, title, own.id, AT + timedelta(days=days)) for title, days in (("Brüche", 0), ("Winkel", 1))]


def held(store: Store, title: str, class_id: int, at: datetime) -> Lesson:
    lesson = store.lessons.start(title, at, "classroom", "YuNet", class_id=class_id)
    for name in ("Ada", "Ben", "Cem"):
        seconds = range(0, LENGTH_S, 3)
        moods = [(second, SAD if 480 <= second < 660 else HAPPY) for second in seconds]
        who = seat(store, lesson, name)
        store.samples.add([Sample(who, at + timedelta(seconds=second), mood, 5, 5) for second, mood in moods])
    store.markers.put(lesson.id, at + timedelta(minutes=3), MarkerKind.BREAK, until=at + timedelta(minutes=5))
    store.markers.put(lesson.id, at + timedelta(minutes=8), MarkerKind.EXERCISE)
    store.markers.put(lesson.id, at + timedelta(minutes=11), MarkerKind.NOTE)
    return store.lessons.end(lesson.id, at + timedelta(seconds=LENGTH_S))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("report", {"lesson": "1"}),
        ("report", {"lesson": "1", "student": "1"}),
        ("lessons", {}),
        ("compare", {}),
        ("compare", {"lessons": "1,2"}),
        ("classes", {"class": "1"}),
    ],
    ids=str,
)
def test_a_page_has_no_english_figures(visit: Visit, lessons: list[Lesson], page: str, address: dict[str, str]) -> None:
    shown = visit(page, lang="de", **address)
    assert calm(shown)
    said = all_said(shown)
    assert ENGLISH.findall(without_names(said)) == []
    assert "Dez." in said
    if page != "classes":
        assert GERMAN.search(said)


def test_kinds_of_parts_are_german(visit: Visit, lessons: list[Lesson]) -> None:
    shown = visit("compare", lang="de")
    shown.segmented_control(key="way").set_value("parts").run()
    assert list(shown.dataframe[0].value.iloc[:, 0]) == ["Übung", "Pause", "eigener Text"]


def test_a_class_that_is_called_like_a_text_of_the_page_keeps_its_name(
    visit: Visit, store: Store, lessons: list[Lesson]
) -> None:
    held(store, "Kreise", store.classes.create("quiz", AT).id, AT)
    shown = visit("compare", lang="de")
    shown.segmented_control(key="way").set_value("classes").run()
    assert list(shown.dataframe[0].value.iloc[:, 0]) == ["exercise 7b", "quiz"]


@pytest.fixture
def made(store: Store, lessons: list[Lesson]) -> Iterator[dict[str, bytes]]:
    words.speak("de")
    timeline = read_timeline(store, lessons[0].id)
    found = report(timeline, AT + timedelta(days=1))
    yield {file.label: file.make() for file in files(found, timeline, UTC)}
    words.speak("en")


def test_the_files_of_a_report_have_no_english_figures(made: dict[str, bytes]) -> None:
    printed = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made["PDF"])).pages)
    workbook = load_workbook(io.BytesIO(made["XLSX"]))
    cells = "\n".join(
        value
        for sheet in workbook
        if sheet.title != "Verlauf"
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if isinstance(value, str)
    )
    web_page = made["HTML"].decode("utf-8").partition("<script")[0]
    for said in (printed, cells, re.sub(r"<style>.*?</style>|<[^>]*>", " ", web_page, flags=re.DOTALL)):
        assert ENGLISH.findall(said) == []
        assert GERMAN.search(said)
        assert "Übung" in said
    assert '<html lang="de">' in web_page
    assert "Dez." in printed
    assert "Dez." in web_page


def all_said(page: AppTest) -> str:
    """The text of the page, what its tables show, and the words in its charts."""
    charts = [said for chart in page.get("plotly_chart") for said in strings(json.loads(chart.proto.spec))]
    return "\n".join([text(page), *charts, *(cell for table in page.dataframe for cell in cells_of(table))])


def cells_of(table: Any) -> list[str]:
    """As they are shown: numbers as pandas' styler wrote them."""
    styled = table.proto.arrow_data.styler
    shown = convert_arrow_bytes_to_pandas_df(styled.display_values) if styled.uuid else None
    values = (table.value if shown is None else shown).to_numpy().ravel()
    return [value for value in values if isinstance(value, str) and not value.startswith("data:")]


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for one in found.values():
            yield from strings(one)
    elif isinstance(found, list):
        for one in found:
            yield from strings(one)


def without_names(said: str) -> str:
    return said.replace("exercise 7b", "")
