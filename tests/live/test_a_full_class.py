from __future__ import annotations

import time

import numpy as np
import pytest

from monitor.live.load import FULL_ROUND_S, Load


class Server:
    """Whose frames cost the more the more cameras there are, on a clock of its own. Seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, frame: float, crowded: float) -> None:
        self.now, self.cameras, self.load = 1000.0, 0, Load()
        self._frame, self._crowded, self._sending = frame, crowded, list[float]()
        self._chance = np.random.default_rng(0)
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    @property
    def round_s(self) -> float:
        return self.cameras * self._frame * (1 + self.cameras / self._crowded)

    def want(self, cameras: int, a_second: float, seconds: float) -> None:
        """They ask one after the other, and those that are refused again and again. A camera sends a second later."""
        end, asked, round_at = self.now + seconds, self.now, self.now
        while self.now < end:
            self.now += 0.05
            while len(self._sending) < cameras and asked <= self.now:
                asked += 1 / a_second
                if not self.load.full:
                    self.load.join()
                    self._sending.append(self.now + 1)
            self.cameras = sum(at <= self.now for at in self._sending)
            if self.cameras and round_at <= self.now:
                took = self.round_s * self._chance.uniform(0.7, 1.3)
                self.load.add(took, self.cameras)
                round_at = self.now + max(0.5, took)


@pytest.mark.parametrize("a_second", [1, 5, 20])
def test_who_is_let_in_can_be_read_when_all_are_there(monkeypatch: pytest.MonkeyPatch, a_second: float) -> None:
    """Costs as they were measured: 7 ms of thirty, 11 of sixty."""
    server = Server(monkeypatch, frame=0.003, crowded=22)
    server.want(200, a_second, 600)
    assert 0.8 * FULL_ROUND_S < server.round_s < 1.2 * FULL_ROUND_S


def test_all_of_a_class_that_can_be_read_are_let_in_however_fast_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(monkeypatch, frame=0.003, crowded=22)
    server.want(30, 30, 10)
    assert server.cameras == 30
    assert not server.load.full


def test_a_class_is_full_when_one_camera_more_would_make_its_rounds_too_long() -> None:
    load, each = Load(), FULL_ROUND_S / 50
    load.add(each * 47, 47)
    assert not load.full
    load.add(each * 50, 50)
    assert load.full
    assert load.round_s == pytest.approx(each * 48.5)


def test_cameras_that_were_let_in_a_moment_ago_count_before_their_first_picture() -> None:
    load, each = Load(), FULL_ROUND_S / 50
    load.add(each * 30, 30)
    assert not load.full
    for _ in range(25):
        load.join()
    assert load.full


def test_a_single_camera_fills_no_class_however_slow_its_frame_was() -> None:
    load = Load()
    for _ in range(20):
        load.add(1.0, 1)
    assert not load.full


def test_a_class_into_which_nothing_comes_is_not_full() -> None:
    assert not Load().full
    assert Load().round_s == 0
