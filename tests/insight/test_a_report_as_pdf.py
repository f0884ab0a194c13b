from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from monitor.insight.export import fonts
from monitor.insight.export.fonts import Fonts, fonts_for
from monitor.insight.export.pdf import to_pdf
from monitor.insight.report import Report, report
from tests.insight.lessons import HAPPY, at, lesson, mixed, timeline
from tests.insight.marked_lesson import BERLIN, FORMULA, LENGTH_S, TAGGED, marked_report, marked_timeline

A4 = pytest.approx((595.3, 841.9), abs=0.1)


def pages(made: Report) -> list[str]:
    read = PdfReader(io.BytesIO(to_pdf(made, BERLIN, at(LENGTH_S))))
    assert all((float(page.mediabox.width), float(page.mediabox.height)) == A4 for page in read.pages)
    return [page.extract_text() for page in read.pages]


@pytest.fixture(scope="module")
def marked() -> list[str]:
    return pages(marked_report(marked_timeline()))


def test_it_says_all_that_a_report_says(marked: list[str]) -> None:
    text = "\n".join(marked)
    for heading in (
        "Fractions",
        "21 Nov 2025, 10:00 (Europe/Berlin)",
        "Mood over time",
        "Expression shares over time",
        "Expression shares of the whole lesson",
        "Moments worth a look",
        "Markers",
        "Students",
        "How sure is this?",
        "p(happy) − max(p(angry), p(disgust), p(fear), p(sad))",
        "What this cannot tell",
    ):
        assert heading in text


def test_pages_are_two_to_four_and_numbered(marked: list[str]) -> None:
    assert 2 <= len(marked) <= 4
    for number, text in enumerate(marked, start=1):
        assert f"Page {number} of {len(marked)}" in text


def test_names_of_every_script_and_emoji_are_printed(marked: list[str]) -> None:
    text = "\n".join(marked)
    for name in (FORMULA, TAGGED, "Ελένη", "Александр", "محمد", "דוד", "🦊 Fox", "🤢"):
        assert name in text
    assert "李明" in text or "LiMing" in text


def test_a_letter_that_no_font_has_is_written_in_latin_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_found", lambda missing: {})
    assert fonts_for("Ada 李明").readable("Ada 李明") == "Ada LiMing"
    assert Fonts((), frozenset("ab")).readable("a\u200db\ufe0f") == "ab"


def test_many_students_go_on_over_pages_under_the_same_heading() -> None:
    names = [f"Student {number}" for number in range(150)]
    text = pages(report(timeline({name: {0: HAPPY} for name in names}, of=lesson(1)), at(1)))
    holding = [page for page in text if "Student 1" in page or "Student 9" in page]
    assert len(holding) >= 3
    assert all("minutes" in page for page in holding)
    assert all(any(name in page for page in text) for name in names)


def test_a_class_of_35_takes_at_most_four_pages() -> None:
    seconds = dict.fromkeys(range(0, 600, 5), mixed(happy=4000))
    made = report(timeline({f"Student {number}": seconds for number in range(35)}, of=lesson(600)), at(600))
    assert 2 <= len(pages(made)) <= 4


def test_a_lesson_with_nothing_to_draw_says_so() -> None:
    (only,) = pages(report(timeline({}, of=lesson(1)), at(1)))
    assert "Nothing was measured in this lesson." in only
    unseen = "\n".join(pages(report(timeline({"Ada": dict.fromkeys(range(60))}, of=lesson(60)), at(60))))
    assert "No face was seen in this lesson" in unseen
