"""What comes first in a process: its settings, and the whole store, which only its machinery uses.

Pages use `resources.store`, in which they see what whoever looks at them may see.
"""

from __future__ import annotations

import logging

import streamlit as st

from monitor.settings import Settings, load
from monitor.store.store import Store, open_store

# It warns that caches which were made before the server live in memory: that is where these are meant to live.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    return load()


@st.cache_resource(show_spinner=False)
def whole_store() -> Store:
    return open_store(settings().database_url)
