"""The way in through the school's own sign-in: out to it, and back with its answer. It ends in the same session as a
password does: `st.login` keeps one of its own, which nobody here could end."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app import entrance_pages, resources, school
from app.answers import address, back_to, html, https, signed_in
from monitor.errors import MonitorError, NotSignedIn, TooManyTries
from monitor.locale.reading import nearest
from monitor.logs import nameless
from monitor.people.audit import Action
from monitor.people.known_elsewhere import sign_in_known
from monitor.people.provider import Asked, Provider
from monitor.words import _, speak

log = logging.getLogger(__name__)
OUT, BACK = "/sign-in/provider", "/sign-in/callback"
# What this browser asked, as long as its person is away. Lax, not strict: the way back begins on another site.
COOKIE = "classroom_asked"
AWAY_S = 600


def provider_routes() -> list[Route]:
    return [_route(OUT, _out), _route(BACK, _in)]


def _route(path: str, does: Callable[[Request, Provider], Response]) -> Route:
    async def answer(request: Request) -> Response:
        # On a thread of its own: it waits for another server.
        return await run_in_threadpool(_answer, request, does)

    return Route(path, answer, methods=["GET"])


def _answer(request: Request, does: Callable[[Request, Provider], Response]) -> Response:
    speak(nearest(request.headers.get("accept-language", "").split(",")[0].split(";")[0]))
    key, tries = f"provider {address(request)}", resources.password_tries()
    try:
        tries.check(key, time.monotonic())
        own = school.provider()
        if own is None:
            raise NotSignedIn(_("This dashboard has no other sign-in than its own."), 404)
        return does(request, own)
    except TooManyTries as error:
        return _told(error, 429)
    except NotSignedIn as error:
        if error.status != 503:
            tries.wrong(key, time.monotonic())
            resources.whole_store().audit.note("nobody", Action.SIGN_IN_FAILED, "account", detail="provider")
        return _told(error, error.status)
    except MonitorError as error:
        log.warning("%s", nameless(error))
        return _told(error, 503)


def _told(error: MonitorError, status: int) -> Response:
    answer = html(entrance_pages.told_page(_("You are not signed in"), str(error)), status)
    answer.delete_cookie(COOKIE, BACK)
    return answer


def _out(request: Request, own: Provider) -> Response:
    # Not above, here and below: see app/school.py.
    from monitor.people import provider_answers

    asked, back = Asked(), back_to(request.query_params.get("next", ""))
    there = provider_answers.address(own, school.provider_metadata(own.issuer), asked, _callback(request))
    answer = RedirectResponse(there, 303, {"Cache-Control": "no-store"})
    kept = base64.urlsafe_b64encode(json.dumps({**asdict(asked), "back": back}).encode()).decode()
    answer.set_cookie(COOKIE, kept, max_age=AWAY_S, path=BACK, httponly=True, secure=https(request), samesite="lax")
    return answer


def _in(request: Request, own: Provider) -> Response:
    from monitor.people import provider_answers

    asked, back = _kept(request)
    said = request.query_params
    if not secrets.compare_digest(said.get("state", "").encode(), asked.state.encode()) or not asked.state:
        raise NotSignedIn(_("This answer belongs to no sign-in of this browser. Please sign in again."))
    if said.get("iss", own.issuer).rstrip("/") != own.issuer.rstrip("/"):
        raise NotSignedIn(_("This answer comes from another sign-in than the school's."))
    if "code" not in said:
        raise NotSignedIn(_("The school's sign-in did not let you in. Please sign in again."))
    known = school.provider_metadata(own.issuer)
    who = provider_answers.person(own, known, asked, said["code"], _callback(request))
    whole = resources.whole_store()
    account, token = sign_in_known(whole, who, resources.settings().oidc_roles, datetime.now(UTC))
    whole.audit.note(f"account:{account.id}", Action.SIGN_IN, "account", account.id, "provider")
    answer = signed_in(request, token, back)
    answer.delete_cookie(COOKIE, BACK)
    return answer


def _kept(request: Request) -> tuple[Asked, str]:
    """What this browser asked, and where it wanted to go. Raises NotSignedIn."""
    try:
        kept = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")))
        return Asked(str(kept["state"]), str(kept["nonce"]), str(kept["verifier"])), back_to(str(kept["back"]))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        told = _("This sign-in took longer than ten minutes, or began in another browser. Please sign in again.")
        raise NotSignedIn(told) from error


def _callback(request: Request) -> str:
    """As it is written down at the provider."""
    public = urlsplit(resources.settings().public_url or str(request.base_url))
    return f"{public.scheme}://{public.netloc}{BACK}"
