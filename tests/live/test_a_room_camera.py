"""A camera that the server opens, against a real HTTP server that sends a video."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from monitor.domain import Frame, View
from monitor.errors import CameraError
from monitor.live import room_camera
from monitor.live.room_camera import Link, RoomCamera, camera_address, without_secrets
from tests.conftest import shared_path
from tests.live.network_camera import PASSWORD, film, network_camera
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def pictures() -> list[bytes]:
    return film(shared_path("FACE_MEDIA") / "single_face.mp4")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """As patient as a test can be."""
    monkeypatch.setattr(room_camera, "ANSWER_S", 1.0)
    monkeypatch.setattr(room_camera, "SILENCE_S", 1.0)
    monkeypatch.setattr(room_camera, "SHORTEST_PAUSE_S", 0.1)


@contextmanager
def reading(address: str | int, fps: float = 50) -> Iterator[tuple[RoomCamera, list[Frame]]]:
    frames: list[Frame] = []
    camera = RoomCamera("room", address, frames.append, fps)
    camera.start()
    try:
        yield camera, frames
    finally:
        camera.stop(patience=10)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "room camera"]


def test_pictures_of_the_network_come_as_frames_of_a_room(pictures: list[bytes]) -> None:
    with network_camera(pictures) as there, reading(there.address()) as (camera, frames):
        wait_until(lambda: len(frames) >= 5)
        assert (camera.state.link, camera.state.words) == (Link.LIVE, "Live")
        assert camera.newest is not None
    assert {(one.stream, one.view, one.image.shape) for one in frames} == {("room", View.ROOM, (360, 640, 3))}
    assert [one.at for one in frames] == sorted(one.at for one in frames)


def test_no_more_frames_are_handed_on_than_are_asked_for(pictures: list[bytes]) -> None:
    with network_camera(pictures) as there, reading(there.address(), fps=4) as (_camera, frames):
        wait_until(lambda: len(frames) >= 5)
    apart = (frames[4].at - frames[1].at).total_seconds()
    assert apart == pytest.approx(3 / 4, abs=0.3)


def test_an_address_that_never_answers_is_said_and_blocks_nothing(pictures: list[bytes]) -> None:
    with network_camera(pictures) as there:
        before = time.monotonic()
        with reading(there.address("/silent")) as (camera, frames):
            assert time.monotonic() - before < 0.5, "starting waits for nobody"
            assert camera.state.words == "Connecting …"
            wait_until(lambda: camera.state.tries >= 2)
            assert camera.state.link is Link.SILENT
            assert camera.state.words.startswith("The camera does not answer at this address; it is tried again")
            assert frames == []


def test_an_address_where_nothing_listens_is_said() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with reading(f"http://127.0.0.1:{port}/video") as (camera, _frames):
        wait_until(lambda: camera.state.link is Link.SILENT)
        assert camera.state.reason == "nothing listens there"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/locked", "it asks for another name or password"),
        ("/nowhere", "there is no such camera"),
        ("/page", "what it sends is no video"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(pictures: list[bytes], path: str, reason: str) -> None:
    with network_camera(pictures) as there, reading(there.address(path)) as (camera, _frames):
        wait_until(lambda: camera.state.link is Link.SILENT)
        assert camera.state.reason == reason


def test_a_device_that_is_not_there_is_said() -> None:
    with reading(63) as (camera, _frames):
        wait_until(lambda: camera.state.link is Link.SILENT)
        assert camera.state.reason == "there is no such camera"


def test_a_camera_that_breaks_off_is_lost_and_comes_back_by_itself(pictures: list[bytes]) -> None:
    with ExitStack() as first:
        there = first.enter_context(network_camera(pictures))
        with reading(there.address()) as (camera, frames):
            wait_until(lambda: len(frames) >= 2)
            first.close()
            wait_until(lambda: camera.state.link is Link.LOST)
            assert camera.state.words.startswith("Lost: the camera stopped sending")
            assert camera.newest is None, "no old picture stands for a new one"
            lost_since = camera.state.since
            wait_until(lambda: camera.state.tries >= 2)
            assert camera.state.since == lost_since
            before = len(frames)
            with network_camera(pictures, there.server_port):
                wait_until(lambda: len(frames) > before)
                assert camera.state.link is Link.LIVE


def test_stopping_is_at_once_and_may_be_repeated(pictures: list[bytes]) -> None:
    with network_camera(pictures) as there, reading(there.address("/silent")) as (camera, frames):
        before = time.monotonic()
        camera.stop()
        camera.stop()
        assert time.monotonic() - before < 0.5
        assert (camera.state.link, camera.newest) == (Link.STOPPED, None)
        wait_until(lambda: not threads())
        assert (camera.state.link, frames) == (Link.STOPPED, [])


def test_a_stopped_camera_can_be_started_again(pictures: list[bytes]) -> None:
    with network_camera(pictures) as there, reading(there.address()) as (camera, frames):
        wait_until(lambda: frames)
        camera.stop(patience=10)
        assert threads() == []
        seen = len(frames)
        camera.start()
        camera.start()
        assert threads() == ["room camera"]
        wait_until(lambda: len(frames) > seen)


@pytest.mark.parametrize("path", ["/video", "/silent", "/locked", "/page"])
def test_a_password_is_in_no_log_and_on_no_page(
    pictures: list[bytes], path: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with network_camera(pictures) as there, reading(there.address(path)) as (camera, frames):
        wait_until(lambda: frames or camera.state.tries)
        said = camera.shown_address + camera.state.words
        assert camera.shown_address == f"http://127.0.0.1:{there.server_port}{path}?…"
    wrote = capfd.readouterr()
    assert PASSWORD not in said + caplog.text + wrote.out + wrote.err


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" 0 ", 0),
        ("1", 1),
        ("rtsp://ann:word@10.0.0.7:554/live", "rtsp://ann:word@10.0.0.7:554/live"),
        ("HTTPS://camera.example/video", "HTTPS://camera.example/video"),
        ("http://[fe80::1]:8080/video", "http://[fe80::1]:8080/video"),
    ],
)
def test_what_is_an_address_is_taken(typed: str, address: str | int) -> None:
    assert camera_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "64",
        "camera",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://a/b",
        "rtsp://",
        "http://a b/",
        "http://a:x/",
        "-1",
    ],
)
def test_what_is_none_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(CameraError, match="begins with rtsp:// or http://") as told:
        camera_address(typed)
    assert "passwd" not in str(told.value)


def test_an_address_is_shown_without_its_secrets() -> None:
    assert without_secrets("rtsp://ann:word@10.0.0.7:554/live?key=word") == "rtsp://10.0.0.7:554/live?…"
    assert without_secrets("http://[fe80::1]:8080/video") == "http://[fe80::1]:8080/video"
    assert without_secrets(1) == "camera 1 of this computer"
