"""Numbers in an address, which anybody may type."""

from __future__ import annotations

import streamlit as st

# Python refuses to read a number of thousands of digits; no row has one of over ten.
MOST_DIGITS = 18


def asked_number(name: str) -> int | None:
    """What the address says under this name, where that is a number."""
    return number(st.query_params.get(name, ""))


def number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
