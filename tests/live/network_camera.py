"""A camera on the network: a real HTTP server that sends a video as MJPEG, can fall silent, break off and come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np

from monitor.vision.overlay import as_jpeg

PASSWORD = "s3cret-word"
EVERY_S = 0.04


class NetworkCamera(ThreadingHTTPServer):
    """At `/video` it plays `pictures` over and over; at `/silent` it says nothing; `/page` is no video.

    `/locked` asks for a name and a password. Times that a video was asked for are counted in `calls`.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, pictures: list[bytes], port: int = 0) -> None:
        self.pictures, self.calls, self.over = pictures, 0, threading.Event()
        super().__init__(("127.0.0.1", port), _Answer)

    def address(self, path: str = "/video") -> str:
        return f"http://teacher:{PASSWORD}@127.0.0.1:{self.server_port}{path}?token={PASSWORD}"


class _Answer(BaseHTTPRequestHandler):
    server: NetworkCamera

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/silent":
            self.server.over.wait()
        elif path == "/video":
            self.server.calls += 1
            self._play()
        elif path == "/page":
            self._say(200, b"<html>no camera</html>")
        else:
            self._say(401 if path == "/locked" else 404, b"")

    def _say(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _play(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        number = 0
        while not self.server.over.wait(EVERY_S):
            picture = self.server.pictures[number % len(self.server.pictures)]
            head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + picture + b"\r\n")
            except OSError:
                return
            number += 1

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def network_camera(pictures: list[bytes], port: int = 0) -> Iterator[NetworkCamera]:
    """Breaks off at the end, in the middle of whatever it sends."""
    server = NetworkCamera(pictures, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="network camera")
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def film(file: Path, count: int = 20) -> list[bytes]:
    """The first pictures of a video as JPEG."""
    video = cv2.VideoCapture(str(file))
    pictures: list[bytes] = []
    while len(pictures) < count and (picture := video.read()[1]) is not None:
        pictures.append(as_jpeg(np.asarray(picture, np.uint8)))
    return pictures
