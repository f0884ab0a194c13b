"""The server opens a camera by RTSP, against GStreamer's server, which is held and killed as when a plug is pulled."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.domain import Frame
from monitor.live import room_camera
from monitor.live.room_camera import Link, RoomCamera
from tests.browser.server import free_port
from tests.missing import missing
from tests.waiting import wait_until

PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("rtsp_server.py")
PARTS = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"


@contextmanager
def camera_at(port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen([PYTHON, str(SERVER), str(port)])
    try:
        yield server
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RoomCamera, list[Frame], int]]:
    if subprocess.run([PYTHON, "-c", PARTS], capture_output=True, check=False).returncode:
        missing("no GStreamer RTSP server: Debian's packages python3-gi, gir1.2-gst-rtsp-server-1.0 and plugins-good")
    monkeypatch.setattr(room_camera, "SILENCE_S", 2.0)
    monkeypatch.setattr(room_camera, "SHORTEST_PAUSE_S", 0.1)
    monkeypatch.setattr(room_camera, "LONGEST_PAUSE_S", 0.5)
    frames: list[Frame] = []
    port = free_port()
    camera = RoomCamera("room", f"rtsp://127.0.0.1:{port}/room", frames.append, fps=5)
    camera.start()
    yield camera, frames, port
    camera.stop(patience=15)


def test_it_is_live_falls_silent_dies_and_comes_back(reader: tuple[RoomCamera, list[Frame], int]) -> None:
    camera, frames, port = reader
    with camera_at(port) as server:
        wait_until(lambda: len(frames) >= 5)
        assert camera.state.link is Link.LIVE
        assert {frame.image.shape for frame in frames} == {(360, 640, 3)}

        os.kill(server.pid, signal.SIGSTOP)
        silent_from = time.monotonic()
        wait_until(lambda: camera.state.link is Link.LOST)
        # What decodes notices only after twice the time, and then has to end the session with who does not answer.
        assert time.monotonic() - silent_from < 2 * room_camera.SILENCE_S
        assert camera.state.words == ("Lost: the camera stopped sending; it is tried again (no answer in 2 s)")
        assert camera.newest is None, "no old picture stands for a new one"

        os.kill(server.pid, signal.SIGCONT)
        before = len(frames)
        wait_until(lambda: len(frames) > before and camera.state.link is Link.LIVE)
    wait_until(lambda: camera.state.link is Link.LOST)
    with camera_at(port):
        before = len(frames)
        wait_until(lambda: len(frames) > before and camera.state.link is Link.LIVE)
