"""No page waits for garbage to be collected: the dashboard does it by itself, and looks only through what is new."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from app import settling
from monitor.live.classroom import Classroom
from tests.fresh_process import number_printed_by
from tests.waiting import wait_until

READY = """
import gc
from app import main, settling
assert not gc.isenabled(), "imports are looked through for garbage"
settling._get_ready()
print(int(gc.isenabled()))
"""


@dataclass
class Room:
    """Which cameras there are."""

    running: bool = True
    streams: frozenset[str] = frozenset()


@dataclass
class Circle:
    """Only the collector can find it, once nobody holds it."""

    itself: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.itself.append(self)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """The one that is kept settled, while Python itself collects nothing."""
    monkeypatch.setattr(settling, "SETTLE_S", 0.01)
    made = Room()
    gc.disable()
    thread = threading.Thread(target=settling._keep_settled, args=(cast("Classroom", made),))
    thread.start()
    yield made
    made.running = False
    thread.join()
    gc.enable()


def left_behind() -> weakref.ref[Circle]:
    return weakref.ref(Circle())


def test_what_pages_leave_is_collected_though_no_page_does_it(room: Room) -> None:
    gone = left_behind()
    wait_until(lambda: gone() is None, patience=20)


def test_a_camera_that_comes_to_stay_is_looked_through_no_more_and_is_collected_when_it_left(room: Room) -> None:
    camera = Circle()
    gone = weakref.ref(camera)
    wait_until(gc.get_freeze_count, patience=20)
    before = gc.get_freeze_count()
    room.streams = frozenset({"camera"})
    new = [Circle() for _ in range(1000)]
    wait_until(lambda: gc.get_freeze_count() > before + len(new), patience=20)
    del camera
    assert gone() is not None
    room.streams = frozenset()
    wait_until(lambda: gone() is None, patience=20)


@pytest.mark.parametrize("folder", ["", "there is no such folder"])
def test_a_server_collects_again_when_it_is_ready_or_cannot_be(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_DATABASE_URL", f"sqlite:///{tmp_path / folder / 'class.db'}")
    monkeypatch.setenv("CLASSROOM_DETECTOR", "haar")
    assert number_printed_by(READY) == 1
