"""What pages that show several lessons read: summed up once, kept while it is true."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import resources
from monitor.domain import Lesson
from monitor.insight.comparison import LessonFigures, Part, lesson_figures, parts
from monitor.insight.lesson_minutes import LessonMinutes, read_minutes
from monitor.words import _

FEW = 2


def figures_of(lessons: Sequence[Lesson]) -> tuple[LessonFigures, ...]:
    """In the order of `lessons`, which are over. Shows how far it is while lessons are summed up for the first time."""
    return _figures(_key(lessons), lessons)


def parts_of(lessons: Sequence[Lesson]) -> tuple[Part, ...]:
    return _parts(_key(lessons), lessons)


def sum_up(lessons: Sequence[Lesson]) -> None:
    """Makes what is missing of the lessons' minutes."""
    store = resources.store()
    missing = store.minutes.missing([lesson.id for lesson in lessons])
    shown = st.progress(0.0, _("Summing up {n} lessons, once …").format(n=len(missing))) if len(missing) > FEW else None
    for done, lesson_id in enumerate(missing, start=1):
        store.minutes.make(lesson_id)
        if shown:
            shown.progress(done / len(missing))
    if shown:
        shown.empty()


def _key(lessons: Sequence[Lesson]) -> str:
    """Another one as soon as anything is that the figures depend on."""
    sum_up(lessons)
    store, ids = resources.store(), [lesson.id for lesson in lessons]
    made, markers = store.minutes.made(ids), store.markers.by_lesson(ids)
    return repr([(lesson, made.get(lesson.id), markers[lesson.id]) for lesson in lessons])


@st.cache_resource(show_spinner=False, ttl=600, max_entries=8)
def _figures(key: str, _lessons: Sequence[Lesson]) -> tuple[LessonFigures, ...]:
    return tuple(map(lesson_figures, _read(_lessons)))


@st.cache_resource(show_spinner=False, ttl=600, max_entries=8)
def _parts(key: str, _lessons: Sequence[Lesson]) -> tuple[Part, ...]:
    return tuple(part for minutes in _read(_lessons) for part in parts(minutes))


def _read(lessons: Sequence[Lesson]) -> tuple[LessonMinutes, ...]:
    return read_minutes(resources.whole_store(), lessons)
