"""Every setting with its default and unit.

A value is taken from the environment (`CLASSROOM_<NAME>`), else from `classroom.toml` beside the
project's README, else from here.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from monitor.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """See `classroom.example.toml` for the same list as a file."""

    model_config = SettingsConfigDict(
        env_prefix="CLASSROOM_", toml_file=ROOT / "classroom.toml", extra="forbid", frozen=True
    )

    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'classroom.db'}", description="SQLAlchemy address of the database"
    )
    replicas: int = Field(
        default=1, ge=1, le=50, description="dashboards that share this database; tries of codes are divided by them"
    )
    public_url: str = Field(
        default="", description="address under which students reach the dashboard; empty: as the teacher does"
    )
    camera_width: int = Field(default=320, ge=160, le=1920, description="pixels")
    camera_height: int = Field(default=240, ge=120, le=1080, description="pixels")
    camera_fps: int = Field(default=5, ge=1, le=30, description="frames a second asked of each camera")
    room_width: int = Field(default=1280, ge=320, le=1920, description="pixels asked of the camera that shows the room")
    room_height: int = Field(default=720, ge=240, le=1080, description="pixels")
    room_fps: int = Field(default=5, ge=1, le=15, description="frames a second read of it; each costs about 50 ms")
    ice_servers: list[dict[str, object]] = Field(
        default_factory=list, description="STUN and TURN servers; empty keeps a school network to itself"
    )
    turn_secret: SecretStr = Field(
        default=SecretStr(""), description="what the TURN server shares with us (coturn's static-auth-secret)"
    )
    turn_minutes: int = Field(default=240, ge=10, le=1440, description="how long what a browser gets for it holds")
    detector: Literal["auto", "yunet", "haar"] = "auto"
    yunet: Path = Field(
        default=ROOT / "var" / "models" / "face_detection_yunet.onnx",
        description="file of the YuNet detector",
    )
    network: str = Field(default="default", description="name in model_zoo/weights, or a card's path")
    sequence_network: str = Field(
        default="", description="network that scores a face by the seconds before, in place of smoothing; such as lstm"
    )
    scoring: str = Field(
        default="local",
        pattern=r"^(local|https?://\S+)$",
        description="where faces are scored: local, or the address of a cluster such as http://10.0.0.5:8000",
    )
    threads: int = Field(default=1, ge=1, le=64, description="threads that score faces")
    smoothing: float = Field(default=0.3, ge=0, le=10, description="seconds; 0 switches smoothing off")
    buffer: int = Field(default=120_000, ge=100, description="samples that wait while the database is away")
    video_minutes: int = Field(default=120, ge=1, le=600, description="the longest video that is analysed")
    pseudonym_key: SecretStr = Field(
        default=SecretStr(""), description="secret of the pseudonyms; empty: that of pseudonym_key_file"
    )
    pseudonym_key_file: Path = Field(
        default=ROOT / "classroom.key", description="made when it is first needed; kept apart from the database"
    )
    keep_days: int = Field(default=30, ge=1, description="days after its end on which a lesson is deleted")

    log_format: Literal["text", "json"] = Field(default="text", description="lines for people, or for machines")
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="bearer token that opens /metrics to other machines; empty: to this one alone",
    )
    whip_students: bool = Field(
        default=False, description="whether senders with a lesson's token may stand for students: for load tests alone"
    )

    oidc_issuer: str = Field(
        default="",
        pattern=r"^(https://.+|http://(localhost|127\.0\.0\.1)(:\d+)?(/.*)?)?$",
        description="address of the school's own sign-in (OpenID Connect); empty: passwords of the dashboard only",
    )
    oidc_client_id: str = Field(default="", description="under which the dashboard is known there")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="what it was given there")
    oidc_name: str = Field(default="", max_length=60, description="what its button says; empty: its host")
    oidc_groups: str = Field(default="groups", description="the claim that lists somebody's groups or roles")
    oidc_roles: dict[Literal["administrator", "teacher", "observer", "student"], list[str]] = Field(
        default_factory=dict, description="whom each role is given: addresses, @domains, and values of that claim"
    )

    password_memory: int = Field(
        default=65536, ge=8, le=4_194_304, description="KiB that argon2id takes to hash a password"
    )
    password_rounds: int = Field(default=3, ge=1, le=100, description="how often argon2id goes over them")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load() -> Settings:
    """Raises SettingsError naming the setting, what came and what is allowed."""
    _refuse_unknown(os.environ)
    settings = _read()
    _refuse_lasting_credentials(settings)
    _refuse_half_a_provider(settings)
    if settings.replicas > 1 and not settings.pseudonym_key.get_secret_value():
        raise SettingsError("Several replicas need a pseudonym_key, the same for all: each would make one of its own.")
    return settings


def relays(server: Mapping[str, object]) -> bool:
    """Whether one of `ice_servers` hands media on (TURN), for which it wants credentials."""
    urls = server["urls"]
    return any(str(url).startswith(("turn:", "turns:")) for url in (urls if isinstance(urls, list) else [urls]))


def _read() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}, got {_came(problem)}"
            for problem in error.errors()
        ]
        raise SettingsError("Settings that cannot be used: " + "; ".join(lines)) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{Settings.model_config['toml_file']} is no TOML file: {error}") from error
    except (ValueError, OSError) as error:
        # A list in an environment variable is written as JSON; its cause says what was wrong with it.
        raise SettingsError(f"Settings that cannot be read: {error} ({error.__cause__ or error!r})") from error


def _refuse_lasting_credentials(settings: Settings) -> None:
    """Each browser is told `ice_servers`. The sentences do not repeat what came: it may be a secret."""
    for server in settings.ice_servers:
        if "urls" not in server:
            raise SettingsError('ice_servers: each is like { urls = "turn:turn.school.example:3478" }, one has no urls')
        if {"username", "credential"} & set(server):
            raise SettingsError(
                "ice_servers: a username or credential there would be told to every student. Share a secret with the "
                "TURN server (turn_secret, coturn's static-auth-secret); browsers then get credentials that end."
            )
    relay = any(map(relays, settings.ice_servers))
    if relay is not bool(settings.turn_secret.get_secret_value()):
        missing = "turn_secret, without which no browser can use it" if relay else "ice_servers with a turn: address"
        raise SettingsError(f"A TURN server needs both ice_servers and turn_secret; missing is {missing}.")


def _came(problem: Any) -> str:
    """Never a secret: errors are logged."""
    known = Settings.model_fields.get(str(problem["loc"][0])) if problem["loc"] else None
    return "something else" if known is not None and known.annotation is SecretStr else repr(problem["input"])


def _refuse_half_a_provider(settings: Settings) -> None:
    for name in ("oidc_client_id", "oidc_client_secret"):
        value = getattr(settings, name)
        if settings.oidc_issuer and not (value.get_secret_value() if isinstance(value, SecretStr) else value):
            raise SettingsError(f"oidc_issuer is set, and {name} is not: the school's own sign-in needs both.")


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """pydantic-settings passes over a variable that it does not know: a misspelt one would do nothing, silently."""
    prefix = str(Settings.model_config["env_prefix"])
    allowed = [f"{prefix}{name.upper()}" for name in Settings.model_fields]
    for name in environment:
        if name.upper().startswith(prefix) and name.upper() not in allowed:
            near = difflib.get_close_matches(name.upper(), allowed, n=1)
            meant = f" Did you mean {near[0]}?" if near else f" Allowed are {', '.join(allowed)}."
            raise SettingsError(f"{name} is no setting.{meant}")
