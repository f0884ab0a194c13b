"""How surely and how fast a click on START becomes a measured face.

`python -m tests.benchmarks.joins --count 50 --at-once 10`. A join counts when the student's own page says that
the face is measured, which takes the whole way: camera, WebRTC, detector, network and back to the page.
"""

from __future__ import annotations

import argparse
import sys
import time

from playwright.sync_api import Browser

from tests.benchmarks.stage import Stage, say, spread, stage, start_together
from tests.browser import camera
from tests.browser.people import Student

IN_TIME_S = 5.0
GIVE_UP_S = 20.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="joins in all")
    parser.add_argument("--at-once", type=int, default=1, help="tabs that click START at the same moment")
    wanted = parser.parse_args()
    times: list[float | None] = []
    with stage() as on, on.browser(camera.face(6)) as browser:
        while len(times) < wanted.count:
            times += _round(on, browser, len(times), min(wanted.at_once, wanted.count - len(times)))
    came = [each for each in times if each is not None]
    say(
        benchmark="joins",
        count=len(times),
        at_once=wanted.at_once,
        within_5_s=sum(each <= IN_TIME_S for each in came),
        ever=len(came),
        seconds=spread(came),
    )


def _round(on: Stage, browser: Browser, first: int, tabs: int) -> list[float | None]:
    """Seconds from the click to the words on the page, None where they never came; the last tab counts too."""
    students = [on.student(browser, f"Student {first + place}") for place in range(tabs)]
    start_together(students)
    give_up = time.monotonic() + GIVE_UP_S
    while time.monotonic() < give_up and any(_took(student) is None for student in students):
        time.sleep(0.2)
    times = [_took(student) for student in students]
    for student, took in zip(students, times, strict=True):
        if took is None:
            print(f"never measured; the page says: {student.reads()!r}", file=sys.stderr)
        student.page.context.close()
    return times


def _took(student: Student) -> float | None:
    milliseconds = student.page.evaluate("window.measuredAt ? window.measuredAt - window.clickedAt : null")
    return None if milliseconds is None else float(milliseconds) / 1000


if __name__ == "__main__":
    main()
