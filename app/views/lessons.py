"""All lessons: when, how long, how many; open one or delete it."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from app import resources
from app.live_view import clock
from app.sample import offer_sample
from monitor.domain import Lesson

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

shown = pd.DataFrame(
    {
        "lesson": lesson.title + (" 🧪" if lesson.made_up else ""),
        "date": lesson.started_at.astimezone(zone).strftime("%d %b %Y, %H:%M"),
        "length": clock(lesson.duration(datetime.now(UTC))),
        "students": len(store.people.students(lesson.id)),
    }
    for lesson in ended
)
days = resources.settings().keep_days
st.caption(f"Choose a row to open its report or to delete it. Lessons are deleted {days} days after they ended.")
chosen = st.dataframe(shown, hide_index=True, on_select="rerun", selection_mode="single-row", key="lessons")
rows = chosen["selection"]["rows"]
if rows and rows[0] < len(ended):
    lesson = ended[rows[0]]
    go, delete, _ = st.columns([2, 1, 3])
    if go.button(f"Report of “{lesson.title}”", type="primary", icon=":material/query_stats:", width="stretch"):
        st.switch_page("views/report.py", query_params={"lesson": str(lesson.id)})
    if delete.button("Delete", icon=":material/delete:", width="stretch"):
        ask_to_delete(lesson)
