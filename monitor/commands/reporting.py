"""`report` and `export`: what a lesson came to, and a file of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from monitor import settings
from monitor.commands.lessons import takes_lesson
from monitor.commands.terminal import ACTOR, here, say, say_json, say_table
from monitor.errors import LessonError
from monitor.insight.bootstrap import Estimate
from monitor.insight.export.csv import to_csv
from monitor.insight.report import Report, report
from monitor.insight.timeline import Timeline, read_timeline
from monitor.people.audit import Action
from monitor.store.store import open_store

FORMATS: dict[str, Callable[[Timeline], bytes]] = {"csv": to_csv}
"""What a lesson can be written as."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    told = commands.add_parser("report", help="what a lesson came to")
    takes_lesson(told)
    told.add_argument("--json", action="store_true", help="print the figures as JSON")
    told.set_defaults(run=_report)
    written = commands.add_parser("export", help="write a lesson to a file")
    takes_lesson(written)
    written.add_argument("--format", choices=tuple(FORMATS), required=True)
    written.add_argument("--to", type=Path, required=True, metavar="FILE")
    written.set_defaults(run=_export)


def _report(arguments: argparse.Namespace) -> None:
    found = report(_timeline(arguments.lesson), datetime.now(UTC))
    if arguments.json:
        say_json(as_json(found))
        return
    say(f"{found.lesson.title}: {found.sentence(here() or UTC)}")
    say(f"{found.measured} measured, face visible {_percent(found.face_visible)}, coverage {_percent(found.coverage)}")
    if found.shares:
        say("")
        say_table(("expression", "share", "95 %"), [_share(*each) for each in found.shares.items()])
    for moment in found.moments:
        at = moment.at.astimezone(here())
        say(f"{at:%H:%M:%S}  mood from {moment.before:+.2f} to {moment.after:+.2f}")


def _export(arguments: argparse.Namespace) -> None:
    store = open_store(settings.load().database_url)
    content = FORMATS[arguments.format](read_timeline(store, arguments.lesson))
    store.audit.note(ACTOR, Action.EXPORT, "lesson", arguments.lesson, arguments.format)
    try:
        arguments.to.write_bytes(content)
    except OSError as error:
        raise LessonError(f"{arguments.to} cannot be written: {error.strerror}.") from error
    say(f"wrote {arguments.to}")


def _timeline(lesson_id: int) -> Timeline:
    return read_timeline(open_store(settings.load().database_url), lesson_id)


def as_json(found: Report) -> dict[str, object]:
    """All figures of a report but the courses, which the CSV gives second by second."""
    return {
        "lesson": found.lesson.id,
        "title": found.lesson.title,
        "started_at": found.lesson.started_at.isoformat(),
        "duration_s": found.duration.total_seconds(),
        "source": found.lesson.source.value,
        "network": found.lesson.network,
        "detector": found.lesson.detector,
        "sentence": found.sentence(),
        "measured": found.measured,
        "samples": found.samples,
        "coverage": found.coverage,
        "face_visible": found.face_visible,
        "mood": _estimate(found.mood),
        "shares": {emotion.value: _estimate(share) for emotion, share in found.shares.items()},
        "agreement": found.agreement,
        "volatility": found.volatility,
        "students": [
            {
                "student": row.student.name,
                "minutes": row.minutes,
                "face_visible": row.face_visible,
                "mood": row.mood,
                "shares": {emotion.value: share for emotion, share in row.shares.items()} if row.shares else None,
            }
            for row in found.students
        ],
        "moments": [
            {"at": moment.at.isoformat(), "before": moment.before, "after": moment.after} for moment in found.moments
        ],
    }


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    return None if estimate is None else {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _share(emotion: str, share: Estimate) -> tuple[str, str, str]:
    between = "" if share.low is None else f"{share.low:.0%} to {share.high:.0%}"
    return str(emotion), f"{share.value:.0%}", between


def _percent(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"
