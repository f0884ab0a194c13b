"""The short form of `python -m tests.benchmarks.classroom`: thirty real senders and one real server."""

from __future__ import annotations

from tests.benchmarks.classroom import play


def test_thirty_senders_are_all_kept_each_under_its_own_name() -> None:
    """What it costs is measured by the command, on a machine that does nothing else."""
    found = play(students=30, fps=5, seconds=8, apart_s=0.1, patience_s=10)
    assert found["accepted"] + found["refused_as_full"] == 30
    assert found["accepted"] >= 1
    assert found["wrong"] == 0
    assert found["sample_share"] > 0.3
    read = found["frames_read_per_stream_and_second"]
    assert read["min"] >= read["max"] - 1.5  # whoever is read less often is so with all others
