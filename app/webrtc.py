"""The wire: a student's camera to the classroom. The only file that knows WebRTC."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import av
import streamlit as st
from streamlit_webrtc import Translations, WebRtcMode, webrtc_streamer

from app import relay, resources
from app.frames import LARGEST_ROOM, image_of
from monitor.domain import Frame, Image, View
from monitor.settings import Settings
from monitor.words import _

log = logging.getLogger(__name__)
# Said of one frame: an error that left the callback would end the thread that calls it, and with it the stream.
SPOILT = "no picture could be made of a frame of %dx%d"


class Taker(Protocol):
    """Who gets the frames: the class, or a check that only counts them. Called on threads of the wire."""

    def submit(self, frame: Frame) -> None: ...
    def pass_over(self, stream: str) -> None: ...
    def spoil(self, stream: str) -> None: ...


def camera(key: str, stream: str, room: Taker, settings: Settings, stop: bool) -> Any:
    """The student's own picture with its START button. The browser plays it; the server only receives.

    `stop` switches a running camera off. It is never switched on from here: the click on START is the
    consent, and asking for a start while the page is being built opens several connections at once.

    Raises NoStatement, as `room_camera` does, where nobody has said for what this installation is used.
    """
    resources.may_measure()
    _keep_connection(key)
    return webrtc_streamer(
        key=key,
        mode=WebRtcMode.SENDONLY,
        frontend_rtc_configuration={"iceServers": relay.for_browser(settings, stream, datetime.now(UTC))},
        server_rtc_configuration={"iceServers": relay.for_server(settings)},
        media_stream_constraints={
            "video": {
                "width": settings.camera_width,
                "height": settings.camera_height,
                "frameRate": settings.camera_fps,
            },
            "audio": False,
        },
        video_frame_callback=_receiver(stream, room, settings.camera_fps),
        desired_playing_state=False if stop else None,
        translations=_translations(),
        media_toggle_controls=False,
    )


def _translations() -> Translations:
    return {
        "start": _("START"),
        "stop": _("Stop camera"),
        "select_device": _("Choose camera"),
        "media_api_not_available": _("This browser gives no camera to this page."),
        "device_ask_permission": _("Please allow the camera when your browser asks."),
        "device_not_available": _("No camera was found."),
        "device_access_denied": _("The camera is blocked for this page."),
    }


def room_camera(key: str, stream: str, room: Taker, settings: Settings, paint: Callable[[Image], Image]) -> Any:
    """The picture of a whole room with its START button. What `paint` makes of each picture comes back and is shown.

    Encoding it again costs 11 ms of a core a picture of 1280 x 720, finding the faces in it five times that; so the
    boxes lie on the very picture they were drawn for, where a layer over the camera's own picture would lag behind it.
    """
    resources.may_measure()
    _keep_connection(key)
    return webrtc_streamer(
        key=key,
        mode=WebRtcMode.SENDRECV,
        frontend_rtc_configuration={"iceServers": relay.for_browser(settings, stream, datetime.now(UTC))},
        server_rtc_configuration={"iceServers": relay.for_server(settings)},
        media_stream_constraints={
            "video": {
                "width": {"ideal": settings.room_width},
                "height": {"ideal": settings.room_height},
                "frameRate": settings.room_fps,
            },
            "audio": False,
        },
        video_frame_callback=_painter(stream, room, paint),
        translations=_translations(),
        media_toggle_controls=False,
        video_html_attrs={"autoPlay": True, "muted": True, "controls": False, "style": {"width": "100%"}},
    )


def _painter(stream: str, room: Taker, paint: Callable[[Image], Image]) -> Callable[[av.VideoFrame], av.VideoFrame]:
    """Called on the worker's thread for each frame: hands it over, and gives it back with what is known by now."""

    def receive(frame: av.VideoFrame) -> av.VideoFrame:
        try:
            image = image_of(frame, LARGEST_ROOM)
            painted = av.VideoFrame.from_ndarray(paint(image), format="bgr24")
        except Exception:
            log.exception(SPOILT, frame.width, frame.height)
            room.spoil(stream)
            return frame
        room.submit(Frame(stream, image, datetime.now(UTC), View.ROOM))
        return painted

    return receive


def _receiver(stream: str, room: Taker, fps: int) -> Callable[[av.VideoFrame], av.VideoFrame]:
    """Called on the worker's thread for each frame: converts it, hands it over, returns. Of a camera that sends more
    than twice the frames it was asked for, those above that are counted and not even converted."""
    last = -1.0

    def receive(frame: av.VideoFrame) -> av.VideoFrame:
        nonlocal last
        if time.monotonic() - last < 0.5 / fps:
            room.pass_over(stream)
            return frame
        last = time.monotonic()
        try:
            room.submit(Frame(stream, image_of(frame), datetime.now(UTC)))
        except Exception:
            log.exception(SPOILT, frame.width, frame.height)
            room.spoil(stream)
        return frame

    return receive


def _keep_connection(key: str) -> None:
    """Keeps a connection that is being made alive through quick reruns of the page.

    The browser sends each ICE candidate as a component value, so runs overtake one another, and
    streamlit-webrtc takes a run that was cut off before it reached the camera for "the page was
    left": of ten connections one to four died. The camera has a page of its own, so the marker by
    which it notices is not needed. It is a private name: tests/app/test_camera.py notices its loss.
    """
    context = st.session_state.get(key)
    if context is not None:
        context._last_rendered_run_count = None
