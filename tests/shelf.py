"""A small server of this machine, from which tests fetch files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Shelf(HTTPServer):
    """Answers every GET with `content`; tells `length` as its size."""

    content = b"another file"
    length: int | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file"


class Answer(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        if "missing" in self.path:
            self.send_error(404)
            return
        if "babble" in self.path:
            self.wfile.write(b"what do you want?\r\n\r\n")
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.length or len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def opened() -> Iterator[Shelf]:
    server = Shelf(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
