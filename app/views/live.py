"""The teacher's live page: two seconds to read, refreshed each second."""

from datetime import datetime, timedelta

import streamlit as st

from app import resources
from app.alerts_view import alerts_button
from app.connection_watch import watch_connection
from app.join_card import join_card
from app.levels import level_button
from app.live_style import STYLE
from app.live_view import live_view
from app.marker_bar import marker_bar
from app.running_lesson import chosen_lesson
from app.sample import offer_first_lesson
from monitor.domain import Lesson
from monitor.people.rights import Right
from monitor.words import _, short_day

store, room = resources.store(), resources.classroom()


def ask_to_end(lesson: Lesson) -> None:
    told = _("“{title}” ends for all students: their cameras are no longer read. The report stays.")
    st.write(told.format(title=lesson.title))
    yes, no = st.columns(2)
    if yes.button(_("End the lesson"), type="primary", width="stretch"):
        end(lesson, resources.now())
    if no.button(_("Go on"), width="stretch"):
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
    # Once asked it stays asked: a camera that came back before the answer would else take the question away under
    # the finger that answers it.
    asked = st.session_state.setdefault("asked_where_it_stopped", {})
    if lesson.started_at >= began or lesson.id in settled:
        return
    last = asked.get(lesson.id) or store.lessons.last_sample_at(lesson.id) or lesson.started_at
    if last >= began:
        return
    asked[lesson.id] = last
    zone = resources.zone()
    with st.container(border=True):
        st.warning(
            _(
                "The server was started again at {began}; the last sample of this lesson is of {last}. What was kept "
                "until then is safe."
            ).format(
                began=f"{began.astimezone(zone):%H:%M:%S}",
                last=f"{short_day(last.astimezone(zone))}, {last.astimezone(zone):%H:%M:%S}",
            ),
            icon="🔁",
        )
        go_on, stop = st.columns(2)
        if go_on.button(_("Go on with the lesson"), type="primary", width="stretch"):
            settled.add(lesson.id)
            st.rerun()
        if stop.button(_("End it where it stopped"), width="stretch"):
            end(lesson, last + timedelta(seconds=1))


running = store.lessons.running()
if not running:
    st.title(_("No lesson is running"))
    st.write(_("Here you will see the mood of your class live: a figure, a chart and a tile for each student."))
    offer_first_lesson()
    st.stop()

lesson = chosen_lesson(running)
edits = resources.may(lesson.id, Right.EDIT)
st.html(STYLE)
with st.container(horizontal=True, vertical_alignment="bottom", key="live-head"):
    st.title(lesson.title, width="stretch")
    if edits and st.button(_("Join card"), icon=":material/qr_code_2:"):
        st.dialog(_("Join this lesson"), width="large")(join_card)(lesson)
    if edits:
        alerts_button()
        level_button(lesson)
    if edits and st.button(_("End lesson"), icon=":material/stop_circle:"):
        st.dialog(_("End this lesson?"))(ask_to_end)(lesson)
if edits:
    ask_after_restart(lesson)
    marker_bar(lesson)
live_view(lesson)
watch_connection()
