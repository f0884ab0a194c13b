"""Names of a class, typed, pasted or out of a file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from monitor.domain import name_key
from monitor.errors import RosterError
from monitor.people.roster import LARGEST_FILE, Roster, read_pasted, read_roster
from monitor.words import _

NOTHING = Roster((), ())


def ask_names(key: str) -> tuple[str, Any]:
    """The text and the file, for `read_names` once the form was sent."""
    text = st.text_area(
        _("Students, one a line"),
        placeholder="Ada Lovelace\nBen Ahmed\n…",
        help=_("Type the names, or paste them from a list or a spreadsheet."),
        height=150,
        key=f"{key}-text",
    )
    file = st.file_uploader(
        _("… or a CSV file"),
        type=["csv", "txt", "tsv"],
        max_upload_size=1,  # MB
        help=_(
            "One name a row, or columns titled “name”, or “first name” and “last name”. Commas, semicolons and tabs "
            "are understood. Only the names are kept."
        ),
        key=f"{key}-file",
    )
    return text, file


def read_names(text: str, file: Any) -> Roster:
    """Of both, the typed ones first; empty where there is neither. Raises RosterError."""
    typed = read_pasted(text) if text.strip() else NOTHING
    if file is None:
        return typed
    if file.size > LARGEST_FILE:
        raise RosterError(
            _("A list of names has at most {most} kB, and this file has {size} kB. Is it the right one?").format(
                most=LARGEST_FILE // 1000, size=file.size // 1000
            )
        )
    filed = read_roster(file.getvalue())
    known = {name_key(name) for name in typed.names}
    more = tuple(name for name in filed.names if name_key(name) not in known)
    return Roster(typed.names + more, typed.passed_over + filed.passed_over)
