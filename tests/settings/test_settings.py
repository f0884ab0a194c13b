from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.errors import SettingsError
from monitor.settings import ROOT, Settings, load


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file, which is not there yet; and an environment without settings."""
    path = tmp_path / "classroom.toml"
    monkeypatch.setitem(Settings.model_config, "toml_file", path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CLASSROOM_{name.upper()}", raising=False)
    return path


def test_every_setting_has_a_default() -> None:
    settings = load()
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'classroom.db'}"
    assert (settings.camera_width, settings.camera_height, settings.camera_fps) == (320, 240, 5)
    assert settings.ice_servers == []
    assert (settings.detector, settings.network) == ("auto", "default")


def test_every_setting_says_what_it_is() -> None:
    chosen_by_word = {"detector"}
    described = {name for name, field in Settings.model_fields.items() if field.description}
    assert described | chosen_by_word == set(Settings.model_fields)


def test_the_file_sets_a_value_and_the_environment_wins(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('camera_fps = 7\ndetector = "haar"\n[[ice_servers]]\nurls = "stun:stun.school.example"\n')
    assert load().camera_fps == 7
    monkeypatch.setenv("CLASSROOM_CAMERA_FPS", "9")
    assert (load().camera_fps, load().detector) == (9, "haar")
    assert load().ice_servers == [{"urls": "stun:stun.school.example"}]


def test_a_list_in_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSROOM_ICE_SERVERS", '[{"urls": "stun:a"}, {"urls": "stun:b"}]')
    assert load().ice_servers == [{"urls": "stun:a"}, {"urls": "stun:b"}]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("camera_fps", "fast", "valid integer"),
        ("camera_fps", "0", "greater than or equal to 1"),
        ("camera_width", "99999", "less than or equal to 1920"),
        ("detector", "mtcnn", "'auto', 'yunet' or 'haar'"),
        ("smoothing", "-1", "greater than or equal to 0"),
        ("keep_days", "", "valid integer"),
    ],
)
def test_a_bad_value_names_the_setting_what_came_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(f"CLASSROOM_{name.upper()}", value)
    with pytest.raises(SettingsError) as told:
        load()
    assert all(part in str(told.value) for part in (f"{name}: ", repr(value), allowed))


def test_a_list_that_is_no_json_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSROOM_ICE_SERVERS", "stun:a, stun:b")
    with pytest.raises(SettingsError, match="ice_servers"):
        load()


def test_a_misspelt_setting_in_the_file_is_named(file: Path) -> None:
    file.write_text("camera_fsp = 7\n")
    with pytest.raises(SettingsError, match="camera_fsp"):
        load()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CLASSROOM_CAMERA_FSP", "Did you mean CLASSROOM_CAMERA_FPS?"),
        ("CLASSROOM_QQQQQQQQQQQQ", "Allowed are CLASSROOM_DATABASE_URL, "),
    ],
)
def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.setenv(name, "7")
    with pytest.raises(SettingsError, match=f"^{name} is no setting. {re.escape(told)}"):
        load()


@pytest.mark.parametrize("content", [b"camera_fps = \n", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_said(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError):
        load()


def test_settings_do_not_change_while_they_are_used() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().camera_fps = 9


@pytest.mark.parametrize(
    ("servers", "secret", "told"),
    [
        ('[{"urls": "turn:a", "username": "class", "credential": "hush"}]', "hush", "told to every student"),
        ('[{"urls": "turn:a"}]', "", "missing is turn_secret"),
        ('[{"urls": "stun:a"}]', "hush", "missing is ice_servers with a turn: address"),
        ('[{"url": "turn:a"}]', "hush", "one has no urls"),
    ],
)
def test_a_relay_whose_secret_every_student_would_learn_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, servers: str, secret: str, told: str
) -> None:
    monkeypatch.setenv("CLASSROOM_ICE_SERVERS", servers)
    monkeypatch.setenv("CLASSROOM_TURN_SECRET", secret)
    with pytest.raises(SettingsError, match=told) as refused:
        load()
    assert "hush" not in str(refused.value)


def test_a_relay_and_its_secret_belong_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSROOM_ICE_SERVERS", '[{"urls": ["stun:a", "turn:a"]}]')
    monkeypatch.setenv("CLASSROOM_TURN_SECRET", "hush")
    assert load().turn_secret.get_secret_value() == "hush"
    assert "hush" not in repr(load())


def test_dashboards_that_share_a_database_share_the_key_of_the_pseudonyms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSROOM_REPLICAS", "2")
    with pytest.raises(SettingsError, match="pseudonym_key, the same for all"):
        load()
    monkeypatch.setenv("CLASSROOM_PSEUDONYM_KEY", "north")
    assert load().replicas == 2


def test_the_schools_own_sign_in_is_set_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSROOM_OIDC_ISSUER", "https://login.school.example")
    monkeypatch.setenv("CLASSROOM_OIDC_CLIENT_ID", "classroom")
    with pytest.raises(SettingsError, match="oidc_client_secret is not"):
        load()
    monkeypatch.setenv("CLASSROOM_OIDC_CLIENT_SECRET", "hush")
    monkeypatch.setenv("CLASSROOM_OIDC_ROLES", '{"teacher": ["staff"]}')
    assert load().oidc_roles == {"teacher": ["staff"]}
    monkeypatch.setenv("CLASSROOM_OIDC_ROLES", '{"headmaster": ["staff"]}')
    with pytest.raises(SettingsError, match="headmaster"):
        load()


@pytest.mark.parametrize("issuer", ["http://login.school.example", "login.school.example", "ftp://localhost"])
def test_a_sign_in_that_others_could_read_on_the_way_is_refused(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv("CLASSROOM_OIDC_ISSUER", issuer)
    with pytest.raises(SettingsError, match="oidc_issuer"):
        load()


def test_a_secret_of_the_wrong_kind_is_not_repeated(file: Path) -> None:
    file.write_text("oidc_client_secret = 4711\n")
    with pytest.raises(SettingsError, match="oidc_client_secret") as refused:
        load()
    assert "4711" not in str(refused.value)
