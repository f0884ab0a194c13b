"""A room's camera that sends by itself (WHIP): where to, with which token, and what comes."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app import resources
from app.access import sending_token
from app.guard import guarded
from app.room_view import painter
from app.senders import room_stream
from app.whip import senders
from monitor.domain import Lesson
from monitor.vision.overlay import as_jpeg
from monitor.words import _


def sender_camera(lesson: Lesson) -> str:
    """A camera that sends to this server; gives the stream."""
    resources.may_measure()
    st.markdown(
        _(
            "In OBS Studio open *Settings → Stream*, choose the service **WHIP**, and paste address and token. Set the "
            "output to 1280 x 720 and {fps} pictures a second, and switch off the sound."
        ).format(fps=resources.settings().room_fps)
    )
    st.caption(_("Address"))
    st.code(sending_address(lesson), language=None, wrap_lines=True)
    if st.toggle(_("Show the token"), key=f"token-of-{lesson.id}"):
        st.code(sending_token(lesson), language=None, wrap_lines=True)
    st.caption(
        _("Who has the token can send a picture to this lesson, and see nothing of it. It ends with the lesson.")
    )
    _sent_picture(lesson.id)
    return room_stream(lesson.id)


def sending_address(lesson: Lesson) -> str:
    parts = urlsplit(resources.settings().public_url or st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}/whip/{lesson.code}"


@st.fragment(run_every=0.5)
def _sent_picture(lesson_id: int) -> None:
    with guarded():
        incoming = senders().before_the_room(lesson_id)
        frame = incoming.newest if incoming is not None else None
        if incoming is None:
            st.markdown("⏹️ " + _("Nobody sends yet."))
        elif frame is None:
            st.markdown("⏳ " + _("A sender is connecting."))
        else:
            st.markdown("🟢 " + _("The picture comes in."))
            st.image(as_jpeg(painter(frame.stream, resources.classroom())(frame.image)), width="stretch")
