from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from app.relay import for_browser, for_server
from monitor.settings import Settings

STUN: dict[str, object] = {"urls": "stun:stun.school.example"}
TURN: dict[str, object] = {"urls": ["turn:turn.school.example", "turns:turn.school.example"]}
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def settings() -> Settings:
    return Settings(ice_servers=[STUN, TURN], turn_secret=SecretStr("north"), turn_minutes=240)


def test_a_browser_gets_credentials_for_the_relay_alone(settings: Settings) -> None:
    stun, turn = for_browser(settings, "7-cam", NOON)
    assert stun == STUN
    # As `printf NAME | openssl dgst -sha1 -hmac north -binary | base64` says.
    assert turn == TURN | {"username": "1795622400:9dae01acbeed", "credential": "67jlakKmJRzAppmr12xYbKTF97g="}
    assert datetime.fromtimestamp(1795622400, UTC) == NOON + timedelta(hours=4)
    assert "north" not in str(turn)
    assert settings.ice_servers == [STUN, TURN]


def test_pages_that_run_often_are_told_the_same_for_a_while(settings: Settings) -> None:
    told = for_browser(settings, "7-cam", NOON + timedelta(seconds=1))
    assert for_browser(settings, "7-cam", NOON + timedelta(minutes=14)) == told
    assert for_browser(settings, "7-cam", NOON + timedelta(minutes=16)) != told


def test_each_stream_has_a_name_of_its_own_that_tells_nothing(settings: Settings) -> None:
    names = {str(for_browser(settings, stream, NOON)[1]["username"]) for stream in ("7-cam", "8-cam")}
    assert len(names) == 2
    assert all("cam" not in name for name in names)


def test_the_server_asks_for_no_relay(settings: Settings) -> None:
    assert for_server(settings) == [STUN]


def test_without_servers_nobody_outside_the_school_is_asked() -> None:
    assert (for_browser(Settings(), "7-cam", NOON), for_server(Settings())) == ([], [])
