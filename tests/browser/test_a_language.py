"""The language of a real browser, in what a page shows at once and in what it brings later by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, expect

from tests.browser.people import Person, Teacher
from tests.browser.server import Server
from tests.lesson import seat, start


def test_a_german_browser_reads_german_until_english_is_picked(
    browser: Browser, server: Server, table: list[Person]
) -> None:
    page = browser.new_context(locale="de-DE").new_page()
    page.context.add_cookies([server.cookie])
    table.append(teacher := Teacher(page, server.address))
    page.goto(f"{server.address}/lessons")
    teacher.sees("Musterstunde öffnen")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    teacher.press("DE")
    page.get_by_text("English", exact=True).click()
    teacher.sees("Open a sample lesson")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "lang=en" in page.url
    page.reload()
    teacher.sees("Open a sample lesson")


def test_what_comes_by_itself_is_in_the_same_language(server: Server, teacher: Teacher) -> None:
    teacher.page.goto(f"{server.address}/lessons?lang=de")
    teacher.sees("Musterstunde öffnen")
    store = server.store()
    lesson = start(store, at=datetime.now(UTC))
    teacher.page.goto(f"{server.address}/?lesson={lesson.id}&lang=de")
    teacher.page.get_by_role("button", name=re.compile("Join card|Teilnahmekarte")).click()
    teacher.sees("Noch ist niemand dabei")
    seat(store, lesson)
    store.close()
    teacher.sees(re.compile("von 1 sind dabei"))
