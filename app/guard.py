"""What a person reads when something goes wrong. The log gets the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st

from app import signed_in
from monitor.errors import MonitorError, StoreUnavailable
from monitor.logs import nameless
from monitor.words import _

log = logging.getLogger(__name__)
Given = ParamSpec("Given")


@contextmanager
def guarded() -> Iterator[None]:
    """Around a page or a fragment: every error becomes a sentence, never a traceback.

    A part of a page that goes on by itself goes no further than the session of whoever looks at it.
    """
    if signed_in.session_is_over():
        st.rerun(scope="app")  # the page says so
    try:
        yield
    except StoreUnavailable as error:
        log.warning("%s", nameless(error))
        st.error(
            _(
                "The database does not answer just now. Nothing that was shown as kept is lost; new samples "
                "wait until it is back."
            ),
            icon="🗄️",
        )
    except MonitorError as error:
        log.warning("%s", nameless(error))
        st.error(str(error))
    except Exception:
        log.exception("a page failed")
        st.error(_("Something went wrong on this page. Measuring goes on. Please reload; the log says more."))


def toasted(callback: Callable[Given, None]) -> Callable[Given, None]:
    """Around what a button calls: it runs before the page, whose guard comes too late."""

    @wraps(callback)
    def told(*args: Given.args, **kwargs: Given.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except MonitorError as error:
            log.warning("%s", nameless(error))
            st.toast(str(error), icon=":material/error:", duration="long")

    return told
