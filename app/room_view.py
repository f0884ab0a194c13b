"""The faces in front of the room's camera: drawn on its picture, and as a list in which each gets its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from app import resources
from app.guard import guarded
from app.palette import LOOKS
from monitor.domain import Image, Lesson
from monitor.errors import MonitorError
from monitor.live.classroom import Classroom
from monitor.live.naming import RoomFace
from monitor.live.room_camera import Link, RoomCamera
from monitor.vision.overlay import Mark, as_jpeg, drawn
from monitor.words import _, counted

SIGNS = {Link.CONNECTING: "⏳", Link.LIVE: "🟢", Link.LOST: "📡", Link.SILENT: "📡", Link.STOPPED: "⏹️"}


def marks(faces: Iterable[RoomFace]) -> list[Mark]:
    """Of the faces that are seen now. Called from the camera's thread as well: nothing of Streamlit here."""
    found = []
    for face in faces:
        look = LOOKS[face.scores.top(1)[0][0]]
        if face.visible and not face.left_out:
            found.append(Mark(face.box, face.number, face.name or "", look.emoji, look.word, look.colour))
    return found


def painter(stream: str, room: Classroom) -> Callable[[Image], Image]:
    """Draws the latest readings on a picture of this stream; may be called from any thread."""
    return lambda image: drawn(image, marks(room.faces(stream)))


@st.fragment(run_every=0.5)
def server_picture(camera: RoomCamera) -> None:
    """The picture of a camera that the server reads, twice a second, and how it is."""
    with guarded():
        state, frame = camera.state, camera.newest
        since = state.since.astimezone(resources.zone())
        st.markdown(
            f"{SIGNS[state.link]} **{state.words}** · "
            # As code: it is no link, which a browser could not open or would open beside the password.
            + _("since {time} · {address}").format(time=f"{since:%H:%M:%S}", address=_as_code(camera.shown_address))
        )
        if frame is not None:
            painted = painter(camera.stream, resources.classroom())(frame.image)
            st.image(as_jpeg(painted), width="stretch")


@st.fragment(run_every=1.0)
def face_list(lesson: Lesson, stream: str) -> None:
    """A row per face with the number that stands on the picture; a click on it asks who that is."""
    with guarded():
        faces = resources.classroom().faces(stream)
        _tell_trouble()
        if not faces:
            st.info(_("The faces that the camera sees will stand here, each with a number and a place for a name."))
            return
        unnamed = sum(face.name is None for face in faces)
        st.markdown(
            f"**{counted('{n} face', '{n} faces', len(faces))}** · " + _("{n} without a name").format(n=unnamed)
        )
        picked = st.session_state.get("picked_face")
        for face in faces:
            _row(face, stream, picked == face.number)
            if picked == face.number:
                _ask_who(lesson, stream, face)
        if unnamed:
            st.caption(_("A face without a name counts for the class only."))


def _row(face: RoomFace, stream: str, picked: bool) -> None:
    look = LOOKS[face.scores.top(1)[0][0]]
    sign = "⏸" if face.left_out else look.emoji if face.visible else "◌"
    unnamed = _("left out") if face.left_out else _("no name yet")
    st.button(
        f"**{face.number}** {sign} {_escaped(face.name) if face.name else unnamed}",
        key=f"face-{stream}-{face.number}",
        on_click=_pick,
        args=(face.number,),
        type="primary" if picked else "secondary",
        width="stretch",
    )


def _ask_who(lesson: Lesson, stream: str, face: RoomFace) -> None:
    with st.container(border=True):
        if face.name is not None:
            st.markdown(_("Face {number} is **{name}**.").format(number=face.number, name=_escaped(face.name)))
            label = _("Not {name}: take the name back").format(name=_escaped(face.name))
            st.button(label, icon=":material/undo:", on_click=_unname, args=(stream, face.number), width="stretch")
        elif face.left_out:
            st.markdown(
                _("Face {number} is not measured. It is again when you give it a name.").format(number=face.number)
            )
        else:
            with st.popover(_("Leave this face out"), icon=":material/visibility_off:", width="stretch"):
                st.markdown(_("For somebody who does not want to be measured. What was kept of this face is deleted."))
                st.button(_("Leave it out"), type="primary", on_click=_leave_out, args=(stream, face.number))
        key = f"name-{stream}-{face.number}"
        st.selectbox(
            _("Who is face {number}?").format(number=face.number),
            resources.names(lesson.id),
            index=None,
            key=key,
            placeholder=_("Pick a name or type one"),
            accept_new_options=True,
            on_change=_name,
            args=(stream, face.number, key),
        )
        st.caption(_("A student who was lost and came back under a new number gets the same name again."))


def _pick(number: int) -> None:
    st.session_state["picked_face"] = None if st.session_state.get("picked_face") == number else number


def _name(stream: str, number: int, key: str) -> None:
    name = (st.session_state.pop(key, None) or "").strip()
    if name:
        _try(lambda: resources.classroom().name(stream, number, name))


def _unname(stream: str, number: int) -> None:
    _try(lambda: resources.classroom().unname(stream, number))


def _leave_out(stream: str, number: int) -> None:
    _try(lambda: resources.classroom().leave_out(stream, number))


def _try(change: Callable[[], object]) -> None:
    """What went wrong is told by the run that follows."""
    try:
        change()
        st.session_state.update(picked_face=None, naming_trouble=None)
    except MonitorError as error:
        st.session_state["naming_trouble"] = str(error)


def _tell_trouble() -> None:
    trouble = st.session_state.get("naming_trouble")
    if trouble:
        st.warning(trouble, icon="✋")


def _as_code(address: str) -> str:
    return "`" + address.replace("`", "%60") + "`"


def _escaped(name: str) -> str:
    """A name is no Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|~:$" else letter for letter in name)
