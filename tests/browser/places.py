"""Every page there is, found by reading app/pages.py, with something on it: what axe and the camera go to."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.domain import Presence
from monitor.insight.sample_lesson import LENGTH_S, NAMES, add_sample_lesson, sample_lesson
from monitor.store.store import Store
from tests.browser.server import ROOT, Server

PAGES = ROOT / "app" / "pages.py"
AHEAD_S = 240  # the running lesson is measured for so long to come: a look at all pages takes a while
LOST, LEFT = "Hugo", "Leo"


@dataclass(frozen=True)
class Place:
    """A page's name and its address behind the server's."""

    name: str
    address: str


@dataclass(frozen=True)
class Lessons:
    ended: int
    running: int
    code: str
    seat: str


def page_names(file: Path = PAGES) -> dict[str, str]:
    """The names of the pages' files, each with the path under which it is served; the first page has none."""
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return {
        (stem := Path(_text(call.args[0])).stem): "" if any(key.arg == "default" for key in call.keywords) else stem
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "Page"
    }


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant), "a page is named by its file, or nobody finds it here"
    return str(node.value)


def places(lessons: Lessons | None = None) -> list[Place]:
    """Without lessons the pages of an empty dashboard."""
    found = [_place(name, path, lessons) for name, path in page_names().items()]
    return found if lessons is None else [*found, Place("seat", f"/?join={lessons.code}&seat={lessons.seat}")]


def _place(name: str, path: str, lessons: Lessons | None) -> Place:
    if name == "check":
        return Place(name, "/?check")
    if name == "join":
        return Place(name, f"/?join={lessons.code if lessons else ''}")
    lesson = "" if lessons is None else f"?lesson={lessons.ended if path else lessons.running}"
    return Place(name, f"/{path}{lesson}")


def fill(server: Server) -> Lessons:
    """A lesson that has ended and one that runs, the only one; both are made up, and in the latter some are paused,
    lost or gone."""
    store, now = server.store(), datetime.now(UTC).replace(microsecond=0)
    for other in store.lessons.running():
        store.lessons.end(other.id, now)
    ended = add_sample_lesson(store, now - timedelta(seconds=2 * LENGTH_S))
    running = _run_lesson(store, now)
    store.close()
    return replace(running, ended=ended.id)


def _run_lesson(store: Store, now: datetime) -> Lessons:
    start = now - timedelta(seconds=LENGTH_S - AHEAD_S)
    lesson = store.lessons.start("Fractions · 7b", start, "default", "of the test")
    ids = {name: store.people.join(lesson.id, name, start, "2026-2").student.id for name in NAMES}
    store.people.invite(lesson.id, ["Mia"], start)
    samples = sample_lesson(start, list(ids.values()))
    silent = {ids[LOST], ids[LEFT]}
    store.samples.add([one for one in samples if one.student_id not in silent or one.at < now - timedelta(minutes=1)])
    store.people.choose(ids[LEFT], Presence.LEFT, now)
    store.people.choose(ids["Dana"], Presence.PAUSED, now)
    return Lessons(0, lesson.id, lesson.code, store.people.join(lesson.id, "Noor", now, "2026-2").secret)
