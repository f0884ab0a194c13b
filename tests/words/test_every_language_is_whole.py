"""Every text of the code is in every language, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from monitor.locale import gathering
from monitor.locale.gathering import KEYWORDS, ROOMS, ROOT, faults, gathered, placeholders
from monitor.locale.reading import ENGLISH, languages

SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("language", [code for code in languages() if code != ENGLISH])
def test_a_language_has_all_texts_of_the_code_and_no_others(language: str) -> None:
    assert faults(language) == [], f"run `python -m monitor.locale`, then translate what {language}.po lacks"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_text_is_written_out_where_it_is_looked_up(file: Path) -> None:
    """Or nothing could gather it: an f-string or a name has no fixed words. A name may, if `later` marked its text."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
            needed = call.args[: KEYWORDS[call.func.id]]
            assert not any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in needed), ast.unparse(call)


def test_no_text_writes_its_numbers_itself() -> None:
    """`{mood:+.2f}` would have English marks in every language: `number`, `percent` and `day` write as it does."""
    fields = {field for one in gathered() if one.id for field in placeholders(gathering.words(one))}
    assert {field for field in fields if ":" in field} == set()


def test_texts_are_gathered_once_with_the_files_they_stand_in() -> None:
    found = gathered().get("happy")
    assert found is not None
    assert [file for file, _ in found.locations] == ["monitor/palette.py"]


def test_what_is_missing_empty_doubtful_gone_or_differs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "FOLDER", tmp_path)
    monkeypatch.setattr(gathering, "gathered", lambda: _catalog(told="", doubted="", **{"of {name}": "", "absent": ""}))
    written = _catalog(told="", **{"of {name}": "von {Name}", "gone": "weg"})
    written.add("doubted", "bezweifelt", flags=["fuzzy"])
    with (tmp_path / "de.po").open("wb") as file:
        write_po(file, written)
    assert faults("de") == [
        "missing: told",
        "missing: doubted",
        "missing: absent",
        "in no code: gone",
        "placeholders ['Name'] instead of ['name']: von {Name}",
    ]


def test_an_update_keeps_what_is_translated_and_names_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "FOLDER", tmp_path)
    monkeypatch.setattr(gathering, "gathered", lambda: _catalog(old="", gone=""))
    assert gathering.update("fr") == ["old", "gone"]
    file = tmp_path / "fr.po"
    file.write_text(file.read_text().replace('msgid "old"\nmsgstr ""', 'msgid "old"\nmsgstr "vieux"'))
    monkeypatch.setattr(gathering, "gathered", lambda: _catalog(old="", new=""))
    assert gathering.update("fr") == ["new"]
    assert "vieux" in file.read_text()
    assert "gone" not in file.read_text()


@pytest.mark.parametrize(
    ("text", "found"),
    [("{n} of {all}", {"n", "all"}), ("{{no}}", set()), ("mood {mood:+.2f}", {"mood:+.2f"}), ("100 %", set())],
)
def test_placeholders_are_told_with_how_they_are_written(text: str, found: set[str]) -> None:
    assert placeholders(text) == found


def _catalog(**texts: str) -> Catalog:
    catalog = Catalog(locale="de", fuzzy=False)
    for english, other in texts.items():
        catalog.add(english, other)
    return catalog
