"""Names and titles where Streamlit reads Markdown."""

from __future__ import annotations

import string

# What Markdown lets a backslash take its meaning from.
PUNCTUATION = frozenset(string.punctuation)


def plain(name: str) -> str:
    """A name as it is: students give them, so no link and no picture of Markdown's may come out of one."""
    return "".join(f"\\{character}" if character in PUNCTUATION else character for character in name)
