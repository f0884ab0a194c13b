"""What a person reads on a page goes through the catalogue: looked for where texts are given to Streamlit or plotly,
and in the errors that a page shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import errors
from monitor.errors import MonitorError
from monitor.locale.gathering import ROOMS, ROOT

SHOWN_FIRST = re.compile(
    "title|(sub)?header|markdown|caption|write|text|html|info|warning|error|success|toast|.*button|text_input|text_area|"
    "number_input|selectbox|multiselect|radio|checkbox|toggle|slider|(date|time)_input|file_uploader|camera_input|metric|"
    "tabs|expander|popover|spinner|status|dialog|segmented_control|pills|page_link|add_annotation"
)
SHOWN_BY_NAME = re.compile(
    "help|placeholder|label|caption|alt|text|(page_)?title|name|hover(template|text)|show_spinner"
)
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")
NOT_WORDS = re.compile(r"<style>.*?</style>|<[^>]*>|%?\{[^}]*\}|:[a-z_/]+:|:[a-z]+\[|`[^`]*`|/\?[a-z]+=", re.DOTALL)

AS_THEY_ARE = ("K7TM-4N2B", "ada.lovelace", "Ada Lovelace\nBen Ahmed\n…")
"""Examples of a code and of names."""

FOR_WHO_RUNS_THE_SERVER = {
    *(
        "SettingsError",
        "DetectorError",
        "ClassifierError",
        "ClusterError",
        "BackupError",
        "AuditError",
        "StoreUnavailable",
    ),
}
"""Read in a terminal or a log; a page has a sentence of its own for the last."""
READ_ON_A_PAGE = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, MonitorError)
} - FOR_WHO_RUNS_THE_SERVER

FILES = sorted(path for path in (ROOT / "app").rglob("*.py"))
TERMINAL = ROOT / "monitor" / "commands"
RAISING = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if TERMINAL not in path.parents)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_all_texts_of_a_file_can_be_translated(file: Path) -> None:
    assert list(untranslated(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("file", RAISING, ids=lambda file: str(file.relative_to(ROOT)))
def test_all_errors_of_a_file_can_be_translated(file: Path) -> None:
    assert list(untranslated_errors(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise InvalidName("A name is needed.")', ["1: A name is needed."]),
        ('raise InvalidName(_("A name is needed."))', []),
        ('raise InvalidName(f"{name!r} is no name") from error', ["1:  is no name"]),
        ("raise InvalidName(told.format(name=name))", []),
        ('raise SettingsError("There is no such network.")', []),
        ('raise ValueError("a box has a positive width")', []),
    ],
)
def test_the_search_finds_errors_that_are_written_out(source: str, found: list[str]) -> None:
    assert list(untranslated_errors(source)) == found


def test_most_errors_are_read_on_a_page() -> None:
    assert {"InvalidName", "UnknownCode", "VideoError", "StoreError"} <= READ_ON_A_PAGE


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('st.title("Good day")', ["1: Good day"]),
        ('st.title(_("Good day"))', []),
        ('st.metric("Mood", f"{mood} of all")', ["1: Mood", "1:  of all"]),
        ('st.button(_("Go"), help="To the end", key="key")', ["1: To the end"]),
        ('st.tabs(["One leaf", _("two")])', ["1: One leaf"]),
        ("st.html(f\"<b style='color:red'>{name}</b>\")", []),
        ('figure.update_xaxes(title="time of day")', ["1: time of day"]),
        ('st.metric(_("a") if x else "other", 1)', ["1: other"]),
        ('st.link_button(_("Join"), f"/?join={code}")', []),
    ],
)
def test_the_search_finds_what_is_written_out(source: str, found: list[str]) -> None:
    assert list(untranslated(source)) == found


def untranslated(source: str) -> Iterator[str]:
    """Line and words of each text that is shown as it is written."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and not _is_for_nobody(call.func):
            first = call.args[:2] if SHOWN_FIRST.fullmatch(_last_name(call.func)) else []
            named = [one.value for one in call.keywords if SHOWN_BY_NAME.fullmatch(one.arg or "")]
            yield from (text for given in (*first, *named) for text in _written_out(given))


def untranslated_errors(source: str) -> Iterator[str]:
    """Line and words of each error that a page would show as it is written."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in READ_ON_A_PAGE:
            yield from (text for given in call.args[:1] for text in _written_out(given))


def _last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


def _is_for_nobody(function: ast.expr) -> bool:
    """A line of the log, or the name of a thread."""
    return ast.unparse(function).startswith(("log.", "threading."))


def _written_out(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value not in AS_THEY_ARE and WORD.search(NOT_WORDS.sub(" ", node.value)):
            yield f"{node.lineno}: {node.value}"
        return
    if isinstance(node, ast.Call | ast.Subscript | ast.Attribute | ast.Compare | ast.Lambda):
        return  # `_(…)`, or a value that says nothing by itself
    if isinstance(node, ast.IfExp):
        yield from (*_written_out(node.body), *_written_out(node.orelse))
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _written_out(child)
