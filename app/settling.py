"""Keeps what lives out of the garbage collector's sight, without which every page would pay for all others."""

from __future__ import annotations

import gc
import threading
import time

import streamlit as st

from app import attending, resources
from monitor.live.classroom import Classroom
from monitor.vision import crowd

SETTLE_S = 10.0


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, when all imports are done and the classroom runs: moves what lives out of the garbage collector's sight.

    Streamlit collects all generations after every run of a page or fragment; without this, ten open
    pages at one run a second cost 71 % of a core, with it 4.9 %. The same again when students have come
    or gone: a connection brings two thousand objects, which every run of every page would visit.
    """
    room = resources.classroom()
    resources.housekeeping()
    attending.attendance()
    _freeze()
    threading.Thread(target=_keep_settled, args=(room,), name="settle", daemon=True).start()


def _keep_settled(room: Classroom) -> None:
    """Not by the count of `gc.get_objects()`: that hands out tuples which another thread is still building."""
    known = frozenset[str]()
    crowd.get_ready()
    while room.running:
        time.sleep(SETTLE_S)
        if room.streams != known:
            known = room.streams
            _freeze()


def _freeze() -> None:
    gc.unfreeze()  # what died in the meantime is collected as well
    gc.collect()
    gc.freeze()
