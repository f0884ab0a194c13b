"""The room's camera: one picture of many students, and who each face is. A page of its own, as every camera has."""

import secrets

import streamlit as st

from app import resources
from app.room_view import face_list, painter, server_picture
from app.running_lesson import chosen_lesson
from app.sender_view import sender_camera
from app.webrtc import room_camera
from app.whip import senders
from monitor.domain import Lesson, Shown
from monitor.errors import CameraError
from monitor.live.room_camera import camera_address
from monitor.people.rights import Right
from monitor.words import _

store, room, settings = resources.store(), resources.classroom(), resources.settings()


def browser_camera(lesson: Lesson) -> str:
    """The camera of the computer that shows this page; gives the stream. A second page is a second stream."""
    own = st.session_state.setdefault("own_room", secrets.token_hex(6))
    stream = f"room-{lesson.id}-{own}"
    room.open_room(stream, lesson.id)
    context = room_camera(f"room-camera-{lesson.id}", stream, room, settings, painter(stream, room))
    if not context.state.playing:
        st.caption(
            _("Turn the camera to the class, then press START. The picture is read and drawn on, and never kept.")
        )
    return stream


def server_camera(lesson: Lesson) -> str:
    """A camera that the server opens; gives the stream."""
    stream = f"room-{lesson.id}-server"
    camera = resources.room_cameras().get(lesson.id)
    if camera is not None:
        server_picture(camera)
        if st.button(_("Switch this camera off"), icon=":material/videocam_off:"):
            resources.close_room_camera(lesson.id)
            st.rerun()
        return stream
    with st.form("address", clear_on_submit=True):
        # As a password, because it often holds one.
        typed = st.text_input(
            _("Address of the camera, or the number of one that is plugged into the server"),
            type="password",
            placeholder=_("rtsp://user:password@camera.school.example/stream"),
            autocomplete="off",
        )
        if st.form_submit_button(_("Connect"), type="primary", icon=":material/videocam:"):
            try:
                resources.open_room_camera(lesson.id, stream, camera_address(typed))
            except CameraError as error:
                st.error(str(error), icon="📷")
            else:
                st.rerun()
    st.caption(_("The address is kept in memory until the lesson ends, and nowhere else."))
    return stream


running = store.lessons.running()
if not running:
    st.title(_("Room camera"))
    st.write(_("One camera can look at the whole class: faces are followed, and you say once who is who."))
    if st.button(_("Start a lesson first"), type="primary", icon=":material/add_circle:"):
        st.switch_page("views/start.py")
    st.stop()

lesson = chosen_lesson(running)
resources.require(lesson.id, Right.EDIT)
st.title(_("Room camera · {lesson}").format(lesson=lesson.title))
if lesson.shown is not Shown.NAMES:
    st.info(
        _(
            "A room's camera shows the expression of each face, and a face gets its name here. In a lesson with "
            "pseudonyms, or of which only the class is shown, it stays off: students use their own cameras."
        ),
        icon=":material/videocam_off:",
    )
    st.stop()
HERE, SERVER = _("Camera of this computer"), _("Camera on the network or at the server")
SENDER = _("OBS Studio or another sender")
default = SERVER if lesson.id in resources.room_cameras() else HERE
if senders().before_the_room(lesson.id) is not None:
    default = SENDER
source = st.segmented_control(
    _("Which camera"), [HERE, SERVER, SENDER], default=default, key="room_source", required=True
)
picture, faces = st.columns([5, 2], gap="large")
with picture:
    if source == SENDER:
        stream = sender_camera(lesson)
    else:
        stream = server_camera(lesson) if source == SERVER else browser_camera(lesson)
with faces:
    face_list(lesson, stream)
