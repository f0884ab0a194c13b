"""A lesson with all that a report can hold: falls, a break that was left out, markers, names of many scripts."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from monitor.insight.report import Report, report
from monitor.insight.timeline import Timeline
from monitor.teaching import Marker, MarkerKind
from tests.insight.lessons import Parts, at, lesson, mixed, timeline

BERLIN = ZoneInfo("Europe/Berlin")
FORMULA, TAGGED = '=HYPERLINK("http://x")', "</script><b>Ben"
NAMES = ("Ada", FORMULA, TAGGED, "Ελένη", "Александр", "محمد", "דוד", "李明", "🦊 Fox")
LENGTH_S, STEP_S = 900, 3


def marked_timeline(names: tuple[str, ...] = NAMES) -> Timeline:
    """A third of fifteen minutes; the last student is never seen, the one before comes late."""
    seconds: dict[str, dict[int, Parts | None]] = {}
    for place, name in enumerate(names):
        begin = 300 if place == len(names) - 2 else 0
        hidden = place == len(names) - 1
        times = range(begin, LENGTH_S, STEP_S)
        seconds[name] = {second: None if hidden else _mood_at(second, place) for second in times}
    markers = (
        Marker(1, 1, at(200), MarkerKind.BREAK, "", at(300), left_out=True),
        Marker(2, 1, at(600), MarkerKind.EXERCISE, "exercise 2 分数 <i>"),
        Marker(3, 1, at(800), MarkerKind.NOTE, FORMULA),
    )
    made = timeline(seconds, of=lesson(LENGTH_S))
    return Timeline(made.lesson, made.students, made.samples, markers)


def marked_report(found: Timeline) -> Report:
    return report(found, found.lesson.started_at + timedelta(seconds=LENGTH_S))


def _mood_at(second: int, place: int) -> Parts:
    happy = 3000 + 200 * place + 17 * (second % 60)
    return mixed(sad=4000 + 100 * place) if 600 <= second < 750 else mixed(happy=happy, surprise=700)
