"""Whether a student's browser, camera and network will do, before the lesson. Nothing is measured here."""

import streamlit as st

from app import resources
from app.browser_facts import browser_facts
from app.check_view import Trial, results
from app.own_picture import checked_picture
from app.webrtc import camera
from monitor.words import _


def again() -> None:
    st.session_state["trial"] = Trial(st.session_state["trial"].turn + 1)


def back() -> None:
    st.query_params.pop("check", None)


trial: Trial = st.session_state.setdefault("trial", Trial())
st.title(_("Camera and connection"))
st.write(_("See whether you can take part. Nothing is measured and nothing is kept: pictures are only counted."))
facts = browser_facts()
left, right = st.columns([2, 3], gap="large")
with left:
    problem, way = checked_picture(trial.turn)
    context = camera(f"check-{trial.turn}", "check", trial.arrivals, resources.settings(), stop=trial.stopping)
if trial.stopping and not context.state.playing:
    trial.stopping = False
    st.rerun()  # the camera is off: offer START again
if way is not None:
    trial.arrivals.wait()
with right:
    results(trial, facts, problem, way)
with st.container(horizontal=True):
    st.button(_("Check again"), icon=":material/refresh:", on_click=again, disabled=way is None)
    if st.query_params.get("join"):
        st.button(_("To the lesson"), icon=":material/arrow_forward:", type="primary", on_click=back)
