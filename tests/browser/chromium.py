"""Chromium with a fake camera that plays a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)
ALLOWED = "--use-fake-ui-for-media-stream"  # else a page that asks for the camera is refused: nobody is there to click
CAMERA = "--use-fake-device-for-media-stream"


def launch(playwright: Playwright, program: Path, film: Path | None = None, flags: Sequence[str] = ()) -> Browser:
    """A browser of its own; all of its pages see `film` through their camera."""
    seen = (ALLOWED, CAMERA, f"--use-file-for-fake-video-capture={film}") if film else ()
    return playwright.chromium.launch(executable_path=program, args=[*QUIET, *seen, *flags])
