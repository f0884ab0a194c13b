"""The way in: routes beside Streamlit's own, in the same process, because a page of Streamlit cannot set a cookie."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import entrance_pages, resources, school
from app.answers import address, back_to, html, signed_in
from app.bitrates import reckon_bitrates_quickly
from app.decoders import refuse_giant_pictures
from app.provider_door import provider_routes
from monitor.crashes import leave_no_core
from monitor.domain import name_key
from monitor.errors import AccountError, InvalidLink, MonitorError, TooManyTries, WeakPassword, WrongPassword
from monitor.locale.reading import nearest
from monitor.logs import configure, nameless
from monitor.memory import give_back_what_is_free
from monitor.people.audit import Action
from monitor.people.passwords import new_password
from monitor.people.purpose import Statement, purpose_of, purpose_words
from monitor.people.setting_up import set_up
from monitor.people.signing_in import sign_in
from monitor.words import _, speak

log = logging.getLogger(__name__)
LARGEST_FORM = 65536
Answer = Callable[[Request, FormData], Response]


def routes() -> list[Route]:
    return [
        _route("/sign-in", _show_sign_in, _sign_in),
        _route("/setup", _show_setup, _set_up),
        _route("/invitation", _show_invitation, _accept),
        *provider_routes(),
    ]


@asynccontextmanager
async def opening(app: Any) -> AsyncIterator[None]:
    """When the server starts: a crash is to leave no picture behind, no picture to take all memory, and the terminal
    says how to set up a dashboard that nobody can administer yet."""
    refuse_giant_pictures()
    reckon_bitrates_quickly()
    give_back_what_is_free()
    leave_no_core()
    try:
        configure(resources.settings().log_format)
        if not resources.whole_store().accounts.administered():
            _say_setup_link(resources.setup_link().make())
    except MonitorError as error:
        log.warning("%s", nameless(error))  # the first page says it to a person
    yield


def _say_setup_link(token: str) -> None:
    """At the address under which people find it, unless another dashboard may answer there, which has no such link."""
    chosen, scheme = resources.settings(), "https" if st.get_option("server.sslCertFile") else "http"
    here = f"{scheme}://localhost:{st.get_option('server.port')}"
    base = chosen.public_url.rstrip("/") if chosen.public_url and chosen.replicas == 1 else here
    address = f"{base}/setup?token={token}"
    told = _("Nobody can administer this dashboard yet. Open this link, which works once, to set it up:")
    sys.stdout.write(f"\n  {told}\n  {address}\n\n")
    sys.stdout.flush()


def _route(path: str, show: Callable[[Request], Response], take: Answer) -> Route:
    async def answer(request: Request) -> Response:
        form = None
        if request.method == "POST":
            length = request.headers.get("content-length", "")
            if not length.isdecimal():  # in pieces, of which nobody knows how many come
                return Response(status_code=411)
            if int(length) > LARGEST_FORM:
                return Response(status_code=413)
            form = await request.form()
        # On a thread of its own: hashing a password takes its time.
        return await run_in_threadpool(_answer, request, form, show, take)

    return Route(path, answer, methods=["GET", "POST"])


def _answer(request: Request, form: FormData | None, show: Callable[[Request], Response], take: Answer) -> Response:
    speak(nearest(request.headers.get("accept-language", "").split(",")[0].split(";")[0]))
    try:
        if form is None:
            return show(request)
        if not _from_here(request):
            return html(entrance_pages.told_page(_("Not from here"), _("This form was sent from another site.")), 403)
        return take(request, form)
    except InvalidLink as error:
        return html(entrance_pages.told_page(_("This link does not work"), str(error)), 403)
    except MonitorError as error:
        log.warning("%s", nameless(error))
        return html(entrance_pages.told_page(_("Something went wrong"), str(error)), 503)


def _show_sign_in(request: Request) -> Response:
    return html(_form(back_to(request.query_params.get("next", ""))))


def _form(back: str, error: str = "", name: str = "") -> str:
    return entrance_pages.sign_in_page(back, error, name, school.provider_name())


def _sign_in(request: Request, form: FormData) -> Response:
    name, back = _text(form, "name"), back_to(_text(form, "next"))
    keys = (f"name {name_key(name)}", f"address {address(request)}")
    tries = resources.password_tries()
    try:
        tries.attempt(keys, time.monotonic())
        token = sign_in(resources.whole_store(), resources.hasher(), name, _text(form, "password"), datetime.now(UTC))
    except (WrongPassword, TooManyTries) as error:
        resources.whole_store().audit.note("nobody", Action.SIGN_IN_FAILED, "account")
        status = 429 if isinstance(error, TooManyTries) else 401
        return html(_form(back, str(error), name), status)
    tries.right(keys)
    account = resources.whole_store().sign_ins.whose(token, datetime.now(UTC))
    if account is not None:
        resources.whole_store().audit.note(f"account:{account.id}", Action.SIGN_IN, "account", account.id)
    return signed_in(request, token, back)


def _show_setup(request: Request) -> Response:
    token = request.query_params.get("token", "")
    _open_setup(token)
    return html(entrance_pages.setup_page(token))


def _set_up(request: Request, form: FormData) -> Response:
    token, name, words = _text(form, "token"), _text(form, "name").strip(), _text(form, "words").strip()
    purpose = _text(form, "purpose")
    with resources.setup_link().once:
        _open_setup(token)
        try:
            password = _same_twice(form, name)
            stated = Statement(purpose_of(purpose), purpose_words(words), name, datetime.now(UTC))
            session = set_up(resources.whole_store(), resources.hasher(), name, password, stated)
        except AccountError as error:
            return html(entrance_pages.setup_page(token, str(error), name, purpose, words), 400)
        resources.setup_link().use_up()
        resources.stated.clear()
    return signed_in(request, session, "/")


def _open_setup(token: str) -> None:
    """Raises InvalidLink."""
    if not resources.setup_link().opens(token) or resources.whole_store().accounts.administered():
        raise InvalidLink(
            _("This link was used already, or the server was started again: its terminal shows the one that works.")
        )


def _show_invitation(request: Request) -> Response:
    token = request.query_params.get("token", "")
    invited = resources.whole_store().accounts.invited(token, datetime.now(UTC))
    return html(entrance_pages.invitation_page(token, invited.name))


def _accept(request: Request, form: FormData) -> Response:
    token, store, now = _text(form, "token"), resources.whole_store(), datetime.now(UTC)
    invited = store.accounts.invited(token, now)
    try:
        password = _same_twice(form, invited.name)
    except WeakPassword as error:
        return html(entrance_pages.invitation_page(token, invited.name, str(error)), 400)
    store.accounts.accept(token, resources.hasher().hash(password), now)
    return signed_in(request, store.sign_ins.begin(invited.id, now), "/")


def _same_twice(form: FormData, name: str) -> str:
    """The new password that was typed twice. Raises WeakPassword."""
    password = new_password(_text(form, "password"), name)
    if not secrets.compare_digest(password.encode(), new_password(_text(form, "again"), name).encode()):
        raise WeakPassword(_("The two passwords differ. Please type the same one twice."))
    return password


def _from_here(request: Request) -> bool:
    """A form of this site, and not one of another that the browser was led to send (CSRF)."""
    if request.headers.get("sec-fetch-site") == "same-origin":
        return True
    own = {request.headers.get("host"), urlsplit(resources.settings().public_url).netloc} - {None, ""}
    return urlsplit(request.headers.get("origin", "")).netloc in own


def _text(form: FormData, field: str) -> str:
    value = form.get(field, "")
    return value if isinstance(value, str) else ""
