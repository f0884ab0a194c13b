"""WHIP (RFC 9725): cameras that send without a page, such as OBS Studio, with the bearer token of a running lesson.

POST an offer to /whip/CODE, which answers 201 with the address of the session; PATCH there brings more addresses of
the sender, DELETE ends it. ICE restarts are refused with 422, as the standard has it where only trickling is known.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app import relay, resources
from app.access import bearer, opens
from app.incoming import Incoming, NoOffer, OtherIce
from app.senders import Refused, Senders
from monitor.domain import Lesson
from monitor.errors import LessonError, StoreError

log = logging.getLogger(__name__)
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
LARGEST_OFFER = 65536
NO_STORE = {"Cache-Control": "no-store"}
Answer = Callable[[Request, Lesson], Awaitable[Response]]


def routes() -> list[Route]:
    return [
        Route("/whip/{code}", _asked(_begin), methods=["POST", "OPTIONS"]),
        Route("/whip/{code}/{session}", _asked(_change), methods=["PATCH", "DELETE", "OPTIONS"]),
    ]


@st.cache_resource(show_spinner=False)
def senders() -> Senders:
    return Senders(resources.whole_store, resources.classroom)


def _asked(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def asked(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Accept-Post": SDP, "Accept-Patch": FRAGMENT})
        try:
            lesson = await run_in_threadpool(_lesson, request)
            return await answer(request, lesson)
        except Refused as refused:
            return PlainTextResponse(refused.words, refused.status, {**NO_STORE, **refused.headers})
        except StoreError as error:
            log.warning("%s", error)
            return PlainTextResponse("The database does not answer just now.", 503, {**NO_STORE, "Retry-After": "5"})

    return asked


def _lesson(request: Request) -> Lesson:
    """The running lesson whose token came along. That none has the code is told as a wrong token is, so that nobody
    finds codes here."""
    wrong = Refused(401, "This is not the token of a running lesson.", {"WWW-Authenticate": "Bearer"})
    try:
        lesson = resources.whole_store().lessons.by_code(request.path_params["code"])
    except LessonError as error:
        raise wrong from error
    if not opens(lesson, bearer(request.headers.get("authorization", ""))):
        raise wrong
    return lesson


async def _begin(request: Request, lesson: Lesson) -> Response:
    offer = await _body(request, SDP)
    name = request.query_params.get("student")
    chosen = resources.settings()
    sender = await run_in_threadpool(senders().admit, lesson, name)
    fps = chosen.room_fps if name is None else chosen.camera_fps
    incoming = Incoming(sender, resources.classroom(), relay.for_server(chosen), fps)
    try:
        said = await incoming.answer(offer)
    except NoOffer as error:
        await incoming.stop()
        await run_in_threadpool(senders().forget, sender)
        raise Refused(400, "This is no offer of a video in SDP.") from error
    await senders().take(incoming)
    own = {"Location": f"{request.url.path}/{incoming.id}", "ETag": incoming.etag, "Accept-Patch": FRAGMENT}
    answer = Response(said, 201, {**NO_STORE, **own}, SDP)
    for link in _links(relay.for_browser(chosen, sender.stream, datetime.now(UTC))):
        answer.headers.append("Link", link)
    return answer


async def _change(request: Request, lesson: Lesson) -> Response:
    incoming = senders().find(request.path_params["session"], lesson.id)
    if request.method == "DELETE":
        await senders().end(incoming)
        return Response(status_code=200, headers=NO_STORE)
    fragment = await _body(request, FRAGMENT)
    tag = request.headers.get("if-match")
    if tag is None:
        raise Refused(428, "If-Match names the ICE session, as the ETag of the answer did.")
    if tag not in (incoming.etag, "*"):
        raise Refused(412, "This is another ICE session.")
    try:
        await incoming.trickle(fragment)
    except OtherIce as error:
        raise Refused(422, "ICE is not restarted here; begin a new session.") from error
    except NoOffer as error:
        raise Refused(400, "This is no fragment of SDP.") from error
    return Response(status_code=204, headers=NO_STORE)


async def _body(request: Request, kind: str) -> str:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != kind:
        raise Refused(415, f"Send {kind}.", {"Accept-Post" if kind == SDP else "Accept-Patch": kind})
    read = b""
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST_OFFER:
            raise Refused(413, f"At most {LARGEST_OFFER} bytes are taken.")
    try:
        return read.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, "SDP is UTF-8.") from error


def _links(servers: relay.Servers) -> list[str]:
    """The servers that help through a firewall, as the standard tells them to a sender."""
    found = []
    for server in servers:
        urls = server.get("urls", [])
        for url in [urls] if isinstance(urls, str) else list(urls) if isinstance(urls, list) else []:
            link = f'<{url}>; rel="ice-server"'
            if "username" in server:
                link += f'; username="{server["username"]}"; credential="{server.get("credential", "")}"'
                link += '; credential-type="password"'
            found.append(link)
    return found


async def close_all() -> None:
    """When the server ends."""
    await asyncio.gather(*(senders().end(one) for one in senders().all()))
