"""Reads a page as a person does."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest

KINDS = ("title", "markdown", "caption", "html", "error", "warning", "info", "success", "metric", "code")


def text(page: AppTest) -> str:
    """All that is written on the page, tags left out."""
    elements: list[Any] = [one for kind in KINDS for one in page.get(kind)]
    found = [f"{getattr(one, 'label', '')} {one.value}" for one in elements]
    return re.sub(r"<style>.*?</style>|<[^>]*>", " ", "\n".join(found), flags=re.DOTALL)


def press(page: AppTest, label: str) -> AppTest:
    """Presses the button of that label, or the only one whose label begins so."""
    button(page, label).click().run()
    return page


def button(page: AppTest, label: str) -> Any:
    exact = [one for one in page.button if one.label == label]
    fitting = exact or [one for one in page.button if one.label.startswith(label)]
    assert len(fitting) == 1, f"{label!r} is on {len(fitting)} of {labels(page)}"
    return fitting[0]


def labels(page: AppTest) -> list[str]:
    """Of all buttons but those of the account's menu, which every page has."""
    return [one.label for one in page.button if not str(one.key).startswith("account-")]


def calm(page: AppTest) -> bool:
    """Nothing went wrong on this page."""
    return not page.exception and not page.error
