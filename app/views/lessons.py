"""All lessons: when, how long, how many; open one or delete it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app import resources
from app.addresses import asked_number
from app.compared import figures_of
from app.lesson_cells import LIMIT, mood_bar, sparkline
from app.sample import offer_first_lesson
from app.trail import note
from monitor.domain import Lesson, Shown
from monitor.insight import formulas
from monitor.insight.report import with_margin
from monitor.insight.suppression import rounded_down
from monitor.insight.written import clock
from monitor.people.audit import Action
from monitor.people.rights import Right
from monitor.words import _, day_and_time

store, zone = resources.store(), resources.zone()


def ask_to_delete(lesson: Lesson) -> None:
    told = _("“{title}” with all of its students and samples is deleted for good. There is no undo.")
    st.write(told.format(title=lesson.title))
    st.caption(_("Download its CSV on the report page first if you may want it."))
    yes, no = st.columns(2)
    if yes.button(_("Delete"), type="primary", width="stretch"):
        store.lessons.delete(lesson.id)
        note(Action.DELETE, "lesson", lesson.id)
        st.rerun()
    if no.button(_("Keep it"), width="stretch"):
        st.rerun()


def of_class(lessons: tuple[Lesson, ...], names: dict[int, str]) -> tuple[Lesson, ...]:
    """Those of one class, where the address or the reader asks for one."""
    held = {lesson.class_id for lesson in lessons}
    choice = [class_id for class_id in names if class_id in held]
    if not choice:
        return lessons
    wanted = asked_number("class")
    index = choice.index(wanted) if wanted in choice else None
    chosen = st.selectbox(
        _("Class"), choice, index=index, format_func=names.__getitem__, placeholder=_("All classes"), width=300
    )
    return lessons if chosen is None else tuple(one for one in lessons if one.class_id == chosen)


def _students(lesson: Lesson) -> int:
    here = students.get(lesson.id, 0)
    return rounded_down(here) if lesson.shown is Shown.CLASS else here


st.title(_("Lessons"))
running, ended = store.lessons.running(), store.lessons.ended()
for lesson in running:
    told = _("{title} is running: to the live view").format(title=lesson.title)
    if st.button(told, key=f"live-{lesson.id}", icon=":material/sensors:"):
        st.switch_page("views/live.py", query_params={"lesson": str(lesson.id)})
if not ended:
    st.write(_("Lessons stand here when they have ended, the newest first."))
    offer_first_lesson(start=not running)
    st.stop()

class_names = {one.id: one.name for one in store.classes.all(archived=True)}
ended = of_class(ended, class_names)
students = store.people.count_by_lesson()
names = {0: _("all the time"), 7: _("last 7 days"), 30: _("last 30 days")}
days = st.segmented_control(_("Time"), list(names), default=0, format_func=names.__getitem__, key="days")
if days:
    ended = tuple(one for one in ended if one.started_at >= datetime.now(UTC) - timedelta(days=days))
figures = figures_of(ended)
shown = pd.DataFrame(
    {
        "lesson": lesson.title + (" 🧪" if lesson.made_up else ""),
        "class": class_names.get(lesson.class_id or 0, ""),
        "date": day_and_time(lesson.started_at.astimezone(zone)),
        "length": clock(lesson.duration(resources.now())),
        "students": _students(lesson),
        "mood (95 %)": "–" if found.mood is None else with_margin(found.mood),
        "mood": mood_bar(found.mood),
        "course": sparkline(found),
    }
    for lesson, found in zip(ended, figures, strict=True)
)
kept = resources.settings().keep_days
st.caption(
    _(
        "Choose a row to open its report or to delete it, two or more to compare them. Lessons are deleted {kept} days "
        "after they ended, or when their class says."
    ).format(kept=kept)
)
columns: dict[str, Any] = {
    "lesson": _("lesson"),
    "class": _("class"),
    "date": _("date"),
    "length": _("length"),
    "students": _("students"),
    "mood (95 %)": _("mood (95 %)"),
    "mood": st.column_config.ImageColumn(_("−0.5 … +0.5"), width=130, help=formulas.mood()),
    "course": st.column_config.LineChartColumn(_("mood over time"), y_min=-LIMIT, y_max=LIMIT),
}
chosen = st.dataframe(
    shown, hide_index=True, on_select="rerun", selection_mode="multi-row", key="lessons", column_config=columns
)
picked = [ended[row] for row in chosen["selection"]["rows"] if row < len(ended)]
if len(picked) > 1:
    words = _("Compare {n} lessons").format(n=len(picked))
    if st.button(words, type="primary", icon=":material/stacked_line_chart:"):
        ids = ",".join(str(lesson.id) for lesson in picked)
        st.switch_page("views/compare.py", query_params={"lessons": ids})
elif picked:
    (lesson,) = picked
    go, delete, _rest = st.columns([2, 1, 3])
    to_report = _("Report of “{title}”").format(title=lesson.title)
    if go.button(to_report, type="primary", icon=":material/query_stats:", width="stretch"):
        st.switch_page("views/report.py", query_params={"lesson": str(lesson.id)})
    deletes = resources.may(lesson.id, Right.DELETE)
    if deletes and delete.button(_("Delete"), icon=":material/delete:", width="stretch"):
        st.dialog(_("Delete this lesson?"))(ask_to_delete)(lesson)
