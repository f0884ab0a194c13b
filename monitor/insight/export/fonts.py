"""Which font prints which letter: DejaVu Sans, which comes with matplotlib; Noto Emoji, which comes with the project;
then the fonts of this machine. What none of them has is written in Latin letters, so that every name can be read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import matplotlib as mpl
from anyascii import anyascii
from fontTools.ttLib import TTCollection, TTFont, TTLibError
from matplotlib import font_manager

EMOJI = Path(__file__).parent / "fonts" / "NotoEmoji-Regular.ttf"
# Names of fonts that have many scripts: looked into first, since looking into all takes seconds.
LIKELY = ("noto", "cjk", "droid", "unicode", "yahei", "msyh", "malgun", "yugoth", "nirmala", "pingfang", "hiragino")
MOST_LOOKED_INTO = 100
UNSEEN = frozenset("\ufe0e\ufe0f\u200d")
"""Say how a neighbour looks: as text, in colour, as one with the next."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One face of a font file; `number` counts those of a collection."""

    path: Path
    number: int = 0


def text_font(bold: bool = False) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"


@cache
def ours() -> tuple[FontFile, ...]:
    return FontFile(text_font()), FontFile(EMOJI)


@dataclass(frozen=True)
class Fonts:
    """Fonts for a text, the first one that has a letter prints it."""

    files: tuple[FontFile, ...]
    letters: frozenset[str]

    def readable(self, text: str) -> str:
        """The text with what no font has written in Latin letters: 李明 as LiMing."""
        shown = unicodedata.normalize("NFC", text)
        return "".join(self._letter(letter) for letter in shown if letter not in UNSEEN)

    def _letter(self, letter: str) -> str:
        if letter in self.letters or letter.isspace():
            return letter
        return anyascii(letter) or "?"


def fonts_for(text: str) -> Fonts:
    """Those of the project, and as many of this machine's as it takes to print `text`."""
    own = frozenset[str]().union(*map(_letters_of_ours, ours()))
    wanted = frozenset(unicodedata.normalize("NFC", text)) - own - UNSEEN
    others = _found(frozenset(letter for letter in wanted if letter.isprintable() and not letter.isspace()))
    return Fonts((*ours(), *others), own.union(*others.values()))


@cache
def _letters_of_ours(file: FontFile) -> frozenset[str]:
    return _letters(file)


@lru_cache(maxsize=20)
def _found(missing: frozenset[str]) -> dict[FontFile, frozenset[str]]:
    """Fonts of this machine, each with those of the missing letters that it is to print."""
    found: dict[FontFile, frozenset[str]] = {}
    for file in _of_this_machine() if missing else ():
        letters = missing & _letters(file)
        if letters:
            found[file], missing = letters, missing - letters
        if not missing:
            break
    return found


def _letters(file: FontFile) -> frozenset[str]:
    """Empty for a file that is no font with outlines."""
    try:
        with TTFont(file.path, fontNumber=file.number, lazy=True) as font:
            outlines = "glyf" in font or "CFF " in font
            return frozenset(map(chr, font.getBestCmap() or ())) if outlines else frozenset()
    except (TTLibError, OSError, AssertionError, KeyError):
        return frozenset()


@cache
def _of_this_machine() -> tuple[FontFile, ...]:
    return tuple(_find())


def _find() -> Iterator[FontFile]:
    paths = [Path(path) for path in font_manager.findSystemFonts()]
    paths.sort(key=lambda path: (not any(word in path.name.lower() for word in LIKELY), path.name))
    for path in paths[:MOST_LOOKED_INTO]:
        yield from (FontFile(path, number) for number in range(_faces(path)))


def _faces(path: Path) -> int:
    if path.suffix.lower() not in (".ttc", ".otc"):
        return 1
    try:
        with TTCollection(path, lazy=True) as collection:
            return len(collection.fonts)
    except (TTLibError, OSError):
        return 0
