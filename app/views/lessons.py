"""All lessons: when, how long, how many; open one or delete it."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from app import resources
from app.live_view import clock
from app.sample import offer_sample
from monitor.domain import Lesson
from monitor.words import _

store, zone = resources.store(), resources.zone()


@st.dialog("Delete this lesson?")
def ask_to_delete(lesson: Lesson) -> None:
    st.write(f"“{lesson.title}” with all of its students and samples is deleted for good. There is no undo.")
    st.caption("Download its CSV on the report page first if you may want it.")
    yes, no = st.columns(2)
    if yes.button("Delete", type="primary", width="stretch"):
        store.lessons.delete(lesson.id)
        st.rerun()
    if no.button("Keep it", width="stretch"):
        st.rerun()


def of_class(lessons: tuple[Lesson, ...], names: dict[int, str]) -> tuple[Lesson, ...]:
    """Those of one class, where the address or the reader asks for one."""
    held = {lesson.class_id for lesson in lessons}
    choice = [class_id for class_id in names if class_id in held]
    if not choice:
        return lessons
    wanted = st.query_params.get("class", "")
    index = choice.index(int(wanted)) if wanted.isdecimal() and int(wanted) in choice else None
    chosen = st.selectbox(
        _("Class"), choice, index=index, format_func=names.__getitem__, placeholder=_("All classes"), width=300
    )
    return lessons if chosen is None else tuple(one for one in lessons if one.class_id == chosen)


resources.purge()
st.title("Lessons")
running, ended = store.lessons.running(), store.lessons.ended()
for lesson in running:
    if st.button(f"{lesson.title} is running: to the live view", key=f"live-{lesson.id}", icon=":material/sensors:"):
        st.switch_page("views/live.py", query_params={"lesson": str(lesson.id)})
if not ended:
    st.write("Lessons stand here when they have ended, the newest first.")
    if not running and st.button("Start a lesson", type="primary", icon=":material/add_circle:"):
        st.switch_page("views/start.py")
    offer_sample()
    st.stop()

class_names = {one.id: one.name for one in store.classes.all(archived=True)}
ended = of_class(ended, class_names)
students = store.people.count_by_lesson()
shown = pd.DataFrame(
    {
        "lesson": lesson.title + (" 🧪" if lesson.made_up else ""),
        "class": class_names.get(lesson.class_id or 0, ""),
        "date": lesson.started_at.astimezone(zone).strftime("%d %b %Y, %H:%M"),
        "length": clock(lesson.duration(datetime.now(UTC))),
        "students": students.get(lesson.id, 0),
    }
    for lesson in ended
)
days = resources.settings().keep_days
st.caption(f"Choose a row to open its report or to delete it. Lessons are deleted {days} days after they ended.")
chosen = st.dataframe(shown, hide_index=True, on_select="rerun", selection_mode="single-row", key="lessons")
rows = chosen["selection"]["rows"]
if rows and rows[0] < len(ended):
    lesson = ended[rows[0]]
    go, delete, _rest = st.columns([2, 1, 3])
    if go.button(f"Report of “{lesson.title}”", type="primary", icon=":material/query_stats:", width="stretch"):
        st.switch_page("views/report.py", query_params={"lesson": str(lesson.id)})
    if delete.button("Delete", icon=":material/delete:", width="stretch"):
        ask_to_delete(lesson)
