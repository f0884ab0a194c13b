"""Who looks at a page: the account of the browser's session, a guest at the door of a lesson, or nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app.process import whole_store
from monitor.people.accounts import Account
from monitor.people.rights import NOBODY, Guest

COOKIE = "classroom_session"
SHOWN = "shown_to_an_account"


def who() -> Account | None:
    """Asks the database: for the start of a page. Counts as a use of the session."""
    own = token()
    found = whole_store().sign_ins.whose(own, datetime.now(UTC)) if own else None
    st.session_state[SHOWN] = found is not None
    if own:
        _whose.clear(own)
    return found


def viewer() -> Account | Guest:
    """As of five seconds ago at most: whoever is shut out, or has another role, is so within that time everywhere."""
    if st.query_params.get("join") is not None:
        return Guest(st.query_params["join"], st.query_params.get("seat", ""))
    own = token()
    return (_whose(own) if own else None) or NOBODY


def session_is_over() -> bool:
    """Whether who was signed in when this page began is so no longer, as of five seconds ago at most: for what goes on
    each second."""
    return bool(st.session_state.get(SHOWN)) and _whose(token()) is None


@st.cache_data(show_spinner=False, ttl=5, max_entries=1000)
def _whose(own: str) -> Account | None:
    return whole_store().sign_ins.whose(own, datetime.now(UTC), used=False)


def token() -> str:
    """The secret of the browser's session; empty where there is none."""
    return st.context.cookies.get(COOKIE, "")


def sign_out() -> None:
    whole_store().sign_ins.end(token(), datetime.now(UTC))
    _whose.clear()
    st.session_state[SHOWN] = False
