"""axe over all pages, light and dark: nothing serious or critical of WCAG 2.2 AA and axe's own good practice."""

from __future__ import annotations

from collections.abc import Iterator
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


def _in_both_themes(page: Page, name: str) -> list[str]:
    """All rules in the first, and in the second those that look at colours."""
    found = []
    for scheme, options in zip(SCHEMES, (ALL_RULES, COLOURS), strict=True):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(THEME_CHANGES_MS)
        for frame in page.frames:
            found += [f"{name}, {scheme}: {fault}" for fault in _grave(frame, options)]
    return found


def _grave(frame: Frame, options: dict[str, Any]) -> list[str]:
    violations = Axe().run(frame, options=options).response["violations"]
    return [
        f"{one['id']} at {selector}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for one in violations
        if one["impact"] in GRAVE
        for node in one["nodes"]
        if not _known(one["id"], selector := " ".join(map(str, node["target"])))
    ]


def _known(rule: str, selector: str) -> bool:
    return any(rule == known and part in selector for known, part in NOT_OURS)
