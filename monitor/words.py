"""The words a person reads, in the language of whoever reads them.

`_("Mood of {name}").format(name=…)` looks the English text up in the language that was chosen for this thread of work
with `speak`, and gives the English itself where that language has no other. A language is one file,
`monitor/locale/<language>.po`.
"""

from __future__ import annotations

from contextvars import ContextVar
from gettext import NullTranslations

_spoken: ContextVar[NullTranslations] = ContextVar("_spoken", default=NullTranslations())  # noqa: B039 - never changed


def _(text: str) -> str:
    return _spoken.get().gettext(text)


def counted(one: str, many: str, count: int) -> str:
    """`counted("{n} face", "{n} faces", 2)` is "2 faces"."""
    return _spoken.get().ngettext(one, many, count).format(n=count)
