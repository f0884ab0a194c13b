"""The teacher's live page: two seconds to read, refreshed each second."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from app import resources
from app.alerts_view import alerts_button
from app.join_card import join_card
from app.live_view import live_view
from app.marker_bar import marker_bar
from app.running_lesson import chosen_lesson
from app.sample import offer_sample
from monitor.domain import Lesson

store, room = resources.store(), resources.classroom()


@st.dialog("Join this lesson", width="large")
def show_join_card(lesson: Lesson) -> None:
    join_card(lesson)


@st.dialog("End this lesson?")
def ask_to_end(lesson: Lesson) -> None:
    st.write(f"“{lesson.title}” ends for all students: their cameras are no longer read. The report stays.")
    yes, no = st.columns(2)
    if yes.button("End the lesson", type="primary", width="stretch"):
        end(lesson, datetime.now(UTC))
    if no.button("Go on", width="stretch"):
        st.rerun()


def end(lesson: Lesson, at: datetime) -> None:
    store.lessons.end(lesson.id, at)
    resources.close_room_camera(lesson.id)
    room.dismiss([student.id for student in store.people.students(lesson.id)])
    st.switch_page("views/report.py", query_params={"lesson": str(lesson.id)})


def ask_after_restart(lesson: Lesson) -> None:
    """The server was started anew while this lesson was running: go on, or end it where it stopped."""
    began = resources.started_at()
    settled = st.session_state.setdefault("settled", set())
    if lesson.started_at >= began or lesson.id in settled:
        return
    last = store.lessons.last_sample_at(lesson.id) or lesson.started_at
    if last >= began:
        return
    zone = resources.zone()
    with st.container(border=True):
        st.warning(
            f"The server was started again at {began.astimezone(zone):%H:%M:%S}; the last sample of this lesson is "
            f"of {last.astimezone(zone):%d %b, %H:%M:%S}. What was kept until then is safe.",
            icon="🔁",
        )
        go_on, stop = st.columns(2)
        if go_on.button("Go on with the lesson", type="primary", width="stretch"):
            settled.add(lesson.id)
            st.rerun()
        if stop.button("End it where it stopped", width="stretch"):
            end(lesson, last + timedelta(seconds=1))


running = store.lessons.running()
if not running:
    st.title("No lesson is running")
    st.write("Here you will see the mood of your class live: a figure, a chart and a tile for each student.")
    if st.button("Start a lesson", type="primary", icon=":material/add_circle:"):
        st.switch_page("views/start.py")
    offer_sample()
    st.stop()

lesson = chosen_lesson(running)
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title(lesson.title, width="stretch")
    if st.button("Join card", icon=":material/qr_code_2:"):
        show_join_card(lesson)
    alerts_button()
    if st.button("End lesson", icon=":material/stop_circle:"):
        ask_to_end(lesson)
ask_after_restart(lesson)
marker_bar(lesson)
live_view(lesson)
