"""Who looks at a page: the account of the browser's session, or nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app import resources
from monitor.people.accounts import Account

COOKIE = "classroom_session"
SHOWN = "shown_to_an_account"


def who() -> Account | None:
    """Asks the database: for the start of a page. Counts as a use of the session."""
    own = token()
    found = resources.store().sign_ins.whose(own, datetime.now(UTC)) if own else None
    st.session_state[SHOWN] = found is not None
    return found


def session_is_over() -> bool:
    """Whether who was signed in when this page began is so no longer, as of five seconds ago at most: for what goes on
    each second."""
    return bool(st.session_state.get(SHOWN)) and not _goes_on(token())


@st.cache_data(show_spinner=False, ttl=5, max_entries=1000)
def _goes_on(own: str) -> bool:
    return resources.store().sign_ins.whose(own, datetime.now(UTC), used=False) is not None


def token() -> str:
    """The secret of the browser's session; empty where there is none."""
    return st.context.cookies.get(COOKIE, "")


def sign_out() -> None:
    resources.store().sign_ins.end(token(), datetime.now(UTC))
    _goes_on.clear()
    st.session_state[SHOWN] = False
