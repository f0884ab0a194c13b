"""What programs and people write of a class, and the names that come of it."""

from __future__ import annotations

import codecs

import pytest

from monitor.domain import NAME_LENGTH
from monitor.errors import RosterError
from monitor.people.roster import LARGEST_FILE, MOST_NAMES, PassedOver, read_pasted, read_roster

UMLAUTS = ("Jürgen Groß", "Zoë Ångström", "Łukasz", "Chloé")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("Ada\nBen\nCem", ("Ada", "Ben", "Cem")),
        ("Ada\r\n\r\n  Ben   Ahmed \r\n", ("Ada", "Ben Ahmed")),
        ("Ada\rBen\r", ("Ada", "Ben")),
        ("name\nAda\nBen", ("Ada", "Ben")),
        ("Ada,Lovelace\nBen,Ahmed", ("Ada Lovelace", "Ben Ahmed")),
        ("Ada;Lovelace\nBen;\n", ("Ada Lovelace", "Ben")),
        ("Ada\tLovelace\n", ("Ada Lovelace",)),
        ("First name,Last name,Born\nAda,Lovelace,1815", ("Ada Lovelace",)),
        ("Last Name;e-mail;First-Name\nLovelace;a@x.example;Ada", ("Ada Lovelace",)),
        ("Vorname;Nachname\nJürgen;Groß", ("Jürgen Groß",)),
        ("Name;Vorname;Klasse\nGroß;Jürgen;7b", ("Jürgen Groß",)),
        ("Nr.;Schüler\n1;Jürgen Groß", ("Jürgen Groß",)),
        ("\n\nVorname;Nachname\nJürgen;Groß", ("Jürgen Groß",)),
        ("1;Ada Lovelace\n2;Ben Ahmed", ("Ada Lovelace", "Ben Ahmed")),
        ("17\n18", ("17", "18")),
        ("sep=;\nname;class\nAda;7b", ("Ada",)),
        ('"name","class"\n"Lovelace, Ada","7b"\n"Ada ""Bee"" King","7b"', ("Lovelace, Ada", 'Ada "Bee" King')),
        ('"name"\n"Ada\nLovelace"\n', ("Ada Lovelace",)),
        ("Name\nLovelace, Ada\nAhmed, Ben", ("Lovelace, Ada", "Ahmed, Ben")),
        ("Ada 🦊\n🐙\n👩🏽‍🚀 Cem\n❤️‍🔥\n", ("Ada 🦊", "🐙", "👩🏽‍🚀 Cem", "❤️‍🔥")),
        ("=cmd()\n-Ben\n", ("=cmd()", "-Ben")),
    ],
)
def test_the_names_of_a_table(content: str, names: tuple[str, ...]) -> None:
    assert read_roster(content.encode()).names == names
    assert read_roster(content.encode()).passed_over == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_beyond_english_in_each_writing(encoding: str, separator: str) -> None:
    table = "\r\n".join(f"{name}{separator}7b" for name in ("name", *UMLAUTS))
    assert read_roster(table.encode(encoding)).names == UMLAUTS


@pytest.mark.parametrize(
    ("encoding", "last"), [("latin-1", "François Nuñez"), ("cp1252", "Dvořák’s Š €".replace("ř", "r"))]
)
def test_latin_1_and_windows_files_with_semicolons(encoding: str, last: str) -> None:
    table = f"Vorname;Nachname\r\nJürgen;Groß\r\nZoë;Ångström\r\n{last};\r\n"
    assert read_roster(table.encode(encoding)).names == ("Jürgen Groß", "Zoë Ångström", last)


def test_a_file_of_macs_old_apple_is_not_taken_for_text_of_windows() -> None:
    """Its ü is a control character elsewhere: better a refusal than a wrong name."""
    with pytest.raises(RosterError, match="no text"):
        read_roster("Ångström\n".encode("mac-roman") + b"\x8f\x8d")


def test_five_hundred_names_in_latin_1_with_semicolons_duplicates_and_an_emoji() -> None:
    rows = [f"Schüler {number};Groß" for number in range(500)]
    rows[250:250] = ["schüler 7;GROSS", "", ";"]
    found = read_roster("\r\n".join(["Vorname;Nachname", *rows]).encode("latin-1"))
    assert len(found.names) == 500
    assert found.names[499] == "Schüler 499 Groß"
    assert found.passed_over == (PassedOver(252, "schüler 7 GROSS", "This name stands further up already."),)
    more = read_roster("\n".join([*found.names, "🦊"]).encode())
    assert len(more.names) == 501


def test_who_stands_there_twice_is_named_each_time_with_the_line() -> None:
    found = read_roster(b"name\nAda\nBen\nada \nADA\n")
    assert found.names == ("Ada", "Ben")
    assert [(one.line, one.text) for one in found.passed_over] == [(4, "ada"), (5, "ADA")]


def test_a_name_that_cannot_be_kept_is_passed_over_with_the_reason() -> None:
    long = "x" * (NAME_LENGTH + 1)
    found = read_roster(f"class;name\n7b;Ada\n7b;{long}\n7b;\n7b;Be\u200bn".encode())
    assert found.names == ("Ada",)
    assert [one.line for one in found.passed_over] == [3, 4, 5]
    assert f"at most {NAME_LENGTH}" in found.passed_over[0].why
    assert "at least one letter" in found.passed_over[1].why
    assert "printable" in found.passed_over[2].why


def test_an_unseen_letter_makes_no_second_ada() -> None:
    assert read_roster("Ada\nA\u200dda".encode()).names == ("Ada",)


@pytest.mark.parametrize("content", [b"", b"\n \n;;\n", codecs.BOM_UTF8])
def test_a_file_without_a_name_says_so(content: bytes) -> None:
    with pytest.raises(RosterError, match="no name in it"):
        read_roster(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no text"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "no text"),
        (b"\xff\xfeA", "no text"),
        (b"Ada\x00Ben", "no text"),
        (b"PK\x03\x04\x14\x00", "XLSX"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_a_file_that_is_no_text_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(RosterError, match=told):
        read_roster(content)


def test_a_file_that_is_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(RosterError, match="1000 kB, and this file has 1250 kB"):
        read_roster(b"Ada Lovelace\n" * (LARGEST_FILE * 5 // 4 // 13 + 1))


def test_more_names_than_any_class_has_are_refused() -> None:
    with pytest.raises(RosterError, match=f"at most {MOST_NAMES} students; this list has {MOST_NAMES + 1}"):
        read_roster("\n".join(map(str, range(MOST_NAMES + 1))).encode())


def test_a_table_without_titles_asks_which_column_is_the_name() -> None:
    with pytest.raises(RosterError, match="has 3 columns"):
        read_roster(b"Ada,Lovelace,7b\nBen,Ahmed,7b")


@pytest.mark.parametrize("content", [b'name\n"Ada\nBen\nCem\n', b'name\n"Ada" Lovelace\n'])
def test_a_quote_that_does_not_end_swallows_no_names(content: bytes) -> None:
    with pytest.raises(RosterError, match=r"Line \d of this file"):
        read_roster(content)


def test_a_pasted_list_has_one_name_a_line_whatever_stands_in_it() -> None:
    found = read_pasted('Lovelace, Ada\r\n  Ben;Ahmed\n\n"Bee" King\nben;ahmed')
    assert found.names == ("Lovelace, Ada", "Ben;Ahmed", '"Bee" King')
    assert [one.line for one in found.passed_over] == [5]


def test_a_table_pasted_from_a_spreadsheet_has_tabs() -> None:
    assert read_pasted("Vorname\tNachname\nJürgen\tGroß\n").names == ("Jürgen Groß",)
    assert read_pasted("\tCem\nAda").names == ("Cem", "Ada")
