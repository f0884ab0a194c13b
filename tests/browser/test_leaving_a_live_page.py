"""A live page hears from the server each second and says when it does not; a quiet one that follows it must not."""

from __future__ import annotations

from tests.browser.people import Teacher

SILENT_MS = 13_000  # the watch asks after ten seconds without a word


def test_a_quiet_page_is_left_alone_also_when_the_theme_changed_before(teacher: Teacher) -> None:
    teacher.open()
    teacher.start_lesson("Fractions · 7b")
    teacher.watch()
    for scheme in ("dark", "light", "dark"):
        teacher.page.emulate_media(color_scheme=scheme)
        teacher.page.wait_for_timeout(1500)
    teacher.go_to("Lessons")
    teacher.is_settled()
    teacher.page.evaluate("window.stayed = true")
    teacher.page.wait_for_timeout(SILENT_MS)
    assert teacher.page.evaluate("window.stayed") is True
    assert teacher.page.locator("[role=alert]:visible").count() == 0
