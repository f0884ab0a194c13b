"""A student in a network that lets through https and a relay, and no other way to the dashboard."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aioice.stun import TransactionFailed
from aioice.turn import create_turn_endpoint
from playwright.sync_api import Browser, Playwright, WebSocket

from app import relay
from app.access import FREE_TRIES
from monitor.settings import Settings
from tests.browser import another_network, camera, database
from tests.browser.another_network import School
from tests.browser.chromium import launch
from tests.browser.people import Student
from tests.browser.proxy import Nginx, trusting
from tests.browser.server import Server
from tests.browser.turn import Turn

WATCH = """
const Made = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Made {
  constructor(...wanted) { super(...wanted); (top.connections ??= []).push(this); top.asked = wanted[0]; }
};
"""
WAY = """async () => {
  const found = [];
  for (const connection of top.connections) {
    const told = await connection.getStats();
    told.forEach((one) => {
      if (one.type === "candidate-pair" && one.nominated && one.bytesSent > 0)
        found.push([told.get(one.localCandidateId).candidateType, told.get(one.remoteCandidateId).candidateType]);
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def school() -> Iterator[School]:
    with another_network.joined() as made:
        yield made


@pytest.fixture(scope="module")
def turn(school: School, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turn]:
    with Turn(tmp_path_factory.mktemp("turn"), school.here, peer=school.here) as started:
        yield started


@pytest.fixture(scope="module")
def server(school: School, turn: Turn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Behind nginx; the school reaches nginx and the relay."""
    folder, relays = tmp_path_factory.mktemp("dashboard"), json.dumps([{"urls": turn.urls}])
    with Server(folder, listens="127.0.0.1", ice_servers=relays, turn_secret=turn.secret) as started:
        dashboard = {"127.0.0.1:8501": f"127.0.0.1:{started.port}"}
        with Nginx(tmp_path_factory.mktemp("nginx"), "nginx-one.conf", dashboard, host=school.here) as nginx:
            started.address = nginx.address
            school.only_reaches(tcp=[int(nginx.address.rsplit(":", 1)[1]), turn.port], udp=[turn.port])
            yield started


@pytest.fixture
def laptop(playwright: Playwright, chromium: Path, school: School, tmp_path: Path) -> Iterator[Browser]:
    """A browser in the school."""
    film = camera.film(tmp_path / "face.y4m", camera.face(6))
    with launch(playwright, school.program(tmp_path, chromium), film) as opened:
        yield opened


def test_a_camera_arrives_through_the_relay_and_no_page_learns_its_secret(
    server: Server, school: School, turn: Turn, laptop: Browser, student: Callable[..., Student]
) -> None:
    code = database.start_lesson(server, "Fractions")
    ada, heard = student(on=laptop), list[bytes]()
    ada.page.add_init_script(WATCH)
    ada.page.on("websocket", lambda opened: _listen(opened, heard))
    ada.join(code, "Ada")
    database.wait_for(server, "Ada", time.time())
    assert ada.page.evaluate(WAY) == [["relay", "host"]]
    assert school.refused() > 0, "the direct way was tried and was closed"
    asked = ada.page.evaluate("top.asked.iceServers[0]")
    until = int(asked["username"].split(":")[0])
    assert 3600 < until - time.time() < 24 * 3600
    assert any(asked["credential"].encode() in one for one in heard), "what the page was told was heard"
    assert not any(turn.secret.encode() in one for one in heard)
    assert "Ada" not in turn.log


def _listen(opened: WebSocket, heard: list[bytes]) -> None:
    opened.on("framereceived", lambda said: heard.append(said if isinstance(said, bytes) else said.encode()))


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
def test_the_relay_leads_to_the_dashboard(turn: Turn, school: School, way: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dashboard:
        dashboard.bind((school.here, 0))
        answering = threading.Thread(target=lambda: dashboard.sendto(*dashboard.recvfrom(100)), daemon=True)
        answering.start()
        assert say(turn, credentials(turn), dashboard.getsockname(), way) == b"a picture"


def test_wrong_codes_slow_down_the_network_that_they_come_from(
    server: Server, laptop: Browser, student: Callable[..., Student]
) -> None:
    guesser, other = student(on=laptop), student()
    for number in range(FREE_TRIES):
        guesser.open(f"WRNG-222{number + 2}")
        guesser.sees("No lesson has the code")
    guesser.open("WRNG-3333")
    guesser.sees("Too many wrong codes")
    other.open("WRNG-4444")
    other.sees("No lesson has the code")


@pytest.mark.parametrize("whose", ["127.0.0.1", "192.168.1.1", "10.213.0.9", "9.9.9.9"])
def test_it_leads_nowhere_else(turn: Turn, whose: str) -> None:
    with pytest.raises(TransactionFailed, match="Forbidden"):
        say(turn, credentials(turn), (whose, 9))


def test_what_a_browser_was_told_yesterday_opens_nothing(turn: Turn, school: School) -> None:
    old = credentials(turn, datetime.now(UTC) - timedelta(days=1))
    with pytest.raises(TransactionFailed, match="401"):
        say(turn, old, (school.here, 9))


def test_without_the_secret_nobody_makes_credentials(turn: Turn, school: School) -> None:
    made_up = credentials(turn, secret="another")
    with pytest.raises(TransactionFailed, match="401"):
        say(turn, made_up, (school.here, 9))


def credentials(turn: Turn, at: datetime | None = None, secret: str = "") -> dict[str, Any]:
    """As a browser is told them at that moment."""
    told = Settings(ice_servers=[{"urls": turn.urls}], turn_secret=secret or turn.secret)  # type: ignore[arg-type]
    return relay.for_browser(told, "1-stream", at or datetime.now(UTC))[0]


class Answer(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard.set_result(data)

    def error_received(self, error: Exception) -> None:
        self.heard.set_exception(error)


def say(turn: Turn, with_these: dict[str, Any], to: tuple[str, int], way: str = "udp") -> bytes:
    """Through the relay; gives the answer. Raises TransactionFailed as soon as the relay refuses."""
    # Not on this thread, on which Playwright's own loop runs.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _say(turn, with_these, to, way)).result()


async def _say(turn: Turn, with_these: dict[str, Any], to: tuple[str, int], way: str) -> bytes:
    where = (turn.address, turn.tls_port if way == "tls" else turn.port)
    own = {"username": with_these["username"], "password": with_these["credential"]}
    wrapped = trusting() if way == "tls" else None
    over = "udp" if way == "udp" else "tcp"
    transport, answer = await create_turn_endpoint(Answer, where, ssl=wrapped, transport=over, **own)
    try:
        transport.sendto(b"a picture", to)
        return await asyncio.wait_for(answer.heard, 10)
    finally:
        transport.close()
        await asyncio.sleep(0)
