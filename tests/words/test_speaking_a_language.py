from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from monitor import words
from monitor.errors import SettingsError
from monitor.locale import reading
from monitor.words import _, as_now, counted, day, language, later, number, percent, separators, speak


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


def in_a_new_thread(work: object) -> list[str]:
    said: list[str] = []
    thread = threading.Thread(target=lambda: said.append(work()))  # type: ignore[operator]
    thread.start()
    thread.join()
    return said


def test_english_is_what_the_code_says() -> None:
    assert (_("happy"), counted("{n} face", "{n} faces", 1), counted("{n} face", "{n} faces", 2)) == (
        "happy",
        "1 face",
        "2 faces",
    )
    assert (number(1234.5, "+,.1f"), percent(0.314), percent(0.314, 1)) == ("+1,234.5", "31%", "31.4%")
    assert (day(date(2026, 11, 22)), separators()) == ("22 Nov 2026", ".,")


def test_german_has_its_own_words_numbers_and_dates() -> None:
    speak("de")
    assert (language(), _("happy")) == ("de", "fröhlich")
    assert counted("The picture, with {n} face", "The picture, with {n} faces", 2) == "Das Bild mit 2 Gesichtern"
    assert (number(1234.5, "+,.1f"), percent(0.314)) == ("+1.234,5", "31\N{NO-BREAK SPACE}%")
    assert (day(date(2026, 11, 22)), separators()) == ("22.\N{NO-BREAK SPACE}Nov. 2026", ",.")


def test_a_text_that_a_language_lacks_stays_english() -> None:
    speak("de")
    assert _("no such text") == "no such text"
    assert counted("{n} thing", "{n} things", 3) == "3 things"


def test_a_text_marked_for_later_is_looked_up_when_it_is_shown() -> None:
    marked = later("sad")
    assert (marked, _(marked)) == ("sad", "sad")
    speak("de")
    assert _(marked) == "traurig"


def test_a_thread_of_work_has_its_own_language() -> None:
    speak("de")
    assert in_a_new_thread(lambda: _("happy")) == ["happy"]
    assert _("happy") == "fröhlich"


def test_a_new_thread_asks_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_reader", [lambda: "de"])
    assert in_a_new_thread(lambda: _("happy")) == ["fröhlich"]


def test_what_is_made_later_is_made_in_the_language_of_now() -> None:
    speak("de")
    make = as_now(lambda: _("happy"))
    speak("en")
    assert make() == "fröhlich"
    assert in_a_new_thread(make) == ["fröhlich"]
    assert _("happy") == "happy"


@pytest.mark.parametrize(("wanted", "found"), [("de-AT", "de"), ("de", "de"), ("fi", "en"), ("", "en"), (None, "en")])
def test_a_browser_gets_the_nearest_language(wanted: str | None, found: str) -> None:
    assert reading.nearest(wanted) == found


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"fi\.po cannot be read.*'en', 'de'"):
        speak("fi")


def test_a_broken_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "de.po").write_bytes(b'msgid "happy"\nmsgstr "fr\xf6hlich"\n')
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    with pytest.raises(SettingsError, match=r"de\.po cannot be read"):
        reading.translations("de")


def test_a_file_named_after_no_language_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"klingonisch\.po is named after no language"):
        reading.conventions("klingonisch")
