from __future__ import annotations

from pathlib import Path

from tests.faults.clock import library, set_back
from tests.missing import missing


def test_a_clock_set_back_an_hour_costs_no_sample_and_the_live_page_goes_on(tmp_path: Path, network: str) -> None:
    if library() is None:
        missing("no libfaketime was found; on Debian `apt-get install libfaketime`")
    found = set_back(tmp_path, network, hours=1, seconds=3)
    assert 3500 < found.wall_went_back_s < 3600
    assert found.kept == found.stored >= 5
    assert 0 < found.gap_s < 30  # of an hour nothing is seen, however busy the machine is
    assert found.at_last == "lost"
