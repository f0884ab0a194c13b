from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from monitor.insight.export.html import Chart, to_html
from tests.insight.marked_lesson import BERLIN, FORMULA, TAGGED, marked_report, marked_timeline

CHART = Chart("Mood", "mood", json.dumps({"data": [{"name": TAGGED}], "layout": {}}))


class Reader(HTMLParser):
    """Collects the tags with their attributes, and what stands in each script by its id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        if tag == "script":
            self.scripts.setdefault(attributes.get("id") or "", data)
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def page() -> Any:
    found = marked_timeline()
    made = to_html(marked_report(found), [CHART], "/* plotly */", BERLIN, found.lesson.started_at)
    return Reader(made.decode("utf-8"))


def test_it_needs_nothing_but_itself(page: Any) -> None:
    assert not [tag for tag, attributes in page.tags if {"src", "href"} & set(attributes) or tag in ("link", "iframe")]
    policy = next(attributes["content"] for _tag, attributes in page.tags if "http-equiv" in attributes)
    assert policy.startswith("default-src 'none'")


def test_names_are_words_and_never_tags(page: Any) -> None:
    assert TAGGED in " ".join(page.words)
    assert FORMULA in " ".join(page.words)
    assert not [tag for tag, _attributes in page.tags if tag in ("b", "i")]
    assert json.loads(page.scripts["figures"])["mood"]["data"][0]["name"] == TAGGED


def test_its_numbers_can_be_read_by_a_program(page: Any) -> None:
    numbers = json.loads(page.scripts["numbers"])
    assert [row["student"] for row in numbers["students"]][1] == FORMULA
    assert numbers["markers"][1]["time"] == "2025-11-21T09:10:00+00:00"


def test_it_follows_the_readers_theme_and_prints_light(page: Any) -> None:
    style = " ".join(page.words)
    assert re.search(r"prefers-color-scheme: dark", style)
    assert re.search(r"@media print", style)
