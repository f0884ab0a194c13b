"""What the routes of the entrance answer: a page, or a session and the way back to the page that was asked for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import entrance_pages, resources
from app.access import neighbourhood
from app.signed_in import COOKIE
from monitor.store.sign_ins import LONGEST

LOCAL = re.compile(r"/[A-Za-z0-9_-]*(\?[A-Za-z0-9_=&%.,+-]*)?")


def signed_in(request: Request, token: str, back: str) -> Response:
    answer = RedirectResponse(back, 303, {"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        secure=https(request),
        samesite="strict",
    )
    return answer


def https(request: Request) -> bool:
    """Also behind a proxy that speaks https for us, as `public_url` says."""
    public = urlsplit(resources.settings().public_url)
    return request.url.scheme == "https" or (public.scheme == "https" and public.netloc == request.url.netloc)


def address(request: Request) -> str:
    return neighbourhood(request.client.host if request.client else "")


def back_to(wanted: str) -> str:
    """A page of this dashboard and nothing else."""
    return wanted if LOCAL.fullmatch(wanted) else "/"


def html(body: str, status: int = 200) -> Response:
    # With no referrer at all, a browser would not say either where a form comes from.
    own = {"Content-Security-Policy": entrance_pages.POLICY, "Referrer-Policy": "same-origin"}
    return HTMLResponse(body, status, {**own, "Cache-Control": "no-store"})
