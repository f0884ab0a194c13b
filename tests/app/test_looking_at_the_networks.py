"""The page Models: what was claimed, what was measured, and a picture to try."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
import streamlit as st
from skimage import data

from app import resources
from app.picture_view import enlarged, heated, with_boxes
from model_zoo.catalogue import CATALOGUE, CatalogueError, entries
from monitor.domain import Box, Image
from monitor.vision.stills import StillFace, StillReader
from tests.app.conftest import Visit
from tests.app.reading import calm, text


def astronaut() -> bytes:
    written = io.BytesIO()
    PIL.Image.fromarray(np.asarray(data.astronaut(), np.uint8)).save(written, "PNG")  # type: ignore[no-untyped-call]
    return written.getvalue()


def test_every_network_stands_with_its_claim_and_what_was_measured(visit: Visit) -> None:
    page = visit("models")
    assert calm(page)
    table = page.dataframe[0].value.set_index("network")
    assert len(table) == len(entries())
    assert table.loc["shallow_cnn", "claimed"] == "56.31%"
    # What several networks say together was measured as well, but is none of them.
    measured = int((table["measured on PublicTest (95 %)"].fillna("").str.contains("%")).sum())
    assert f"Measured so far: {measured} of {len(table)}." in text(page)
    watching = resources.catalogue()[1]["classroom"].evaluation
    assert table.loc["classroom 👁", "measured on PublicTest (95 %)"].startswith(f"{watching.accuracy:.1%} (")
    assert f"{watching.n} pictures of FER2013 PublicTest" in text(page)


def test_names_in_the_chart_stand_where_a_phone_has_room(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def places(agent: str) -> list[object]:
        monkeypatch.setattr(type(st.context), "headers", property(lambda context: {"User-Agent": agent}))
        page = visit("models")
        assert calm(page)
        chart = json.loads(page.get("plotly_chart")[0].proto.spec)
        return [(trace.get("text"), trace.get("textposition")) for trace in chart["data"]]

    phone = places("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/149.0 Mobile Safari/537.36")
    assert phone != places("Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0")


def test_the_card_of_a_network_says_what_the_law_says(visit: Visit) -> None:
    said = text(visit("models"))
    for words in ("Article 5(1)(f) of the AI Act", "since 2 February 2025", "FERPA", "agree does not change it"):
        assert words in said
    assert "Not validated for decisions about people" in said


def test_a_picture_with_a_face_is_read(visit: Visit) -> None:
    page = visit("models")
    page.file_uploader[0].upload("face.png", astronaut(), "image/png").run()
    assert calm(page)
    assert "Haar cascade" in text(page)
    assert "then " in text(page)


def test_a_picture_is_read_once_and_forgotten_when_it_is_taken_away(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Image] = []
    read = StillReader.read

    def counted(reader: StillReader, image: Image) -> list[StillFace]:
        looks.append(image)
        return read(reader, image)

    monkeypatch.setattr(StillReader, "read", counted)
    page = visit("models")
    page.file_uploader[0].upload("face.png", astronaut(), "image/png").run()
    page.run()
    assert calm(page)
    assert len(looks) == 1
    assert "still" in page.session_state
    page.file_uploader[0].clear().run()
    assert "still" not in page.session_state


def test_a_file_that_is_no_picture_is_said_in_words(visit: Visit) -> None:
    page = visit("models")
    page.file_uploader[0].upload("face.png", b"nothing", "image/png").run()
    assert not page.exception
    assert [error.value for error in page.error] == [
        "This file cannot be read as a picture. JPEG, PNG and WebP are allowed."
    ]


def test_a_picture_without_a_face_says_what_to_do(visit: Visit) -> None:
    empty = io.BytesIO()
    PIL.Image.new("RGB", (200, 150), "grey").save(empty, "PNG")
    page = visit("models")
    page.file_uploader[0].upload("wall.png", empty.getvalue(), "image/png").run()
    assert calm(page)
    assert "finds no face" in text(page)


def test_a_frame_is_drawn_around_a_face_and_never_outside_of_the_picture() -> None:
    image = np.zeros((60, 80, 3), np.uint8)
    drawn = with_boxes(image, [Box(10, 20, 30, 30), Box(-20, -20, 300, 300)])
    assert drawn.shape == image.shape
    assert drawn[21, 25].tolist() == [0, 158, 115]
    assert drawn[35, 25].tolist() == [0, 0, 0]
    assert not image.any()


def test_where_it_looked_is_orange_and_the_rest_stays_grey() -> None:
    cut, looked = np.full((4, 4), 100, np.uint8), np.zeros((4, 4))
    looked[0, 0] = 1
    shown = heated(cut, looked)
    assert shown[3, 3].tolist() == [100, 100, 100]
    assert shown[0, 0, 0] > shown[0, 0, 2]
    assert enlarged(shown).shape == (20, 20, 3)


def test_a_broken_catalogue_says_how_it_is_written(tmp_path: Path) -> None:
    broken = tmp_path / CATALOGUE.name
    broken.write_text("[{}]")
    with pytest.raises(CatalogueError, match="python -m model_zoo catalogue"):
        entries(broken)
