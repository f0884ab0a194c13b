"""`python -m tests.browser.screenshots FOLDER [--language de]`: every page, light and dark, on a laptop and a phone.

Of a made-up class: a lesson that has ended and one that runs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import camera
from tests.browser.album import Album
from tests.browser.chromium import launch
from tests.browser.install import find_chromium
from tests.browser.people import Person
from tests.browser.places import Place, fill, places
from tests.browser.server import Server

LAPTOP, PHONE = (1440, 900), (390, 844)


def main(folder: str, language: str) -> int:
    program = find_chromium()
    if program is None:
        print("No Chromium was found; see `python -m tests.browser.install`.")
        return 1
    album = Album(folder, (LAPTOP, PHONE))
    with tempfile.TemporaryDirectory() as kept, Server(Path(kept)) as server, sync_playwright() as playwright:
        film = camera.film(Path(kept) / "face.y4m", camera.face(6))
        with launch(playwright, program, film) as browser:
            person = Person(browser.new_page(), server.address)
            person.page.context.add_cookies([server.cookie])
            for place in places():
                take(album, person, Place(f"empty-{place.name}", place.address), language)
            for place in places(fill(server)):
                take(album, person, place, language)
    print(f"{len(list(Path(folder).glob('*.png')))} pictures in {folder}")
    return 0


def take(album: Album, person: Person, place: Place, language: str) -> None:
    """The page, and each of its tabs."""
    person.page.goto(f"{person.address}{place.address}{'&' if '?' in place.address else '?'}lang={language}")
    person.is_settled()
    album.take(person, place.name)
    for number, tab in enumerate(person.page.get_by_role("tab").all()[1:], 2):
        tab.click()
        person.is_settled()
        album.take(person, f"{place.name}-{number}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--language", default="en")
    given = parser.parse_args()
    sys.exit(main(given.folder, given.language))
