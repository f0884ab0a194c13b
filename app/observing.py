"""`/health` and `/metrics`: routes for machines that watch over this one."""

from __future__ import annotations

import atexit
import ipaddress
import secrets

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import metrics, resources
from app.access import bearer
from monitor.live.health import Examiner

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
NO_STORE = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    return [Route("/health", _health), Route("/metrics", _metrics)]


@st.cache_resource(show_spinner=False)
def examiner() -> Examiner:
    made = Examiner(resources.whole_store, resources.classroom)
    atexit.register(made.stop)
    return made


async def _health(request: Request) -> Response:
    """For everybody: a load balancer signs in nowhere."""
    found = await run_in_threadpool(lambda: examiner().look())
    return JSONResponse(found.as_json(), 503 if found.status == "failing" else 200, NO_STORE)


async def _metrics(request: Request) -> Response:
    if not _may_look(request):
        return Response(status_code=401, headers={**NO_STORE, "WWW-Authenticate": "Bearer"})
    body = await run_in_threadpool(lambda: metrics.exposed(resources.classroom, examiner().look()))
    return Response(body, headers=NO_STORE, media_type=metrics.CONTENT_TYPE)


def _may_look(request: Request) -> bool:
    """This machine, or whoever has the token. What a proxy on this machine hands on comes from elsewhere."""
    wanted = resources.settings().metrics_token.get_secret_value()
    token = bearer(request.headers.get("authorization", ""))
    if wanted and secrets.compare_digest(token.encode(), wanted.encode()):
        return True
    return _from_this_machine(request) and not any(name in request.headers for name in FORWARDED)


def _from_this_machine(request: Request) -> bool:
    try:
        known = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return (mapped or known).is_loopback
