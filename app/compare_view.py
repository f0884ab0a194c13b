"""The four ways to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import streamlit as st

from app.compared import figures_of, parts_of
from app.comparison_charts import MOST_LINES, courses, groups_chart, moods_over_lessons, shares_beside
from app.palette import LOOKS
from app.report_charts import change_words
from app.written_tables import shares_writers, written_table
from model_zoo.emotions import Emotion
from monitor.domain import Lesson
from monitor.insight import formulas, written
from monitor.insight.bootstrap import Estimate
from monitor.insight.comparison import Group, LessonFigures, by_class, by_kind, median
from monitor.insight.mood import signed
from monitor.words import _, short_day

PLAIN = {"displayModeBar": False}


def over_weeks(lessons: Sequence[Lesson], zone: tzinfo) -> None:
    """The earliest first."""
    found = figures_of(tuple(reversed(lessons)))
    moods = [one.mood.value for one in found if one.mood is not None]
    if not moods:
        st.info(_("No face was seen in these lessons."), icon=":material/face:")
        return
    middle = median(moods)
    st.markdown(
        "##### " + _("{n} lessons: the median mood was {mood}.").format(n=len(moods), mood=change_words(middle)),
        help=formulas.median(),
    )
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        st.markdown(f"**{_('Mood of each lesson')}**", help=formulas.mood() + " " + formulas.interval())
        st.plotly_chart(
            moods_over_lessons(found, middle, zone), key="weeks-mood", alt=_("Mood of each lesson"), config=PLAIN
        )
    with narrow:
        st.markdown(f"**{_('Expression shares of each lesson')}**")
        starts = [one.lesson.started_at.astimezone(zone) for one in found]
        names = [f"{short_day(began)}, {began:%H:%M}" for began in starts]
        beside = shares_beside(names, [one.shares for one in found])
        st.plotly_chart(beside, key="weeks-shares", alt=_("Expression shares of each lesson"), config=PLAIN)
    _table(found, zone)
    _remark()


def side_by_side(lessons: Sequence[Lesson], asked: Sequence[int], zone: tzinfo) -> None:
    by_id = {one.id: one for one in lessons}
    shown = st.multiselect(
        _("Lessons, up to {n}").format(n=MOST_LINES),
        list(by_id),
        default=[one for one in asked if one in by_id][:MOST_LINES] or list(by_id)[:2],
        format_func=lambda one: _name(by_id[one], zone),
        max_selections=MOST_LINES,
        key="beside",
    )
    if len(shown) < 2:
        st.info(_("Choose two lessons or more."), icon=":material/compare_arrows:")
        return
    found = figures_of(tuple(by_id[one] for one in shown))
    names = [_name(one.lesson, zone) for one in found]
    wide, narrow = st.columns([3, 2], gap="large")
    with wide:
        st.markdown(f"**{_('Mood, from the start of each lesson')}**", help=formulas.mood())
        st.plotly_chart(
            courses(names, found), key="beside-courses", alt=_("Mood, from the start of each lesson"), config=PLAIN
        )
        st.caption(_("Each point is the mean of three minutes. What was left out of a lesson is passed over."))
    with narrow:
        st.markdown(f"**{_('Expression shares')}**")
        beside = shares_beside(names, [one.shares for one in found])
        st.plotly_chart(beside, key="beside-shares", alt=_("Expression shares of each lesson"), config=PLAIN)
    _table(found, zone)
    _remark()


def kinds(lessons: Sequence[Lesson], zone: tzinfo) -> None:
    found = parts_of(tuple(lessons))
    if not found:
        st.info(
            _(
                "These lessons have no markers yet. Put some during a lesson, or afterwards on the leaf Markers of its "
                "report."
            ),
            icon=":material/flag:",
        )
        return
    groups = by_kind(found)
    _groups(groups, _("Mood in the parts of each kind"), _("parts"))
    st.caption(
        _(
            "A part goes from its marker to the next one, or to its own end. Parts that are left out, and those under "
            "30 s, are not in it."
        )
    )
    with st.expander(_("All parts")):
        rows = [
            {
                _("lesson"): _name(part.lesson, zone),
                _("time"): f"{part.marker.at.astimezone(zone):%H:%M}",
                _("kind"): part.marker.kind.word,
                _("text"): part.marker.text,
                _("minutes"): part.minutes,
                _("mood (95 %)"): change_words(part.mood),
                **_shares(part.shares),
            }
            for part in found
        ]
        st.dataframe(
            written_table(rows, shares_writers() | {_("minutes"): written.minutes}),
            hide_index=True,
            key="parts-table",
        )
    _remark()


def classes(lessons: Sequence[Lesson], named: Mapping[int, str]) -> None:
    groups = by_class(figures_of(tuple(lessons)), named)
    if len(groups) < 2:
        st.info(
            _("Two classes with lessons are needed. A lesson belongs to the class that was chosen when it started."),
            icon=":material/groups:",
        )
        return
    _groups(groups, _("Mood of the lessons of each class"), _("lessons"))
    st.caption(
        _(
            "Classes stand in the order of their names. Other subjects, hours and rooms make other faces: this is no "
            "contest."
        )
    )
    _remark()


def _groups(groups: Sequence[Group], heading: str, counted: str) -> None:
    wide, narrow = st.columns(2, gap="large")
    with wide:
        st.markdown(f"**{heading}**", help=formulas.mood() + " " + formulas.median())
        st.plotly_chart(groups_chart(groups), key="groups", alt=_("mood: ○ each, ◆ median (95 %)"), config=PLAIN)
    with narrow:
        st.markdown(f"**{_('Expression shares, medians')}**")
        st.plotly_chart(
            shares_beside([one.name for one in groups], [_to_one(one.shares) for one in groups]),
            key="groups-shares",
            config=PLAIN,
        )
    rows = [
        {
            _("name"): one.name,
            counted: one.count,
            _("median mood (95 %)"): change_words(one.mood),
            **_shares(one.shares),
        }
        for one in groups
    ]
    st.dataframe(written_table(rows, shares_writers()), hide_index=True, key="groups-table")


def _table(found: Sequence[LessonFigures], zone: tzinfo) -> None:
    rows = [
        {
            _("lesson"): one.lesson.title,
            _("date"): short_day(one.lesson.started_at.astimezone(zone)),
            _("students"): one.students,
            _("mood (95 %)"): "–" if one.mood is None else change_words(one.mood),
            _("middle half"): "–" if one.middle is None else f"{signed(one.middle.low)} … {signed(one.middle.high)}",
            **_shares(one.shares),
        }
        for one in found
    ]
    st.dataframe(written_table(rows, shares_writers()), hide_index=True, key="compared")


def _remark() -> None:
    st.caption(
        _("Intervals come from the lesson's minutes drawn again (block bootstrap), as seconds are not independent.")
        + " "
        + _(
            "Seven expression classes measure no arousal, no engagement and no understanding. Students are never "
            "compared."
        )
    )


def _to_one(shares: Mapping[Emotion, Estimate]) -> dict[Emotion, Estimate]:
    """Medians of shares add up to nearly 1: for a bar, to 1."""
    total = sum(share.value for share in shares.values())
    return {emotion: Estimate(share.value / total) for emotion, share in shares.items()}


def _shares(shares: Mapping[Emotion, Estimate]) -> dict[str, float | None]:
    return {look.label: shares[emotion].value if emotion in shares else None for emotion, look in LOOKS.items()}


def _name(lesson: Lesson, zone: tzinfo) -> str:
    return f"{short_day(lesson.started_at.astimezone(zone))} · {lesson.title}"
