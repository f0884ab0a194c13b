from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, text
from tests.lesson import start

GERMAN, ENGLISH = "Musterstunde öffnen", "Open a sample lesson"


@pytest.fixture
def german_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(st.context), "locale", property(lambda context: "de-CH"))


def test_a_page_speaks_the_language_of_the_browser(visit: Visit, german_browser: None) -> None:
    shown = visit("lessons")
    assert calm(shown)
    assert GERMAN in labels(shown)


def test_a_browser_without_a_language_of_ours_reads_english(visit: Visit) -> None:
    assert ENGLISH in labels(visit("lessons"))


def test_the_address_chooses_and_an_unknown_language_does_not(visit: Visit) -> None:
    assert GERMAN in labels(visit("lessons", lang="de"))
    assert ENGLISH in labels(visit("lessons", lang="xx"))


def test_what_is_picked_holds_on_other_pages_and_stands_in_the_address(visit: Visit, german_browser: None) -> None:
    shown = visit("lessons")
    shown.radio(key="language_wanted").set_value("en").run()
    assert ENGLISH in labels(shown)
    del shown.query_params["lang"]
    shown.switch_page("views/report.py").run()
    assert ENGLISH in labels(shown)
    assert shown.query_params["lang"] == "en"


def test_a_student_reads_the_notice_in_german_and_it_is_kept_which(
    visit: Visit, store: Store, german_browser: None
) -> None:
    lesson = start(store)
    shown = visit(join=lesson.code)
    assert calm(shown)
    assert "Niemals aufbewahrt" in text(shown)
    assert "Never kept" not in text(shown)


def test_a_fragment_that_runs_by_itself_speaks_the_same_language(german_browser: None) -> None:
    """It runs in a thread of its own, in which no page has run before."""

    def page():  # type: ignore[no-untyped-def] # it runs where nothing is imported
        import app.language  # noqa: F401
        from app.self_view import _measured

        _measured(None)

    shown = AppTest.from_function(page, default_timeout=120).run()
    assert "Verbinden" in text(shown)
