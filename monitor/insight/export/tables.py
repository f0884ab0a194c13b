"""A report as facts and tables: what all files of it show, each in its own dress.

The numbers in them are rounded already (`written.kept`), and every file writes them from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from monitor.domain import Shown
from monitor.insight import formulas, written
from monitor.insight.bootstrap import Estimate
from monitor.insight.report import Report
from monitor.palette import LOOKS
from monitor.words import _, day_and_time, number

Value = str | int | float | datetime | timedelta | None


class Form(StrEnum):
    """How a value is written; in a spreadsheet, its number format."""

    TEXT = "text"
    WHOLE = "whole"
    PERCENT = "percent"
    SHARE = "share"
    MOOD = "mood"
    NUMBER = "number"
    MINUTES = "minutes"
    TIME = "time"
    LENGTH = "length"


WRITERS = {
    Form.PERCENT: written.percent,
    Form.SHARE: written.fine_percent,
    Form.MOOD: written.mood,
    Form.MINUTES: written.minutes,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the lesson with how it is made; `low` and `high` are its 95 % interval."""

    name: str
    value: Value
    form: Form = Form.TEXT
    how: str = ""
    low: float | None = None
    high: float | None = None

    def text(self, zone: tzinfo) -> str:
        if self.form is Form.MOOD and isinstance(self.value, float):
            return written.mood_between(Estimate(self.value, self.low, self.high))
        return written_as(self.value, self.form, zone)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have a value per column; None where there is none."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"each row of {self.title!r} has {len(self.columns)} values, got {self.rows!r}")

    def texts(self, zone: tzinfo) -> list[list[str]]:
        forms = [column.form for column in self.columns]
        return [[written_as(value, form, zone) for value, form in zip(row, forms, strict=True)] for row in self.rows]


def written_as(value: Value, form: Form, zone: tzinfo) -> str:
    if value is None:
        return "" if form in (Form.TEXT, Form.TIME) else written.NOTHING
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%H:%M:%S}"
    if isinstance(value, timedelta):
        return written.clock(value)
    if isinstance(value, str):
        return value
    if form is Form.WHOLE:
        return number(value, ",")
    return WRITERS.get(form, written.number)(value)


def headline(found: Report, zone: tzinfo) -> str:
    """`24 Nov 2026, 09:00 (Europe/Berlin) · 00:40:00 · 12 students measured · face visible 91%`."""
    measured = written.students_measured(found.lesson.shown, found.measured)
    visible = _("face visible {share}").format(share=written.percent(found.face_visible))
    began = f"{day_and_time(found.lesson.started_at.astimezone(zone))} ({zone})"
    return " · ".join((began, written.clock(found.duration), measured, visible))


def facts(found: Report) -> tuple[Fact, ...]:
    """What the lesson came to. The mood has its interval."""
    mood, left_out = found.mood, timedelta(seconds=sum(map(len, found.left_out)))
    return (
        Fact(_("Began"), found.lesson.started_at, Form.TIME),
        Fact(_("Length"), found.duration, Form.LENGTH),
        *_measured(found),
        Fact(
            _("Mood"),
            None if mood is None else written.kept(mood.value),
            Form.MOOD,
            formulas.mood_of_shares(),
            None if mood is None else written.kept(mood.low),
            None if mood is None else written.kept(mood.high),
        ),
        Fact(_("Coverage"), written.kept(found.coverage), Form.PERCENT, formulas.coverage()),
        Fact(_("Face visible"), written.kept(found.face_visible), Form.PERCENT, formulas.face_visible()),
        Fact(_("Confidence"), written.kept(found.confidence), Form.PERCENT, formulas.confidence()),
        Fact(_("Agreement"), written.kept(found.agreement), Form.NUMBER, formulas.agreement()),
        Fact(_("Volatility"), written.kept(found.volatility), Form.NUMBER, formulas.volatility()),
        Fact(_("Left out"), left_out, Form.LENGTH, _("spans that the teacher left out; they count for no number")),
        Fact(_("Unnamed faces"), found.unnamed, Form.WHOLE, _("count for the class only")),
        Fact(_("Network"), found.lesson.network),
        Fact(_("Face detection"), found.lesson.detector),
    )


def _measured(found: Report) -> tuple[Fact, Fact]:
    alone = found.lesson.shown is Shown.CLASS
    who = _("rounded down: only the class is shown") if alone else _("students with at least one measured second")
    when = _("seconds of which there is a figure") if alone else _("one sample per student and second")
    return (
        Fact(_("Students measured"), found.measured, Form.WHOLE, who),
        Fact(_("Seconds measured"), found.samples, Form.WHOLE, when),
    )


def shares(found: Report) -> Table:
    """In the palette's order; empty when no face was seen."""
    columns = (
        Column(_("expression"), Form.TEXT),
        Column(_("share"), Form.SHARE),
        Column(_("from"), Form.SHARE),
        Column(_("to"), Form.SHARE),
    )
    rows = (
        (look.label, *_with_bounds(estimate))
        for look, estimate in ((look, found.shares.get(emotion)) for emotion, look in LOOKS.items())
        if estimate is not None
    )
    return Table(_("Expression shares"), columns, tuple(rows))


def moments(found: Report) -> Table:
    columns = (
        Column(_("time"), Form.TIME),
        Column(_("mood before"), Form.MOOD),
        Column(_("after"), Form.MOOD),
        Column(_("back after (min)"), Form.MINUTES),
    )
    rows = (
        (
            moment.at,
            written.kept(moment.before),
            written.kept(moment.after),
            None if moment.back_after is None else moment.back_after.total_seconds() / 60,
        )
        for moment in found.moments
    )
    return Table(_("Moments worth a look"), columns, tuple(rows))


def markers(found: Report) -> Table:
    """Numbered as in the chart of the mood; before and after are over up to two minutes each."""
    columns = (
        Column(_("no."), Form.WHOLE),
        Column(_("time"), Form.TIME),
        Column(_("until"), Form.TIME),
        Column(_("kind"), Form.TEXT),
        Column(_("text"), Form.TEXT),
        Column(_("left out"), Form.TEXT),
        Column(_("mood before"), Form.MOOD),
        Column(_("after"), Form.MOOD),
        Column(_("change"), Form.MOOD),
        Column(_("from"), Form.MOOD),
        Column(_("to"), Form.MOOD),
    )
    rows = (
        (
            place,
            effect.marker.at,
            effect.marker.until,
            effect.marker.kind.word,
            effect.marker.text,
            _("yes") if effect.marker.left_out else "",
            *(None if each is None else written.kept(each.value) for each in (effect.before, effect.after)),
            *_with_bounds(effect.change),
        )
        for place, effect in enumerate(found.effects, start=1)
    )
    return Table(_("Markers"), columns, tuple(rows))


def students(found: Report) -> Table:
    """In the order in which they joined."""
    columns = (
        Column(_("student"), Form.TEXT),
        Column(_("minutes"), Form.MINUTES),
        Column(_("face visible"), Form.PERCENT),
        Column(_("mood"), Form.MOOD),
        *(Column(look.label, Form.PERCENT) for look in LOOKS.values()),
    )
    rows = (
        (
            row.student.name,
            written.kept(row.minutes),
            written.kept(row.face_visible),
            written.kept(row.mood),
            *(None if row.shares is None else written.kept(row.shares[emotion]) for emotion in LOOKS),
        )
        for row in found.students
    )
    return Table(_("Students"), columns, tuple(rows))


def limits() -> str:
    """What must stand beside the numbers."""
    return _(
        "The network sees faces, and it is wrong in about three pictures of ten. Seven expression classes measure no "
        "arousal, no engagement and no understanding, and a face is not a feeling. The intervals are 95 % intervals "
        "from resampled half-minutes of this lesson (block bootstrap): they say how much the numbers would vary, not "
        "how often the network errs. Use the curve to ask the class what happened, not to judge anyone."
    )


def _with_bounds(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    if estimate is None:
        return None, None, None
    return written.kept(estimate.value), written.kept(estimate.low), written.kept(estimate.high)
