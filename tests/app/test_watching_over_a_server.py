"""What machines ask of a server: its health, and its figures."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import observing, resources
from monitor.domain import Frame
from monitor.store.store import Store
from tests.app.conftest import end_process
from tests.browser.server import free_port
from tests.lesson import seat, start, state
from tests.little_network import write
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
HERE, ELSEWHERE = ("127.0.0.1", 50000), ("192.0.2.7", 50000)
OWN_METRIC = re.compile(r"\b(?:classroom|process|python)_[a-z_]+")


@pytest.fixture
def store(tmp_path: Path, network: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The whole database of a server that somebody set up."""
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'class.db'}",
        "NETWORK": network,
        "DETECTOR": "haar",
        "METRICS_TOKEN": "of the watchman",
    }.items():
        monkeypatch.setenv(f"CLASSROOM_{name}", value)
    st.cache_resource.clear()
    state(resources.whole_store())
    yield resources.whole_store()
    monkeypatch.setenv("CLASSROOM_NETWORK", network)
    resources.settings.clear()
    observing.examiner().stop()
    end_process()


@pytest.fixture
def server(store: Store) -> Starlette:
    return Starlette(routes=observing.routes())


def health(server: Starlette) -> tuple[int, dict[str, Any]]:
    answer = TestClient(server, client=ELSEWHERE).get("/health")
    return answer.status_code, answer.json()


def figures(server: Starlette) -> dict[str, float]:
    text = TestClient(server, client=HERE).get("/metrics").text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_a_server_that_works_says_so_to_everybody(server: Starlette, store: Store) -> None:
    lesson = start(store, at=datetime.now(UTC))
    resources.classroom().seat("a camera", seat(store, lesson, "Zebediah"))
    status, said = health(server)
    assert (status, said["status"], said["streams"]) == (200, "ok", 1)
    assert said["database"] == {"reachable": True, "writable": True}
    assert said["scoring"] == {"alive": True, "weights_verified": True}
    assert (said["recorder"]["waiting"], said["recorder"]["lost"]) == (0, 0)
    assert "Zebediah" not in json.dumps(said)


def test_asking_for_the_health_leaves_nothing_in_the_database(server: Starlette, store: Store) -> None:
    health(server)
    with closing(sqlite3.connect(str(store.engine.url.database))) as opened:
        assert opened.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_a_database_that_another_process_holds_is_told_as_one_that_cannot_be_written(
    server: Starlette, store: Store
) -> None:
    with closing(sqlite3.connect(str(store.engine.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        status, said = health(server)
        other.rollback()
    assert (status, said["database"]) == (503, {"reachable": True, "writable": False})


def test_a_database_that_is_gone_is_told(server: Starlette, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    resources.classroom()
    with monkeypatch.context() as patch:
        patch.setattr("monitor.store.engine.Session.begin", gone)
        status, said = health(server)
    assert (status, said["database"]) == (503, {"reachable": False, "writable": False})


def gone(*given: object) -> None:
    raise OperationalError("SELECT 1", None, ConnectionError("for Zebediah"))


def test_a_scoring_thread_that_ended_is_told(server: Starlette) -> None:
    resources.classroom().stop()
    status, said = health(server)
    assert (status, said["scoring"]["alive"]) == (503, False)


def test_a_weights_file_that_is_cut_short_is_told(
    server: Starlette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = write(tmp_path)
    for file in card.parent.glob("*.onnx"):
        file.write_bytes(file.read_bytes()[:1000])
    monkeypatch.setenv("CLASSROOM_NETWORK", str(card))
    resources.settings.clear()
    status, said = health(server)
    assert (status, said["scoring"]) == (503, {"alive": False, "weights_verified": False})
    assert figures(server)["classroom_weights_verified"] == 0


def test_settings_that_cannot_be_used_are_told(server: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as wrong:
        wrong.setenv("CLASSROOM_CAMERA_FPS", "fast")
        st.cache_resource.clear()
        status, said = health(server)
    st.cache_resource.clear()
    assert (status, said["status"]) == (503, "failing")


def test_figures_count_what_came_and_what_was_read(server: Starlette, store: Store) -> None:
    lesson, room = start(store, at=datetime.now(UTC)), resources.classroom()
    room.seat("a camera", seat(store, lesson, "Zebediah"))
    room.submit(Frame("a camera", np.full((240, 320, 3), 90, np.uint8), datetime.now(UTC)))
    wait_until(lambda: room.counts.read == 1)
    found = figures(server)
    assert found["classroom_frames_received_total"] == found["classroom_frames_read_total"] == 1
    assert found["classroom_streams"] == 1
    assert found['classroom_stage_seconds_total{stage="faces"}'] > 0
    assert found["classroom_buffer_capacity"] == resources.settings().buffer
    assert not any("Zebediah" in name for name in found)


@pytest.mark.parametrize(
    ("asks", "token", "forwarded", "status"),
    [
        (HERE, "", "", 200),
        (("::ffff:127.0.0.1", 50000), "", "", 200),  # as a socket for both kinds of address tells it
        (("::ffff:192.0.2.7", 50000), "", "", 401),
        (HERE, "", "198.51.100.9", 401),  # a proxy on this machine hands on what came from another
        (ELSEWHERE, "", "", 401),
        (ELSEWHERE, "Bearer something else", "", 401),
        (ELSEWHERE, "Basic of the watchman", "", 401),
        (ELSEWHERE, "Bearer of the watchman", "", 200),
        (HERE, "Bearer of the watchman", "198.51.100.9", 200),
    ],
)
def test_figures_are_for_this_machine_and_for_whoever_has_the_token(
    server: Starlette, asks: tuple[str, int], token: str, forwarded: str, status: int
) -> None:
    said = {"authorization": token, "x-forwarded-for": forwarded}
    sent = {name: value for name, value in said.items() if value}
    assert TestClient(server, client=asks).get("/metrics", headers=sent).status_code == status


def test_without_a_token_in_the_settings_no_token_opens_the_figures(
    server: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_METRICS_TOKEN", "")
    resources.settings.clear()
    answer = TestClient(server, client=ELSEWHERE).get("/metrics", headers={"authorization": "Bearer "})
    assert answer.status_code == 401


def test_a_cluster_that_does_not_answer_is_told(server: Starlette, without_a_cluster: str) -> None:
    found = figures(server)
    assert (found["classroom_scored_on_cluster"], found["classroom_scoring_alive"]) == (0, 1)
    assert "classroom_cluster_losses_total" in found


@pytest.fixture
def without_a_cluster(monkeypatch: pytest.MonkeyPatch) -> str:
    """One is set, and nothing listens there."""
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("CLASSROOM_SCORING", address)
    resources.settings.clear()
    return address


@pytest.mark.parametrize("file", ["deploy/alerts.yml", "deploy/grafana.json"])
def test_every_figure_that_the_board_and_the_alerts_ask_for_is_there(
    server: Starlette, without_a_cluster: str, file: str
) -> None:
    asked = set(OWN_METRIC.findall((ROOT / file).read_text(encoding="utf-8")))
    known = {name.split("{")[0] for name in figures(server)}
    assert len(asked) >= 5
    assert asked - known == set()
