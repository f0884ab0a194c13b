"""Starts a lesson: a title, perhaps a list of names, then the join card."""

from datetime import UTC, datetime

import streamlit as st

from app import resources
from app.alerts_view import alerts_button
from app.join_card import join_card
from monitor.domain import Lesson, student_name
from monitor.errors import LessonError, UnknownCode

store, room = resources.store(), resources.classroom()


def started() -> Lesson | None:
    """The lesson that was started here, as long as it runs."""
    if "started" not in st.session_state:
        return None
    try:
        lesson = store.lessons.get(st.session_state["started"])
    except UnknownCode:
        return None
    return lesson if lesson.running else None


def start(title: str, names: str) -> None:
    resources.purge()
    now = datetime.now(UTC)
    listed = [student_name(name) for name in names.splitlines() if name.strip()]
    lesson = store.lessons.start(title, now, room.network_name, room.detector_name)
    store.people.invite(lesson.id, listed, now)
    st.session_state["started"] = lesson.id
    st.rerun()


lesson = started()
if lesson is not None:
    st.title(lesson.title)
    join_card(lesson)
    go, another = st.columns([3, 1])
    if go.button("To the live view", type="primary", icon=":material/sensors:", width="stretch"):
        st.switch_page("views/live.py", query_params={"lesson": str(lesson.id)})
    if another.button("Start another lesson", width="stretch"):
        del st.session_state["started"]
        st.rerun()
    st.stop()

st.title("Start a lesson")
form, told = st.columns([3, 2], gap="large")
with form.form("lesson"):
    title = st.text_input("Title", placeholder="Fractions · 7b", max_chars=120)
    names = st.text_area(
        "Students, one a line (optional)",
        placeholder="Ada\nBen\nCem",
        help="Students can then pick their name. Whoever is not on the list can still join under another name.",
        height=150,
    )
    wanted = st.form_submit_button("Start", type="primary", icon=":material/play_arrow:", width="stretch")
with told:
    st.markdown(
        "Students join with a link, a short code or a QR code, read what is measured, and switch their camera on "
        "themselves. **Only scores are kept, never a picture.**"
    )
    st.caption(f"Faces are found by {room.detector_name} and scored by the network {room.network_name}.")
    st.caption(
        "In the European Union, Article 5(1)(f) of the AI Act prohibits inferring emotions in schools, except for "
        "medical or safety reasons."
    )
    alerts_button()
if wanted:
    try:
        start(title, names)
    except LessonError as error:
        form.error(str(error))
