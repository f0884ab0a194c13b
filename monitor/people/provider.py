"""The school's own sign-in, an OpenID Connect provider: what is known of it, and of who comes back from it.

Apart from what asks it (`provider_answers`), whose libraries a dashboard without one never loads.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Metadata = Mapping[str, Any]


@dataclass(frozen=True)
class Provider:
    """`groups`: the claim that lists somebody's groups."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    groups: str = "groups"


@dataclass(frozen=True)
class Asked:
    """What this browser's answer has to fit."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


@dataclass(frozen=True)
class Person:
    """`subject`: a hash of who this is there, for ever the same; the address may change."""

    subject: str
    email: str
    groups: frozenset[str]
