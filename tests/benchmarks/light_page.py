"""A page without a browser: asks the server for runs as Streamlit's page does, and draws nothing.

A browser that draws a live page takes most of one of two processors, so beside it a server's own times cannot be told.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.browser.server import Server

PATIENCE_S = 60.0


@contextmanager
def light_page(server: Server, query: str = "") -> Iterator[LightPage]:
    """Of whoever the server's session cookie belongs to; its first run has ended. Else it raises TimeoutError."""
    with connect(
        server.address.replace("http", "ws", 1) + "/_stcore/stream",
        additional_headers={"Cookie": f"{server.cookie['name']}={server.session}"},
        origin=Origin(server.address),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as wire:
        page = LightPage(wire)
        page.open(query)
        yield page


class LightPage:
    """`bytes`: received since it was opened."""

    def __init__(self, wire: ClientConnection) -> None:
        self.bytes = 0
        self._wire = wire
        self._fragments: dict[str, float] = {}

    def open(self, query: str) -> None:
        asked = BackMsg()
        asked.rerun_script.query_string = query
        self._run(asked)

    def reruns_ms(self, interval_s: float, seconds: float) -> list[float]:
        """Of the fragment that wants to run again each `interval_s`: from each request to the end of its run.

        The next is asked for when its time has come and the last one has ended, as the page does. Raises LookupError
        where the page has no such fragment.
        """
        wanted = [name for name, own in self._fragments.items() if own == interval_s]
        if not wanted:
            raise LookupError(f"no fragment runs each {interval_s} s; there are {self._fragments}")
        asked = BackMsg()
        asked.rerun_script.fragment_id = wanted[0]
        asked.rerun_script.is_auto_rerun = True
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            took = self._run(asked)
            found.append(1000 * took)
            # A page asks once an interval: asked without a pause, the server would be measured at another load.
            time.sleep(max(0.0, interval_s - took))
        return found

    def _run(self, asked: BackMsg) -> float:
        """Seconds to the end of the run that began after this request."""
        sent, begun = time.monotonic(), False
        self._wire.send(asked.SerializeToString())
        while (left := sent + PATIENCE_S - time.monotonic()) > 0:
            told = self._wire.recv(timeout=left)
            if isinstance(told, str):
                continue
            self.bytes += len(told)
            message = ForwardMsg.FromString(told)
            match message.WhichOneof("type"):
                case "new_session":
                    begun = True
                case "auto_rerun":
                    self._fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval
                case "script_finished" if begun:
                    return time.monotonic() - sent
        raise TimeoutError(f"the page's run did not end within {PATIENCE_S:g} s")
