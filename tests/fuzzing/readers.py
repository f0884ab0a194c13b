"""Every reader of what comes from outside: what is given to it, and what it may answer: a result, or its own error."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data import fer2013_csv
from data.pictures import SIDE, DataError
from model_zoo.weights import WEIGHTS, WeightsCard, WeightsError
from monitor import settings
from monitor.domain import Square
from monitor.errors import ClassifierError, MonitorError, RosterError, SettingsError, VideoError
from monitor.insight.export.csv import COLUMNS, CsvError, from_csv, to_csv
from monitor.live.video import Video
from monitor.people.roster import Roster, read_pasted, read_roster
from monitor.store.lessons import normal_code
from monitor.store.store import Store, open_store
from monitor.vision.classification import open_classifier
from tests.faces import head
from tests.fuzzing.making import any_json, changed_bytes, changed_table, words
from tests.lesson import NINE, start
from tests.little_network import write, write_card
from tests.videos import FACE, ROOM, film, seconds_of


@dataclass(frozen=True)
class Reader:
    """`read` raises nothing but what the reader's own words are for. `slow`: an example takes longer than a hundredth
    of a second."""

    name: str
    given: Callable[[], SearchStrategy[Any]]
    read: Callable[[Any], None]
    slow: bool = False


def _roster_given() -> SearchStrategy[bytes]:
    rows = [["Vorname", "Nachname", "Klasse"], ["Ada", "Lovelace", "7b"], ["Zoë", "Ahmed", "7b"]]
    tables = st.sampled_from(",;\t").flatmap(lambda separator: changed_table(rows, separator))
    encodings = st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"))
    texts = st.one_of(tables, st.text(), words())
    written = st.builds(lambda text, encoding: text.encode(encoding, errors="replace"), texts, encodings)
    return st.one_of(written, st.binary(), written.flatmap(lambda one: changed_bytes([one])))


def _roster(content: bytes) -> None:
    readings: tuple[Callable[[], Roster], ...] = (
        lambda: read_roster(content),
        lambda: read_pasted(content.decode("latin-1")),
    )
    for read in readings:
        with contextlib.suppress(RosterError):
            found = read()
            assert all(name and name.isprintable() and len(name) <= 60 for name in found.names)
            assert all(one.why for one in found.passed_over)


LINES = [
    list(COLUMNS),
    ["1", "Fractions", "Ada", "2025-11-21T09:00:00Z", *"0001000", "happy", "1.0000", "1.0000", "8"],
    ["1", "Fractions", "Ada", "2025-11-21T09:00:01Z", *("",) * 9, "0.0000", "8"],
    ["1", "Fractions", "'=Ben", "2025-11-21T09:00:01Z", *("",) * 9, "0.0000", "8"],
]


def _timeline_given() -> SearchStrategy[bytes | str]:
    table = changed_table(LINES)
    whole = "\r\n".join(",".join(line) for line in LINES).encode()
    return st.one_of(table, table.map(lambda text: text.encode("utf-8", "replace")), changed_bytes([whole]), st.text())


def _timeline(content: bytes | str) -> None:
    with contextlib.suppress(CsvError):
        written = to_csv(from_csv(content))
        # The lines of one second may change places: they stand in the order in which the students came.
        assert sorted(to_csv(from_csv(written)).splitlines()) == sorted(written.splitlines())


def _fer2013_given() -> SearchStrategy[tuple[str, str]]:
    pixels = " ".join(["7"] * (SIDE * SIDE))
    rows = [["emotion", "pixels", "Usage"], ["3", pixels, "Training"], ["6", pixels, "PublicTest"]]
    short = st.lists(words(), max_size=4).map(" ".join)
    odd = st.builds(lambda label, more: f"{label},{more} {pixels[: -2 * len(more.split())]},Training", words(), short)
    votes = [["Usage", "Image name", *fer2013_csv.VOTES], ["Training", "1.png", "0", "2", "0", "8", "0", "0", "0"]]
    pictures = st.one_of(changed_table(rows), odd.map("emotion,pixels,Usage\n{}\n".format), st.text())
    return st.tuples(pictures, st.one_of(changed_table(votes), st.text()))


def _fer2013(tables: tuple[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in (fer2013_csv.FILE, fer2013_csv.VOTES_FILE)]
        for path, text in zip(paths, tables, strict=True):
            path.write_bytes(text.encode("utf-8", "replace"))
        with contextlib.suppress(DataError):
            found = fer2013_csv.read(paths[0], "Training")
            assert found.images.shape[1:] == (SIDE, SIDE)
        with contextlib.suppress(DataError):
            fer2013_csv.read_voted(paths[0], paths[1], "Training")


@cache
def _card() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((WEIGHTS / "classroom.json").read_text(encoding="utf-8"))
    return kept


def _card_given() -> SearchStrategy[str]:
    fields = st.dictionaries(st.one_of(st.sampled_from(sorted(_card())), words()), any_json(), max_size=3)
    cards = fields.map(lambda changed: json.dumps(_card() | changed))
    deep = st.integers(1, 100_000).map(lambda depth: "[" * depth)
    texts = cards.flatmap(lambda text: changed_bytes([text.encode()])).map(lambda one: one.decode("latin-1"))
    return st.one_of(cards, any_json().map(json.dumps), texts, deep, st.text())


def _read_card(text: str) -> None:
    with contextlib.suppress(WeightsError):
        card = WeightsCard.from_json(text)
        assert 0 < card.share <= 1
        assert all(size > 0 for size in card.input_shape)


@cache
def _network() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), "little")
        return (Path(folder) / "little.onnx").read_bytes()


def _onnx(content: bytes) -> None:
    """A card says of any bytes that these are meant: then the runtime must read them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "little.onnx"
        file.write_bytes(content)
        with contextlib.suppress(ClassifierError):
            classifier = open_classifier(str(write_card(file)))
            scores = classifier.classify([classifier.cut(head(), Square((110, 100), 110.0))])
            assert np.isclose(sum(scores[0].probabilities), 1, atol=1e-3)


def _settings_given() -> SearchStrategy[tuple[bytes, dict[str, str]]]:
    names = st.sampled_from(sorted(settings.Settings.model_fields))
    values = st.one_of(any_json().map(json.dumps), words())
    lines = st.lists(st.builds("{} = {}".format, st.one_of(names, words()), values), max_size=5).map("\n".join)
    example = (settings.ROOT / "classroom.example.toml").read_bytes()
    files = st.one_of(lines.map(lambda text: text.encode("utf-8", "replace")), changed_bytes([example]), st.binary())
    # No environment can hold these.
    possible = values.filter(lambda text: "\x00" not in text and text.isascii())
    variables = st.dictionaries(names.map(lambda name: f"CLASSROOM_{name.upper()}"), possible, max_size=3)
    return st.tuples(files, variables)


def _settings(given: tuple[bytes, dict[str, str]]) -> None:
    content, variables = given
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "classroom.toml"
        file.write_bytes(content)
        config = {**settings.Settings.model_config, "toml_file": file}
        with (
            mock.patch.object(settings.Settings, "model_config", config),
            mock.patch.dict(os.environ, variables),
            contextlib.suppress(SettingsError),
        ):
            assert settings.load().keep_days >= 1


@cache
def _videos() -> tuple[bytes, ...]:
    images = seconds_of((FACE, 1), (ROOM, 1), fps=4)
    return tuple(film(images, fps=4, kind=kind) for kind in ("mp4", "matroska", "avi", "mpegts"))


def _video(content: bytes) -> None:
    with contextlib.suppress(VideoError), Video(content, 2, 20.0, quietly=True, patience_s=8.0) as video:
        for still in video.frames():
            assert still.image.ndim == 3
            assert max(still.image.shape) <= 640


@cache
def _school() -> Store:
    return open_store("sqlite://")


def _join(given: tuple[str, str, str, int]) -> None:
    """What stands in a student's address, and the name that is typed."""
    code, seat, name, number = given
    store = _school()
    lesson = start(store)
    wanted = lesson.code if number % 2 else code
    assert len(normal_code(code)) <= 13
    asked: tuple[Callable[[], object], ...] = (
        lambda: store.lessons.by_code(wanted),
        lambda: store.people.seated(seat),
        lambda: store.people.join(lesson.id, name, NINE, "2026-1"),
        lambda: store.lessons.get(number),
    )
    try:
        for ask in asked:
            with contextlib.suppress(MonitorError):
                ask()
        assert len(store.people.students(lesson.id)) <= 1
        assert store.lessons.running() == (lesson,)
    finally:
        store.lessons.delete(lesson.id)


def _join_given() -> SearchStrategy[tuple[str, str, str, int]]:
    # Streamlit hands over what UTF-8 can say.
    typed = st.one_of(words(), st.text(st.characters(exclude_categories=["Cs"])))
    return st.tuples(typed, typed, typed, st.integers())


READERS = {
    one.name: one
    for one in (
        Reader("roster", _roster_given, _roster),
        Reader("timeline", _timeline_given, _timeline),
        Reader("fer2013", _fer2013_given, _fer2013),
        Reader("card", _card_given, _read_card),
        Reader("onnx", lambda: changed_bytes([_network()]), _onnx, slow=True),
        Reader("settings", _settings_given, _settings),
        Reader("video", lambda: changed_bytes(_videos()), _video, slow=True),
        Reader("join", _join_given, _join),
    )
}
