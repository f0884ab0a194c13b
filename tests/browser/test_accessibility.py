"""axe over all pages, light and dark: nothing serious or critical of WCAG 2.2 AA and axe's own good practice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

from tests.browser.album import SCHEMES
from tests.browser.people import Teacher
from tests.browser.places import Place, fill, page_names, places
from tests.browser.server import Server

GRAVE = ("serious", "critical")
DIFFERENT_WHEN_EMPTY = ("live", "lessons", "report", "join")
ALL_RULES: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = ALL_RULES | {"runOnly": ["color-contrast", "link-in-text-block"]}
THEME_CHANGES_MS = 300

NOT_OURS: dict[tuple[str, str], str] = {}
"""(rule, part of the selector) of what Streamlit or a component brings and we cannot mend, each with the reason."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("axe")) as started:
        yield started


def test_every_page_is_known() -> None:
    names = page_names()
    assert {"live", "start", "lessons", "report", "models", "join", "check"} <= set(names)
    assert [name for name, path in names.items() if not path] == ["live"]


def test_an_empty_dashboard_has_no_grave_violation(server: Server, teacher: Teacher) -> None:
    empty = [place for place in places() if place.name in DIFFERENT_WHEN_EMPTY]
    assert [fault for place in empty for fault in faults(teacher, place)] == []


def test_a_dashboard_with_lessons_has_no_grave_violation(server: Server, teacher: Teacher) -> None:
    assert [fault for place in places(fill(server)) for fault in faults(teacher, place)] == []


def test_on_a_phone_mood_and_chart_are_seen_first_and_markers_are_under_the_thumb(
    server: Server, teacher: Teacher
) -> None:
    teacher.page.set_viewport_size({"width": 390, "height": 844})
    teacher.watch(fill(server).running)
    teacher.is_settled()
    mood, chart = teacher.page.get_by_test_id("stMetric"), teacher.page.get_by_test_id("stPlotlyChart").first
    shown = (mood, chart, teacher.page.locator(".tile").first)
    for one in shown:
        one.wait_for()
    tops = [box["y"] for one in shown if (box := one.bounding_box())]
    assert len(tops) == len(shown)
    assert tops == sorted(tops)
    assert tops[1] < 844 / 2 + 150
    markers = [teacher.page.get_by_role("button", name=name).bounding_box() for name in ("Quiz", "Own text")]
    assert all(box and box["y"] > 700 and box["y"] + box["height"] <= 844 for box in markers)
    assert all(box and box["x"] + box["width"] <= 390 for box in markers)


def test_opened_dialogs_have_no_grave_violation(server: Server, teacher: Teacher) -> None:
    lessons, class_id = fill(server), add_class(server, "Ada", "Ben")
    teacher.watch(lessons.running)
    found = [fault for name in ("Join card", "Alerts", "Names", "End lesson") for fault in dialog_faults(teacher, name)]
    teacher.page.goto(f"{teacher.address}/classes?class={class_id}")
    teacher.is_settled()
    choose(teacher, "Ada")
    found += [fault for name in ("Rename", "Delete") for fault in dialog_faults(teacher, name)]
    choose(teacher, "Ben")
    found += dialog_faults(teacher, "Merge")
    teacher.page.goto(f"{teacher.address}/lessons")
    teacher.is_settled()
    choose_first_row(teacher)
    assert found + dialog_faults(teacher, "Delete") == []


def add_class(server: Server, *names: str) -> int:
    store, now = server.store(), datetime.now(UTC)
    own = store.classes.create("7b", now)
    store.classes.add_members(own.id, names)
    store.close()
    return own.id


def choose(teacher: Teacher, name: str) -> None:
    """One more student of the class that is open."""
    box = teacher.page.get_by_role("combobox", name=re.compile("Choose a student"))
    box.fill(name)
    box.press("Enter")
    box.press("Escape")
    teacher.is_settled()


def choose_first_row(teacher: Teacher) -> None:
    """Its box stands at the left. The table is drawn on a canvas, so it is found by where it is."""
    teacher.page.get_by_test_id("stDataFrame").locator("canvas").first.click(position={"x": 18, "y": 53}, force=True)
    teacher.is_settled()


def dialog_faults(teacher: Teacher, button: str) -> list[str]:
    """Opens it by that button, looks at nothing else, and closes it."""
    teacher.is_settled()
    teacher.press(button, exact=True)
    dialog = teacher.page.get_by_role("dialog")
    dialog.wait_for()
    teacher.is_settled()
    found = _in_both_themes(teacher.page, f"dialog {button}", "[role=dialog]")
    teacher.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    return found


def faults(person: Teacher, place: Place) -> list[str]:
    """Of a page and each of its tabs, in both themes."""
    person.page.goto(person.address + place.address)
    person.is_settled()
    found = _in_both_themes(person.page, place.name)
    for tab in person.page.get_by_role("tab").all()[1:]:
        tab.click()
        person.is_settled()
        found += _in_both_themes(person.page, f"{place.name}, {tab.inner_text()}")
    return found


def _in_both_themes(page: Page, name: str, part: str | None = None) -> list[str]:
    """All rules in the first, and in the second those that look at colours; `part`: a selector of what is looked at."""
    found = []
    for scheme, options in zip(SCHEMES, (ALL_RULES, COLOURS), strict=True):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(THEME_CHANGES_MS)
        for frame in page.frames if part is None else page.frames[:1]:
            found += [f"{name}, {scheme}: {fault}" for fault in _grave(frame, options, part)]
    return found


def _grave(frame: Frame, options: dict[str, Any], part: str | None) -> list[str]:
    violations = Axe().run(frame, context=part, options=options).response["violations"]
    return [
        f"{one['id']} at {selector}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for one in violations
        if one["impact"] in GRAVE
        for node in one["nodes"]
        if not _known(one["id"], selector := " ".join(map(str, node["target"])))
    ]


def _known(rule: str, selector: str) -> bool:
    return any(rule == known and part in selector for known, part in NOT_OURS)
