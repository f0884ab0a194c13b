"""Beside the classroom: whether those who are measured are still to be."""

from __future__ import annotations

import atexit

import streamlit as st

from app import resources
from monitor.live.attendance import Attendance


@st.cache_resource(show_spinner=False)
def attendance() -> Attendance:
    looker = Attendance(resources.whole_store(), resources.classroom(), resources.room_cameras())
    looker.start()
    atexit.register(looker.stop)
    return looker
