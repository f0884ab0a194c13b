"""How a browser finds a way to the server: STUN and TURN servers, and credentials that soon end.

coturn and we share a secret (`use-auth-secret`, the TURN REST API of draft-uberti-behave-turn-rest-00); a browser gets
what is signed with it and says until when it holds, and never the secret itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from datetime import datetime

from monitor.settings import Settings, relays

SAME_FOR_S = 900
"""A page runs often, and each time it says what it said before: credentials change by the quarter of an hour."""
Servers = list[dict[str, object]]


def for_browser(settings: Settings, stream: str, now: datetime) -> Servers:
    """RTCPeerConnection's `iceServers`, for the camera of one stream."""
    secret = settings.turn_secret.get_secret_value()
    until = math.ceil((now.timestamp() + 60 * settings.turn_minutes) / SAME_FOR_S) * SAME_FOR_S
    return [dict(one) | (_credentials(secret, stream, until) if relays(one) else {}) for one in settings.ice_servers]


def for_server(settings: Settings) -> Servers:
    """The same for the other end, which lies where a relay reaches it and needs none of its own."""
    return [dict(one) for one in settings.ice_servers if not relays(one)]


def _credentials(secret: str, stream: str, until: int) -> dict[str, object]:
    """coturn logs the name and counts by it, so it tells streams apart and nothing of a student."""
    label = hmac.new(secret.encode(), stream.encode(), hashlib.sha256).hexdigest()[:12]
    name = f"{until}:{label}"
    signed = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
    return {"username": name, "credential": base64.b64encode(signed).decode()}
