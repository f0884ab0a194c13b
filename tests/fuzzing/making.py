"""Files that are nearly right: from what a reader takes, with some of it changed."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

ODD = (
    "",
    " ",
    "\x00",
    "\ufeff",
    "\u202e",
    "\u2028",
    "²",
    "٣",
    "①",
    "-1",
    "+1",
    "1e309",
    "-0",
    "nan",
    "inf",
    "0x10",
    "1_000",
    "9" * 20,
    "9" * 5000,
    "null",
    "true",
    "[]",
    "{}",
    "=1+1",
    "'=1",
    '"',
    '""',
    "\\",
    "../../etc/passwd",
    "{name}",
    "%s%n",
    "<script>",
    "Ada\nBen",
    "Zoë",
    "李明",
    "🙂",
    "A" * 70,
    "2026-11-23T09:00:00Z",
    "9999-99-99",
    "0000-01-01T00:00:00Z",
)
"""Cells and words at which readers of other projects failed."""


def words() -> SearchStrategy[str]:
    return st.one_of(st.sampled_from(ODD), st.text(max_size=40), st.integers().map(str), st.floats().map(str))


@st.composite
def changed_bytes(draw: DrawFn, whole: Sequence[bytes]) -> bytes:
    """One of these files with a few bytes flipped, cut out, doubled or put in; sometimes no file at all."""
    content = bytearray(draw(st.sampled_from(list(whole))))
    for _change in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(1, 64))
        what = draw(st.sampled_from(("flip", "cut", "double", "put", "end", "far")))
        if what == "flip" and content:
            content[place] ^= draw(st.integers(1, 255))
        elif what == "cut":
            del content[place : place + length]
        elif what == "double":
            content[place:place] = content[place : place + length]
        elif what == "put":
            content[place:place] = draw(st.binary(max_size=32))
        elif what == "end":
            del content[place:]
        else:
            content[place : place + 4] = draw(st.sampled_from((b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x00" * 4)))
    return bytes(content)


@st.composite
def changed_table(draw: DrawFn, rows: Sequence[Sequence[str]], separator: str = ",") -> str:
    """These rows with some cells, rows and line ends changed."""
    table = [list(row) for row in rows]
    for _change in range(draw(st.integers(0, 6))):
        row = draw(st.integers(0, len(table) - 1))
        what = draw(st.sampled_from(("cell", "row", "gone", "more", "fewer")))
        if what == "cell" and table[row]:
            table[row][draw(st.integers(0, len(table[row]) - 1))] = draw(words())
        elif what == "row":
            table.insert(row, list(table[draw(st.integers(0, len(table) - 1))]))
        elif what == "gone" and len(table) > 1:
            del table[row]
        elif what == "more":
            table[row].append(draw(words()))
        else:
            table[row] = table[row][:-1]
    end = draw(st.sampled_from(("\n", "\r\n", "\r", "\n\n")))
    return end.join(separator.join(row) for row in table) + draw(st.sampled_from(("", end)))


def any_json() -> SearchStrategy[object]:
    leaf = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words())
    return st.recursive(
        leaf,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words(), inner, max_size=4)),
        max_leaves=8,
    )
