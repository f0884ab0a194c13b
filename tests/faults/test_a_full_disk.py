from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.live.housekeeping import Housekeeping
from monitor.store.store import open_store
from tests.faults.feeding import suffer
from tests.faults.full_disk import SQLITE_MB, full, small_disk
from tests.lesson import NINE, start


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(SQLITE_MB) as mounted:
        yield mounted


def test_samples_wait_while_the_disk_is_full_and_none_is_lost_or_double(disk: Path) -> None:
    found = suffer(f"sqlite:///{disk / 'class.db'}", lambda: full(disk), 1.0)
    assert (found.lost, found.double) == (0, 0)
    assert 0 < found.most_waiting < found.given
    assert "full" in found.words
    during, after = found.health
    assert during in ("failing", "degraded")
    assert after == "ok"


def test_a_full_disk_refuses_in_words_and_harms_nothing(disk: Path) -> None:
    url = f"sqlite:///{disk / 'class.db'}"
    store = open_store(url)
    lesson = start(store)
    keeper = Housekeeping(store, 1, lambda: False)
    with full(disk):
        with pytest.raises(StoreError, match="full"):
            [start(store, f"lesson {number}") for number in range(2000)]
        kept = len(store.lessons.running())
        keeper.look(NINE)
        assert store.lessons.get(lesson.id) == lesson
    store.close()
    again = open_store(url)
    assert len(again.lessons.running()) == kept
    assert again.engine.connect().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    again.close()


def test_a_server_that_starts_on_a_full_disk_says_so(disk: Path) -> None:
    with full(disk), pytest.raises(StoreError, match=r"unable to open|full|I/O"):
        open_store(f"sqlite:///{disk / 'class.db'}")
    open_store(f"sqlite:///{disk / 'class.db'}").close()
