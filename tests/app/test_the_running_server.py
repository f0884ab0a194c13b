"""A server as `streamlit run app/main.py` starts it: what it leaves when it dies, and from whom it takes files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from app.signed_in import COOKIE
from monitor.people.accounts import Role
from monitor.store.store import open_store
from tests.browser.server import Server
from tests.live.test_no_picture_is_left import core_limit
from tests.loops import run

XSRF = "_streamlit_xsrf"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as running:
        yield running


def signed_in(server: Server, role: Role | None) -> str:
    store = open_store(server.database_url)
    now = datetime.now(UTC)
    token = store.sign_ins.begin(store.accounts.create(f"somebody-{role}", role, now).id, now)
    store.close()
    return token


def test_a_crash_of_the_server_leaves_no_core(server: Server) -> None:
    assert core_limit(server.pid) == ["0", "0"]


@pytest.mark.parametrize(
    ("role", "wanted"),
    [("nobody", 401), (None, 403), (Role.STUDENT, 403), (Role.OBSERVER, 403), (Role.TEACHER, 204)],
)
def test_only_those_who_teach_bring_files_into_a_page(server: Server, role: Role | str | None, wanted: int) -> None:
    """With all that a visitor has: an open page, whose number Streamlit asks for, and its token against forgeries."""
    cookie = "" if role == "nobody" else signed_in(server, Role(role) if role else None)
    assert run(_upload(server, cookie)) == [wanted, wanted]


async def _upload(server: Server, cookie: str) -> list[int]:
    """What the server answers to a file, and to taking it away again."""
    cookies = {COOKIE: cookie} if cookie else {}
    async with httpx.AsyncClient(base_url=server.address, cookies=cookies) as browser:
        token = (await browser.get("/_stcore/health")).cookies[XSRF]
        sent = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        address = server.address.replace("http", "ws", 1) + "/_stcore/stream"
        protocols = [Subprotocol("streamlit"), Subprotocol(token)]
        async with connect(
            address, subprotocols=protocols, additional_headers={"Cookie": sent}, origin=Origin(server.address)
        ) as page:
            path = f"/_stcore/upload_file/{await _page_number(page)}/b8a4b2a0-0000-4000-8000-000000000000"
            headers = {"X-Xsrftoken": token}
            put = await browser.put(path, files={"file": ("face.png", b"not a picture")}, headers=headers)
            gone = await browser.delete(path, headers=headers)
    return [put.status_code, gone.status_code]


async def _page_number(page: ClientConnection) -> str:
    """As Streamlit tells it to a page that begins."""
    await page.send(BackMsg(rerun_script=ClientState()).SerializeToString())
    while True:
        told = ForwardMsg.FromString(await page.recv(decode=False))
        if told.WhichOneof("type") == "new_session":
            return str(told.new_session.initialize.session_id)
