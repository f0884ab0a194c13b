"""How surely and how fast a click on START becomes a stream, and a measured face.

`python -m tests.benchmarks.joins --count 50 --at-once 10`. A join has delivered frames when the server has read one,
by what the database says; it is measured when the student's own page says so, which takes the whole way: camera,
WebRTC, detector, network and back to the page.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.benchmarks.stage import Stage, say, spread, stage, start_together
from tests.browser import camera, database
from tests.browser.people import Student

IN_TIME_S = 5.0
GIVE_UP_S = 20.0
STORED_AFTER_S = 2.5
FPS = 5  # the default of monitor/settings.py


@dataclass(frozen=True)
class Join:
    """`said`: seconds from the click to the words on the page, None where they never came."""

    name: str
    clicked_at: float
    said: float | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="joins in all")
    parser.add_argument("--at-once", type=int, default=1, help="tabs that click START at the same moment")
    wanted = parser.parse_args()
    joins: list[Join] = []
    with stage() as on, on.browsers(wanted.at_once, camera.face(6)) as browsers:
        while len(joins) < wanted.count:
            joins += _round(on, browsers[: wanted.count - len(joins)], len(joins))
        time.sleep(STORED_AFTER_S)
        first = _first_frames(on)
    delivered = [first[join.name] - join.clicked_at for join in joins if join.name in first]
    said = [join.said for join in joins if join.said is not None]
    say(
        benchmark="joins",
        count=len(joins),
        at_once=wanted.at_once,
        within_5_s=sum(each <= IN_TIME_S for each in delivered),
        ever=len(delivered),
        seconds=spread(delivered),
        page_says_so={"within_5_s": sum(each <= IN_TIME_S for each in said), "ever": len(said), **spread(said)},
    )


def _round(on: Stage, browsers: Sequence[Browser], first: int) -> list[Join]:
    """All click at once; the last tab counts too."""
    names = [f"Student {first + place}" for place in range(len(browsers))]
    students = [on.student(browser, name) for browser, name in zip(browsers, names, strict=True)]
    start_together(students)
    give_up = time.monotonic() + GIVE_UP_S
    while time.monotonic() < give_up and any(_said(student) is None for student in students):
        time.sleep(0.2)
    time.sleep(STORED_AFTER_S)
    joins = [Join(name, _clicked_at(student), _said(student)) for name, student in zip(names, students, strict=True)]
    for student, join in zip(students, joins, strict=True):
        if join.said is None:
            print(f"never measured; the page says: {student.reads()!r}", file=sys.stderr)
        student.page.context.close()
    return joins


def _first_frames(on: Stage) -> dict[str, float]:
    """By name: when the first frame was read, at the latest. The frames of a second lie a period apart, so a first
    second with n of them began n - 1 periods before its end."""
    first: dict[str, float] = {}
    for row in database.samples(on.server):
        first.setdefault(row["student"], row["second"] + 1 - (row["frames"] - 1) / FPS)
    return first


def _clicked_at(student: Student) -> float:
    return float(student.page.evaluate("window.clickedAt")) / 1000


def _said(student: Student) -> float | None:
    milliseconds = student.page.evaluate("window.measuredAt ? window.measuredAt - window.clickedAt : null")
    return None if milliseconds is None else float(milliseconds) / 1000


if __name__ == "__main__":
    main()
