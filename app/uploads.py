"""What a person uploads: held in memory, never on a disk, and let go of as soon as it has been taken."""

from __future__ import annotations

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def keep_in_memory() -> None:
    """Before the first upload: Starlette, which receives uploads for Streamlit, lays those of more than 1 MB down in
    a file for temporary things. Here it may not: a video or picture of people is written nowhere."""
    MultiPartParser.spool_max_size = (largest_megabytes() + 1) << 20


def largest_megabytes() -> int:
    return int(st.get_option("server.maxUploadSize"))


def take(upload: UploadedFile) -> bytes:
    """The bytes, which Streamlit would otherwise hold until the tab is closed.

    Streamlit has no public way to give an upload back; `tests/app/test_uploading_a_recording.py` notices a change.
    """
    content = upload.getvalue()
    context = get_script_run_ctx()
    remove = getattr(context and context.uploaded_file_mgr, "remove_file", None)
    if context is not None and remove is not None:
        remove(context.session_id, upload.file_id)
    return content
