"""A sender is told how fast it may send, as by aiortc itself, and seldom enough."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import aiortc.rtcrtpreceiver
import numpy as np
import pytest
from aiortc import RTCPeerConnection
from aiortc.rate import RateCounter, RemoteBitrateEstimator

from app.bitrates import TELL_EVERY_MS, Bitrate, BitrateEstimator, reckon_bitrates_quickly


def send_time(milliseconds: float) -> int:
    """As in the header of a packet: 24 bits, 6.18 fixed point seconds (draft-alvestrand-rmcat-remb)."""
    return int(milliseconds / 1000 * 2**18) & 0xFFFFFF


@pytest.mark.parametrize("seed", range(5))
def test_the_bitrate_is_the_same_as_aiortcs_with_gaps_and_bursts(seed: int) -> None:
    chance = np.random.default_rng(seed)
    ours, theirs, now = Bitrate(1000, 8000), RateCounter(1000, 8000), 0
    for _ in range(500):
        now += int(chance.choice([0, 1, 5, 200, 999, 1000, 1001, 2500]))
        assert ours.rate(now) == theirs.rate(now)
        value = int(chance.integers(0, 1500))
        ours.add(value, now)
        theirs.add(value, now)
        assert ours.rate(now) == theirs.rate(now)
        if chance.random() < 0.02:
            ours.reset()
            theirs.reset()


def told(estimator: RemoteBitrateEstimator, late_ms: float) -> list[tuple[int, int]]:
    """(moment, bits a second) of twenty seconds in which thirty packets a second come; from the tenth on each `late_ms`
    later than the one before."""
    answers, late = [], 0.0
    for number in range(600):
        sent = number * 1000 / 30
        late += late_ms if sent > 10_000 else 0
        arrived = round(sent + late)
        if answer := estimator.add(arrived, send_time(sent), 1200, 7):
            assert answer[1] == [7]
            answers.append((arrived, answer[0]))
    return answers


def test_on_a_good_network_it_is_told_once_a_second_what_aiortc_reckons() -> None:
    theirs, ours = told(RemoteBitrateEstimator(), 0), told(BitrateEstimator(), 0)
    assert set(ours) <= set(theirs)
    gaps = np.diff([at for at, _bits in ours])
    assert gaps.min() >= TELL_EVERY_MS
    assert gaps.max() < 1.6 * TELL_EVERY_MS


def test_a_network_that_grows_slow_is_told_at_once_and_not_with_each_packet() -> None:
    theirs, ours = told(RemoteBitrateEstimator(), 8), told(BitrateEstimator(), 8)
    fell = next(at for (at, bits), (_, before) in zip(theirs[1:], theirs, strict=False) if bits < 0.9 * before)
    assert fell in [at for at, _bits in ours], "in the same moment"
    assert ours[-1][1] == pytest.approx(theirs[-1][1], rel=0.1)
    assert len(ours) < 0.2 * len(theirs)


def test_each_connection_reckons_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiortc has no other way to choose it than a name of its own."""
    name = "RemoteBitrateEstimator"
    monkeypatch.setattr(aiortc.rtcrtpreceiver, name, getattr(aiortc.rtcrtpreceiver, name))  # put back afterwards
    reckon_bitrates_quickly()

    async def kept() -> object:
        connection = RTCPeerConnection()
        receiver = connection.addTransceiver("video").receiver
        await connection.close()
        return getattr(receiver, "_RTCRtpReceiver__remote_bitrate_estimator")  # noqa: B009 - a private name

    with ThreadPoolExecutor(1) as apart:  # a browser test before this one may have left its loop running here
        assert isinstance(apart.submit(asyncio.run, kept()).result(), BitrateEstimator)
