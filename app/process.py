"""What comes first in a process: its settings, and the whole store, which only its machinery uses.

Pages use `resources.store`, in which they see what whoever looks at them may see.
"""

from __future__ import annotations

import logging
from datetime import datetime

import streamlit as st

from monitor.clock import Clock
from monitor.settings import Settings, load
from monitor.store.store import Store, open_store

# It warns that caches which were made before the server live in memory: that is where these are meant to live.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
# And that a thread is no page's: what gets a server ready is meant to be none.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    return load()


@st.cache_resource(show_spinner=False)
def whole_store() -> Store:
    return open_store(settings().database_url)


@st.cache_resource(show_spinner=False)
def clock() -> Clock:
    """Goes on from the last sample of each lesson that runs, should the machine's clock have been set back since."""
    made, lessons = Clock(), whole_store().lessons
    for last in map(lessons.last_sample_at, [one.id for one in lessons.running()]):
        if last is not None:
            made.catch_up(last)
    return made


def now() -> datetime:
    """Of the class: what is compared with samples, or kept beside them, is of this time."""
    return clock().now()
