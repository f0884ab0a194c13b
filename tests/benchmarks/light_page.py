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

    def reruns_ms(self, seconds: float) -> list[float]:
        """Of all parts of the page that run again by themselves, each when its time has come: from each request to the
        end of its run.

        One after the other, as a page has them; asked without a pause, the server would be measured at another load.
        Raises LookupError where the page has no such part.
        """
        if not self._fragments:
            raise LookupError("no part of the page runs again by itself")
        found, now = [], time.monotonic()
        end, due = now + seconds, {name: now + own for name, own in self._fragments.items()}
        while (next_one := min(due, key=due.__getitem__)) and due[next_one] < end:
            time.sleep(max(0.0, due[next_one] - time.monotonic()))
            asked = BackMsg()
            asked.rerun_script.fragment_id = next_one
            asked.rerun_script.is_auto_rerun = True
            found.append(1000 * self._run(asked))
            due[next_one] = max(due[next_one] + self._fragments[next_one], time.monotonic())
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
