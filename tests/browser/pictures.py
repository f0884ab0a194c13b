"""`python -m tests.browser.pictures docs`: the six pictures of the README, of made-up lessons."""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from monitor.insight.sample_class import add_sample_class
from monitor.insight.sample_lesson import LENGTH_S
from tests.browser.album import CHARTS_DRAW_MS
from tests.browser.chromium import launch
from tests.browser.install import find_chromium
from tests.browser.people import Person
from tests.browser.places import Lessons, fill
from tests.browser.server import Server

LAPTOP, PHONE = (1280, 800), (390, 844)
LARGEST_BYTES = 150_000
COLOURS = 128


def main(folder: Path) -> int:
    program = find_chromium()
    if program is None:
        print("No Chromium was found; see `python -m tests.browser.install`.")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept, Server(Path(kept)) as server, sync_playwright() as playwright:
        lessons = filled(server)
        with launch(playwright, program) as browser:
            person = Person(browser.new_page(), server.address)
            person.page.context.add_cookies([server.cookie])
            take(person, folder / "live.png", f"/?lesson={lessons.running}")
            take(person, folder / "report.png", f"/report?lesson={lessons.ended}")
            take(person, folder / "students.png", f"/report?lesson={lessons.ended}", tab=1)
            take(person, folder / "compare.png", "/compare")
            take(person, folder / "models.png", "/models", tab=1)
            take(person, folder / "join.png", f"/?join={lessons.code}", size=PHONE)
    return 0


def filled(server: Server) -> Lessons:
    """With classes that have lessons to compare."""
    lessons = fill(server)
    store = server.store()
    sample = add_sample_class(store, datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=2 * LENGTH_S))
    store.close()
    return replace(lessons, ended=sample.id)


def take(person: Person, file: Path, address: str, tab: int = 0, size: tuple[int, int] = LAPTOP) -> None:
    page = person.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(person.address + address)
    person.is_settled()
    if tab:
        page.get_by_role("tab").nth(tab).click()
        person.is_settled()
    page.wait_for_timeout(CHARTS_DRAW_MS)
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file}: {file.stat().st_size // 1000} kB")
    if file.stat().st_size > LARGEST_BYTES:
        raise RuntimeError(f"{file} has {file.stat().st_size} bytes; {LARGEST_BYTES} are allowed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    sys.exit(main(parser.parse_args().folder))
