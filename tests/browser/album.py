"""Pictures of the pages for people to look at. Taken only where the environment variable SCREENSHOTS names a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from tests.browser.people import Person

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHARTS_DRAW_MS = 1500
# What scrolls is a part of Streamlit's page, so that a picture of the "full page" would end at the window's edge.
LENGTH = "document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0"


class Album:
    def __init__(self, folder: str | None, sizes: Sequence[tuple[int, int]]) -> None:
        self.folder, self.sizes = Path(folder) if folder else None, sizes

    def take(self, person: Person, name: str) -> None:
        """The page at each size, light and dark: `<name>-<width>-<scheme>.png`. Leaves the page as it was."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        page, before = person.page, person.page.viewport_size
        for width, height in self.sizes:
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(CHARTS_DRAW_MS)
                page.set_viewport_size({"width": width, "height": max(height, page.evaluate(LENGTH))})
                page.screenshot(path=self.folder / f"{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        if before is not None:
            page.set_viewport_size(before)
