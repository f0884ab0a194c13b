"""`python -m tests.browser.install`: sees to it that there is a Chromium for the browser tests.

Where none is found, Playwright fetches its own. Where that fails, the tests that need one are left out and
named, which is a failure under CI=true.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LEFT_OUT = "tests/browser (a whole lesson in a real browser) and tests/benchmarks"
PATIENCE_S = 600


def find_chromium() -> Path | None:
    """The first that really starts: of the environment variable CHROMIUM, of the system, of Playwright."""
    return next((file for file in _candidates() if _starts(file)), None)


def _candidates() -> Iterator[Path]:
    if "CHROMIUM" in os.environ:
        yield Path(os.environ["CHROMIUM"])
    yield Path("/usr/bin/chromium")
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    yield own


def _starts(file: Path) -> bool:
    """A Chromium without its system libraries is a file that does not start."""
    if not file.is_file():
        return False
    if sys.platform == "win32":
        return True  # chrome.exe --version opens a window
    try:
        return subprocess.run([file, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _fetch() -> str:
    """Playwright's own Chromium. The last line of what it says when it fails, else nothing."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return f"no answer in {PATIENCE_S} s"
    said = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
    return "" if done.returncode == 0 else next((line for line in said if "rror" in line), said[-1]).strip()


def main() -> int:
    if find_chromium() is not None:
        return 0
    print("No Chromium was found; Playwright fetches one …", flush=True)
    problem = _fetch()
    if not problem and find_chromium() is not None:
        return 0
    print(
        f"Left out: {LEFT_OUT}. No Chromium was found, and Playwright could not bring one "
        f"({problem or 'what it brought does not start; try `playwright install-deps chromium`'}). "
        "Install Chromium or Chrome, or name it in the environment variable CHROMIUM.",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
