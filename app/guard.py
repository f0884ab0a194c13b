"""What a person reads when something goes wrong. The log gets the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from monitor.errors import MonitorError, StoreUnavailable

log = logging.getLogger(__name__)


@contextmanager
def guarded() -> Iterator[None]:
    """Around a page or a fragment: every error becomes a sentence, never a traceback."""
    try:
        yield
    except StoreUnavailable as error:
        log.warning("%s", error)
        st.error(
            "The database does not answer just now. Nothing that was shown as kept is lost; new samples "
            "wait until it is back.",
            icon="🗄️",
        )
    except MonitorError as error:
        log.warning("%s", error)
        st.error(str(error))
    except Exception:
        log.exception("a page failed")
        st.error("Something went wrong on this page. Measuring goes on. Please reload; the log says more.")
