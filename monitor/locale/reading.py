"""Reads the languages: each is one file `<language>.po` in this folder, and English, which is in the code."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from monitor.errors import SettingsError

FOLDER = Path(__file__).parent
ENGLISH = "en"


@cache
def languages() -> dict[str, str]:
    """Code and own name of each language, English first: `{"en": "English", "de": "Deutsch"}`."""
    codes = [ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po"))]
    return {code: conventions(code).get_language_name(code) or code for code in codes}


def nearest(wanted: str | None) -> str:
    """The language that a browser's `de-AT` comes nearest to; English where there is none."""
    return negotiate_locale([wanted or ENGLISH], list(languages()), sep="-") or ENGLISH


def conventions(language: str) -> Locale:
    """How a language writes numbers and dates. Ours is the English of schools in Europe: 22 Nov 2026."""
    try:
        return Locale.parse("en_GB" if language == ENGLISH else language)
    except (UnknownLocaleError, ValueError) as error:
        raise SettingsError(f"{language}.po is named after no language that is known: {error}") from error


def translations(language: str) -> NullTranslations:
    """The file as gettext reads it, compiled in memory."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = io.BytesIO()
    try:
        with (FOLDER / f"{language}.po").open("rb") as file:
            write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    except (OSError, PoFileError, ValueError) as error:
        raise SettingsError(f"{language}.po cannot be read: {error}; languages are {list(languages())}") from error
    compiled.seek(0)
    return GNUTranslations(compiled)
