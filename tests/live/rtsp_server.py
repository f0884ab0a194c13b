"""A camera that speaks RTSP: GStreamer's server plays a test picture as motion JPEG at `rtsp://127.0.0.1:PORT/room`.

A program of its own, run by the system's Python, which alone sees Debian's bindings: `python3 rtsp_server.py PORT`.
"""

# mypy: ignore-errors

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURE = (
    "videotestsrc is-live=true ! video/x-raw,format=I420,width=640,height=360,framerate=15/1"
    " ! jpegenc ! rtpjpegpay name=pay0"
)

Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory(launch=f"( {PICTURE} )", shared=True)
server.get_mount_points().add_factory("/room", factory)
server.attach(None)
GLib.MainLoop().run()
