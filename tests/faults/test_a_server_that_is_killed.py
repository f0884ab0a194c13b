from __future__ import annotations

from pathlib import Path

from tests.faults.kill import MOST_MISSING_S, kill_at_random


def test_kill_9_at_random_moments_loses_nothing_that_was_acknowledged(tmp_path: Path, network: str) -> None:
    found = kill_at_random(f"sqlite:///{tmp_path / 'class.db'}", network, times=2, seed=9)
    assert found.acknowledged > 4
    assert (found.lost, found.double, found.invented) == (0, 0, 0)
    assert found.resumed == found.kills
    assert found.missing_s <= MOST_MISSING_S + 1  # other tests keep the machine busy
