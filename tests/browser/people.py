"""A teacher and a student at their browsers: the only file that knows what stands where on a page."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")
PATIENCE_MS = 30_000


class Person:
    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        page.set_default_timeout(PATIENCE_MS)

    def sees(self, words: str | re.Pattern[str], patience_s: float = PATIENCE_MS / 1000) -> None:
        """Waits until these words can be read on the page. Raises playwright's TimeoutError."""
        self.page.get_by_text(words).first.wait_for(timeout=patience_s * 1000)

    def press(self, name: str, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def is_settled(self) -> None:
        """Waits until the page has run and its charts are drawn."""
        self.page.locator("h1").first.wait_for()
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE_MS)

    def reads(self) -> str:
        """All that can be read on the page."""
        return self.page.locator("body").inner_text()


class Teacher(Person):
    def open(self) -> None:
        self.page.goto(self.address)

    def go_to(self, title: str) -> None:
        """By the navigation at the top."""
        self.page.get_by_test_id("stTopNavLinkContainer").get_by_text(title, exact=True).click()

    def start_lesson(self, title: str, names: str = "") -> str:
        """Gives the join code."""
        self.page.goto(f"{self.address}/start")
        self.page.get_by_role("textbox", name="Title").fill(title)
        self.page.get_by_role("textbox", name=re.compile("^Students")).fill(names)
        self.press("Start", exact=True)
        found = self.page.get_by_text(re.compile(f"^{CODE.pattern}$")).first.inner_text()
        return found.strip()

    def watch(self, lesson_id: int | None = None) -> None:
        self.page.goto(self.address + (f"/?lesson={lesson_id}" if lesson_id else "/"))
        self.page.get_by_role("button", name="End lesson").wait_for()

    def tile(self, name: str, seen: str = "") -> Locator:
        """`seen`: what the tile says of the student, such as `face`, `paused`, `lost`; any if empty."""
        state = f'[data-seen="{seen}"]' if seen else ""
        return self.page.locator(f".tile{state}").filter(has=self.page.locator("h4").get_by_text(name))

    def sees_student(self, name: str, seen: str, patience_s: float = PATIENCE_MS / 1000) -> str:
        """Waits until the tile says so; gives its words."""
        tile = self.tile(name, seen)
        tile.wait_for(timeout=patience_s * 1000)
        return tile.inner_text()

    def open_room_camera(self) -> None:
        """One click on START, on the page of the room's camera."""
        self.page.goto(f"{self.address}/room")
        camera = self.page.frame_locator('iframe[title*="webrtc"]')
        camera.get_by_role("button", name="START").click()

    def face(self, number: int) -> Locator:
        """The row of this number on the list of faces."""
        return self.page.get_by_role("button", name=re.compile(rf"^{number} "))

    def name_face(self, number: int, name: str) -> None:
        """A click on its row, and a name that is picked or typed."""
        self.face(number).click()
        box = self.page.get_by_role("combobox", name=f"Who is face {number}?")
        box.fill(name)
        box.press("Enter")
        self.page.get_by_role("button", name=re.compile(rf"^{number} .*{name}$")).wait_for()

    def end_lesson(self) -> None:
        """Asks to end, reads the question, says yes; then the report is there."""
        self.press("End lesson")
        self.page.get_by_role("dialog").get_by_role("button", name="End the lesson").click()
        self.page.get_by_role("tab", name="Overview").wait_for()

    def figure(self, name: str) -> str:
        """The value of a named figure of the report that is open."""
        metric = self.page.get_by_test_id("stMetric").filter(has_text=name)
        return metric.get_by_test_id("stMetricValue").inner_text()

    def download_csv(self, file: Path) -> bytes:
        with self.page.expect_download() as download:
            self.press("CSV")
        download.value.save_as(file)
        return file.read_bytes()


class Student(Person):
    def open(self, code: str) -> None:
        self.page.goto(f"{self.address}/?join={code}")

    def take_name(self, name: str) -> None:
        """Types a name (one on the list is found by its name as well) and takes part."""
        self.page.get_by_role("textbox", name=re.compile("name", re.IGNORECASE)).fill(name)
        self.press("I have read this and take part")

    def pick_name(self, name: str) -> None:
        self.page.get_by_role("combobox").click()
        self.page.get_by_role("option", name=name, exact=True).click()
        self.press("I have read this and take part")

    @property
    def camera(self) -> FrameLocator:
        return self.page.frame_locator('iframe[title*="webrtc"]')

    @property
    def start_button(self) -> Locator:
        return self.camera.get_by_role("button", name="START")

    def start_camera(self) -> None:
        """One click."""
        self.start_button.click()

    def is_measured(self, patience_s: float = PATIENCE_MS / 1000) -> None:
        self.sees("being measured", patience_s)

    def join(self, code: str, name: str) -> None:
        self.open(code)
        self.take_name(name)
        self.start_camera()
        self.is_measured()

    def leave(self) -> None:
        self.press("Leave", exact=True)
