"""Who may send a file. Streamlit asks of an upload only the number of a session, which every visitor has: whoever may
not teach has no page with an upload, and would else fill the server's memory all the same."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.process import whole_store
from app.signed_in import COOKIE
from monitor.errors import StoreError

log = logging.getLogger(__name__)

UPLOADS = "/_stcore/upload_file/"
ASKS = ("OPTIONS", "HEAD", "GET")
"""Methods that bring nothing and take nothing away."""


class UploadDoor:
    """Stands before the body is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        brings = scope["type"] == "http" and UPLOADS in scope["path"] and scope["method"] not in ASKS
        refusal = await run_in_threadpool(_refusal, Request(scope)) if brings else None
        await (refusal or self.app)(scope, receive, send)


def _refusal(request: Request) -> PlainTextResponse | None:
    """None for whoever may upload: pictures, videos and rosters are of those who teach."""
    token = request.cookies.get(COOKIE, "")
    try:
        who = whole_store().sign_ins.whose(token, datetime.now(UTC)) if token else None
    except StoreError as error:
        log.warning("an upload was refused: %s", error)
        return PlainTextResponse("The database does not answer just now.", 503)
    if who is None:
        return PlainTextResponse("Please sign in before you upload a file.", 401)
    if who.role is None or not who.role.teaches:
        return PlainTextResponse("Your account has no page that takes files.", 403)
    return None


def upload_door() -> list[Middleware]:
    return [Middleware(UploadDoor)]
