"""The HTML report opened by a browser without a network, and printed."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from app.downloads import files
from tests.insight.marked_lesson import FORMULA, marked_report, marked_timeline

CHARTS = ("mood", "shares", "bars", "students", "markers")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = marked_timeline()
    html = next(one for one in files(marked_report(found), found, UTC) if one.label == "HTML")
    path = tmp_path_factory.mktemp("file") / "report.html"
    path.write_bytes(html.make())
    return path


def opened(browser: Browser, file: Path, scheme: Any, width: int = 1366) -> tuple[Any, list[str]]:
    """The page, and what went wrong on it or was asked for from elsewhere."""
    context = browser.new_context(color_scheme=scheme, offline=True, viewport={"width": width, "height": 800})
    page, trouble = context.new_page(), list[str]()
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: trouble.append(request.url) if request.url.startswith("http") else None)
    page.goto(file.as_uri())
    page.locator("#markers .main-svg").first.wait_for()
    return page, trouble


@pytest.mark.parametrize(("scheme", "ink"), [("light", "rgb(32, 38, 43)"), ("dark", "rgb(232, 236, 238)")])
def test_its_charts_live_offline_in_the_readers_colours(browser: Browser, file: Path, scheme: str, ink: str) -> None:
    page, trouble = opened(browser, file, scheme)
    for name in CHARTS:
        assert page.locator(f"#{name} .main-svg").count()
    assert page.locator("#mood .ytick text").first.evaluate("text => getComputedStyle(text).fill") == ink
    assert page.get_by_text(FORMULA).count()
    assert trouble == []
    page.context.close()


def test_it_fits_a_phone(browser: Browser, file: Path) -> None:
    page, _trouble = opened(browser, file, "light", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.close()


def test_a_chart_is_saved_as_a_picture_under_the_lessons_name(browser: Browser, file: Path) -> None:
    page, _trouble = opened(browser, file, "dark")
    with page.expect_download() as saved:
        page.locator("#mood .modebar-btn").click()
    assert saved.value.suggested_filename == "Fractions mood.png"
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    page.context.close()


def test_it_is_printed_on_a_few_pages(browser: Browser, file: Path) -> None:
    page, _trouble = opened(browser, file, "dark")
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert 2 <= len(pages) <= 6
    assert float(pages[0].mediabox.width) == pytest.approx(595, abs=1)
    page.context.close()
