from __future__ import annotations

import re

import pytest

from tests.faults.of_postgres import befall
from tests.postgres import Postgres


@pytest.mark.parametrize(
    ("fault", "seconds", "words"),
    [
        ("restart", 1.0, "connection|terminating"),
        ("pause", 4.0, "no answer|timeout"),
        ("connections", 1.0, "too many clients|terminating"),
        ("disk", 1.0, "No space left on device"),
    ],
)
def test_samples_wait_while_postgres_is_away_and_none_is_lost_or_double(
    postgres: Postgres, fault: str, seconds: float, words: str
) -> None:
    found = befall(postgres, fault, seconds)
    assert (found.lost, found.double) == (0, 0)
    assert 0 < found.most_waiting < found.given
    assert re.search(words, found.words), found.words
    assert found.told_after_s < 15
    during, after = found.health
    assert during in ("failing", "degraded")
    assert after == "ok"
