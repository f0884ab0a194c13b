"""The words a person reads, in the language of whoever reads them.

`_("Mood of {name}").format(name=…)` looks the English text up in the language of this thread of work, and gives the
English itself where that language has no other. A language is one file, `monitor/locale/<language>.po`.

Which language that is: the one that was chosen with `speak`; else the one that `ask_reader` was told to ask for,
when the first text of this thread is looked up; else English.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from typing import TypeVar

from babel.dates import format_skeleton

from monitor.locale.reading import ENGLISH, conventions, translations

Made = TypeVar("Made")


@dataclass(frozen=True)
class Speech:
    """A language: its texts, and how it writes numbers."""

    language: str
    texts: NullTranslations
    marks: dict[int, str]
    percent: str


_spoken: ContextVar[Speech | None] = ContextVar("_spoken", default=None)
_reader: list[Callable[[], str]] = []


def _(text: str) -> str:
    return _speech().texts.gettext(text)


def counted(one: str, many: str, count: int) -> str:
    """`counted("{n} face", "{n} faces", 2)` is "2 faces"."""
    return _speech().texts.ngettext(one, many, count).format(n=count)


def later(text: str) -> str:
    """The text itself. Marks one that is written before anybody reads it, and goes through `_` when it is shown."""
    return text


def number(value: float, form: str = ".2f") -> str:
    """As `format` does it, with the marks of the language: `number(0.31, "+.2f")` is "+0,31" in German."""
    return format(value, form).translate(_speech().marks)


def percent(share: float, places: int = 0) -> str:
    """`percent(0.31)` is "31%" in English and "31 %" in German."""
    return number(share, f".{places}%").removesuffix("%") + _speech().percent


def separators() -> str:
    """What stands before the decimals and between the thousands, as plotly wants it: `.,`."""
    return number(1234.5, ",.1f").translate(dict.fromkeys(map(ord, "0123456789")))[::-1]


def day(when: date) -> str:
    """`22 Nov 2026`, and `22. Nov. 2026` in German."""
    return _date(when, "yMMMd")


def short_day(when: date) -> str:
    """`22 Nov`, and `22. Nov.` in German."""
    return _date(when, "MMMd")


def day_and_time(when: datetime) -> str:
    """`22 Nov 2026, 09:00` on the clock that `when` is told by."""
    return f"{day(when)}, {when:%H:%M}"


def language() -> str:
    """The code of the language that is spoken here."""
    return _speech().language


def speak(language: str) -> None:
    """From now on in this thread of work. Raises SettingsError for a language that there is no file of."""
    _spoken.set(_learned(language))


def ask_reader(reader: Callable[[], str]) -> None:
    """`reader` says which language whoever reads in this thread wants; it is asked once a thread."""
    _reader[:] = [reader]


def as_now(make: Callable[[], Made]) -> Callable[[], Made]:
    """`make`, to be called later and on any thread, such as by a download, in the language that is spoken now."""
    speech = _speech()

    def made() -> Made:
        context = copy_context()
        context.run(_spoken.set, speech)
        return context.run(make)

    return made


def _date(when: date, parts: str) -> str:
    """No line ends behind the day: nor would Markdown take `22. ` for the number of a list."""
    return format_skeleton(parts, when, tzinfo=None, locale=conventions(language())).replace(
        ". ", ".\N{NO-BREAK SPACE}", 1
    )


def _speech() -> Speech:
    speech = _spoken.get()
    if speech is None:
        speech = _learned(_reader[0]() if _reader else ENGLISH)
        _spoken.set(speech)
    return speech


@cache
def _learned(language: str) -> Speech:
    symbols = conventions(language).number_symbols["latn"]
    marks = {ord("."): symbols["decimal"], ord(","): symbols["group"]}
    suffix = conventions(language).percent_formats[None].suffix[0]
    return Speech(language, translations(language), marks, suffix)
