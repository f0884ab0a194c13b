"""WHIP (RFC 9725): real peer connections over the loopback, against the routes in an event loop of their own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import streamlit as st
from aiortc import RTCPeerConnection, RTCSessionDescription
from starlette.applications import Starlette

from app import resources, whip
from app.access import sending_token
from app.senders import room_stream
from monitor.domain import Lesson, Presence, Shown
from monitor.live.load import FULL_ROUND_S
from monitor.store.store import Store
from tests import loops
from tests.app.conftest import end_process
from tests.benchmarks.sending import Film, encoded, offered
from tests.lesson import start, state

SDP, FRAGMENT = {"content-type": "application/sdp"}, {"content-type": "application/trickle-ice-sdpfrag"}


@pytest.fixture(scope="module")
def film() -> Film:
    from tests.browser.camera import the_astronaut

    return encoded(the_astronaut(2), fps=5)


@pytest.fixture
def store(tmp_path: Path, network: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'class.db'}",
        "NETWORK": network,
        "DETECTOR": "haar",
        "WHIP_STUDENTS": "true",
    }.items():
        monkeypatch.setenv(f"CLASSROOM_{name}", value)
    st.cache_resource.clear()
    st.cache_data.clear()
    state(resources.whole_store())
    yield resources.whole_store()
    end_process()


@pytest.fixture
def lesson(store: Store) -> Lesson:
    return start(store, at=datetime.now(UTC))


def played(play: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    async def run() -> None:
        transport = httpx.ASGITransport(Starlette(routes=whip.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            try:
                await play(client)
            finally:
                await whip.close_all()

    loops.run(run())


def by(lesson: Lesson) -> dict[str, str]:
    return {"authorization": f"Bearer {sending_token(lesson)}"}


@asynccontextmanager
async def sending(
    client: httpx.AsyncClient, lesson: Lesson, film: Film, query: str = ""
) -> AsyncIterator[tuple[httpx.Response, RTCPeerConnection]]:
    connection, offer = await offered(film)
    try:
        answer = await client.post(f"/whip/{lesson.code}{query}", content=offer, headers={**by(lesson), **SDP})
        if answer.status_code == 201:
            await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        yield answer, connection
    finally:
        await connection.close()


async def soon(happened: Callable[[], object], patience: float = 20.0) -> None:
    end = asyncio.get_running_loop().time() + patience
    while not happened():
        assert asyncio.get_running_loop().time() < end, f"did not happen within {patience} s"
        await asyncio.sleep(0.02)


def test_a_room_camera_is_read_until_its_sender_ends_it(lesson: Lesson, film: Film) -> None:
    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (answer, _connection):
            assert answer.status_code == 201
            assert answer.headers["content-type"].startswith("application/sdp")
            assert answer.headers["location"].startswith(f"/whip/{lesson.code}/")
            assert answer.headers["etag"]
            room = resources.classroom()
            await soon(lambda: room.counts.read >= 2)
            assert room.streams == {room_stream(lesson.id)}
            shown = whip.senders().before_the_room(lesson.id)
            assert shown is not None
            assert shown.newest is not None
            assert shown.newest.image.shape == (240, 320, 3)
            ended = await client.delete(answer.headers["location"], headers=by(lesson))
            assert ended.status_code == 200
            assert room.streams == frozenset()
            again = await client.delete(answer.headers["location"], headers=by(lesson))
            assert again.status_code == 404

    played(play)


def test_who_sends_anew_takes_the_place_of_the_one_before(lesson: Lesson, film: Film) -> None:
    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (first, _one), sending(client, lesson, film) as (second, _other):
            assert first.headers["location"] != second.headers["location"]
            assert (await client.delete(first.headers["location"], headers=by(lesson))).status_code == 404
            assert len(whip.senders().all()) == 1

    played(play)


def test_the_session_ends_with_the_lesson_and_so_does_the_token(
    lesson: Lesson, store: Store, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.senders.LOOK_S", 0.1)

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film):
            store.lessons.end(lesson.id, datetime.now(UTC))
            resources.runs.clear()
            await soon(lambda: not whip.senders().all() and not resources.classroom().streams)
        async with sending(client, lesson, film) as (answer, _connection):
            assert answer.status_code == 401

    played(play)


def test_a_load_sender_stands_for_a_student_until_it_ends(lesson: Lesson, store: Store, film: Film) -> None:
    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film, "?student=Load%201") as (answer, _connection):
            (student,) = store.people.students(lesson.id)
            assert (student.name, student.presence) == ("Load 1", Presence.HERE)
            assert store.consents.of_student(student.id)
            assert store.people.measured_streams({student.id}) == resources.classroom().streams
            await soon(lambda: store.samples.count(student.id) >= 1)
            async with sending(client, lesson, film, "?student=Load%201") as (second, _other):
                assert second.status_code == 409
            await client.delete(answer.headers["location"], headers=by(lesson))
            assert store.people.student(student.id).presence is Presence.LEFT

    played(play)


def test_a_name_whose_sender_died_with_the_server_is_free(lesson: Lesson, store: Store, film: Film) -> None:
    left = store.people.join(lesson.id, "Load 1", datetime.now(UTC), "1")

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film, "?student=load%201") as (answer, _connection):
            assert answer.status_code == 201
            assert store.people.seated(left.secret) is None
            await soon(lambda: store.samples.count(left.student.id) >= 1)

    played(play)


def test_senders_for_students_are_refused_unless_the_settings_allow_them(
    lesson: Lesson, store: Store, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLASSROOM_WHIP_STUDENTS")
    resources.settings.clear()

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film, "?student=Load%201") as (answer, _connection):
            assert answer.status_code == 403
            assert store.people.students(lesson.id) == ()

    played(play)


@pytest.mark.parametrize("shown", [Shown.PSEUDONYMS, Shown.CLASS])
def test_where_no_camera_may_look_at_the_room_none_may_send(
    lesson: Lesson, store: Store, film: Film, shown: Shown
) -> None:
    store.lessons.show_less(lesson.id, shown)

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (answer, _connection):
            assert answer.status_code == 403

    played(play)


def test_without_a_statement_of_purpose_nobody_may_send(
    lesson: Lesson, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "stated", lambda: None)

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (answer, _connection):
            assert answer.status_code == 403

    played(play)


def test_a_full_server_says_so_and_when_to_come_again(lesson: Lesson, film: Film) -> None:
    resources.classroom().load.add(FULL_ROUND_S, 50)

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (answer, _connection):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
            assert "full" in answer.text

    played(play)


def test_more_addresses_are_taken_of_this_session_alone(lesson: Lesson, film: Film) -> None:
    candidate = "a=mid:0\r\na=candidate:1 1 udp 2113937151 127.0.0.1 9 typ host\r\na=end-of-candidates\r\n"

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (answer, _connection):
            place, own = answer.headers["location"], {**by(lesson), **FRAGMENT, "if-match": answer.headers["etag"]}
            assert (await client.patch(place, content=candidate, headers=own)).status_code == 204
            assert (await client.patch(place, content=candidate, headers={**own, **SDP})).status_code == 415
            assert (await client.patch(place, content="a=candidate:1 1", headers=own)).status_code == 400
            assert (await client.patch(place, content=candidate, headers={**own, "if-match": '"x"'})).status_code == 412
            del own["if-match"]
            assert (await client.patch(place, content=candidate, headers=own)).status_code == 428
            restart = "a=ice-ufrag:other\r\na=ice-pwd:another\r\n"
            answered = await client.patch(place, content=restart, headers={**own, "if-match": "*"})
            assert answered.status_code == 422

    played(play)


def test_what_is_no_offer_is_refused_in_the_words_of_http(lesson: Lesson) -> None:
    place = f"/whip/{lesson.code}"

    async def play(client: httpx.AsyncClient) -> None:
        async def status(content: bytes, **headers: str) -> int:
            sent = {**by(lesson), **SDP, **{name.replace("_", "-"): value for name, value in headers.items()}}
            return (await client.post(place, content=content, headers=sent)).status_code

        assert await status(b"v=0\r\n") == 400
        assert await status(b"\xff\xfe") == 400
        assert await status(b"hello, is this WHIP?") == 400
        assert await status(b"x" * 70_000) == 413
        assert await status(b"v=0\r\n", content_type="application/json") == 415
        assert await status(b"v=0\r\n", authorization="Bearer guessed") == 401
        assert await status(b"v=0\r\n", authorization="") == 401
        assert resources.classroom().streams == frozenset()
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            assert (await client.request(method, place, headers=by(lesson))).status_code == 405
        for method in ("GET", "POST", "PUT"):
            assert (await client.request(method, f"{place}/a", headers=by(lesson))).status_code == 405
        assert (await client.options(place)).headers["accept-post"] == "application/sdp"
        unknown = await client.post("/whip/K7TM-4N2B", content=b"v=0\r\n", headers={**by(lesson), **SDP})
        assert unknown.status_code == 401

    played(play)


def test_a_token_opens_its_own_lesson_and_no_other(lesson: Lesson, store: Store, film: Film) -> None:
    other = start(store, "Decimals", datetime.now(UTC))

    async def play(client: httpx.AsyncClient) -> None:
        _connection, offer = await offered(film)
        await _connection.close()
        answer = await client.post(f"/whip/{other.code}", content=offer, headers={**by(lesson), **SDP})
        assert answer.status_code == 401

    played(play)


def test_the_answer_names_the_servers_that_help_through_a_firewall(
    lesson: Lesson, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With credentials that end, as browsers get them; the server itself asks no relay."""
    monkeypatch.setenv("CLASSROOM_ICE_SERVERS", '[{"urls": "turn:127.0.0.1:9?transport=tcp"}]')
    monkeypatch.setenv("CLASSROOM_TURN_SECRET", "secret")
    resources.settings.clear()

    async def play(client: httpx.AsyncClient) -> None:
        async with sending(client, lesson, film) as (answer, _connection):
            link = re.fullmatch(
                r'<turn:127\.0\.0\.1:9\?transport=tcp>; rel="ice-server"; username="(\d+):[0-9a-f]{12}"; '
                r'credential="[\w+/=]+"; credential-type="password"',
                answer.headers["link"],
            )
            assert link is not None
            assert 3600 < int(link[1]) - datetime.now(UTC).timestamp() < 24 * 3600

    played(play)
