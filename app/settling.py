"""Keeps what lives out of the garbage collector's sight, without which every page would pay for all others."""

from __future__ import annotations

import gc
import importlib
import logging
import sys
import threading
import time

import streamlit as st

from app import attending, resources
from model_zoo.malloc import give_back_free_pages
from monitor.errors import MonitorError
from monitor.live.classroom import Classroom
from monitor.logs import nameless
from monitor.vision import crowd

log = logging.getLogger(__name__)
SETTLE_S, TRIM_EVERY = 5.0, 12
"""What pages have left is given back each minute, what a camera has left at once."""


def get_ready() -> None:
    """When the server starts: what the first page needs is made while its reader's browser still loads scripts."""
    threading.Thread(target=_get_ready, name="get ready", daemon=True).start()


def _get_ready() -> None:
    try:
        importlib.import_module("app.for_pages")
        settle()
    except MonitorError as error:
        log.warning("%s", nameless(error))  # the first page tries again, and says it to a person
    finally:
        gc.enable()  # see app/main.py


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, when all imports are done and the classroom runs: moves what lives out of the garbage collector's sight.

    Every collection would visit it, and hold up whatever else runs. Streamlit collects all generations after every run
    of a page or fragment; `runner.postScriptGC` in .streamlit/config.toml forbids it, and this thread does it instead.
    """
    room = resources.classroom()
    resources.housekeeping()
    attending.attendance()
    _freeze()
    threading.Thread(target=_keep_settled, args=(room,), name="settle", daemon=True).start()


def _keep_settled(room: Classroom) -> None:
    """Collects every few seconds, and moves away what came to stay: a connection brings two thousand objects, a library
    that a page was the first to use many more.

    Only when nothing came or went since the last time: what is moved away while it still ends would never be collected.
    Not by the count of `gc.get_objects()`: that hands out tuples which another thread is still building.
    """
    streams, modules, came, turns = frozenset[str](), 0, False, 0
    time.sleep(SETTLE_S)
    crowd.get_ready()  # not sooner: half a second of imports, in which the first page would wait
    while room.running:
        before, known = streams, modules
        streams, modules = room.streams, len(sys.modules)
        if before - streams:
            gc.unfreeze()
        gc.collect()
        if before - streams or turns % TRIM_EVERY == 0:
            give_back_free_pages()
        turns += 1
        if (streams, modules) != (before, known):
            came = True
        elif came:
            gc.freeze()
            came = False
        time.sleep(SETTLE_S)


def _freeze() -> None:
    gc.collect()
    gc.freeze()
