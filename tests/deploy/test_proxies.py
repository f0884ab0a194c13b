"""What the files for nginx have to agree on with the dashboard behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import uvicorn

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


async def nothing(_scope: object, _receive: object, _send: object) -> None: ...


@pytest.mark.parametrize("file", ["nginx-one.conf", "nginx-replicas.conf"])
def test_the_proxy_is_the_first_to_close_an_idle_connection(file: str) -> None:
    """Else it may ask on one that the dashboard closes at this moment, and take the dashboard for dead."""
    upstreams = re.findall(
        r"^upstream \w+ \{\n(.*?)^\}", (DEPLOY / file).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert upstreams
    for upstream in upstreams:
        (idle_s,) = re.findall(r"^    keepalive_timeout (\d+)s;$", upstream, re.MULTILINE)
        assert int(idle_s) <= uvicorn.Config(nothing).timeout_keep_alive - 2
