"""Scores faces on a cluster while it answers, and in this process while it does not."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from model_zoo.emotions import EmotionScores
from model_zoo.weights import WeightsCard
from monitor.domain import Image, Square
from monitor.vision.classification import Cut, LocalClassifier, Scoring
from monitor.vision.hop import Hop, NoHop, fingerprint

log = logging.getLogger(__name__)

# Seconds that a call of `classify` waits for the cluster at most, once: then the cluster counts as lost, the same faces
# are scored here, and no call waits for it again before it has answered a trial. A hop takes some 0.02 s.
HOP_S = 0.5
# From one trial of a lost cluster to the next. One that is lost again soon after it came back is tried less often, up
# to RARELY_S, so that a cluster that can just answer a trial does not hold up a class each second.
RETRY_S, RARELY_S, SOON_S = 1.0, 30.0, 10.0
# While nobody is before a camera.
LOOK_S = 2.0


@dataclass
class _Batch:
    cuts: Sequence[Cut]
    done: threading.Event = field(default_factory=threading.Event)
    scores: list[EmotionScores] | None = None


class ClusterClassifier:
    """One thread owns it. A thread of its own, which ends with `close`, owns the connection: whatever the network does
    to that, `classify` returns after HOP_S and the time that this process takes to score."""

    def __init__(self, local: LocalClassifier, address: str, hop_s: float = HOP_S, retry_s: float = RETRY_S) -> None:
        """Returns at once: scores come from here until the cluster has answered. Raises ClusterError for an address
        that is none."""
        self._local, self._address, self._hop_s, self._retry_s = local, address, hop_s, retry_s
        self._hop = Hop(address, fingerprint(local.card), hop_s)
        self._scoring = Scoring(address)
        self._told = False
        self._found_at, self._wait_s = -SOON_S, retry_s
        self._lock = threading.Lock()
        self._asked, self._closed = threading.Event(), threading.Event()
        self._batch: _Batch | None = None
        threading.Thread(target=self._run, name="scoring", daemon=True).start()

    @property
    def card(self) -> WeightsCard:
        return self._local.card

    @property
    def name(self) -> str:
        return self._local.name

    @property
    def scoring(self) -> Scoring:
        return self._scoring

    def cut(self, image: Image, square: Square) -> Cut:
        return self._local.cut(image, square)

    def classify(self, cuts: Sequence[Cut]) -> list[EmotionScores]:
        scores = self._ask(cuts) if cuts and self._scoring.there else None
        return self._local.classify(cuts) if scores is None else scores

    def close(self) -> None:
        self._closed.set()
        self._asked.set()

    def _ask(self, cuts: Sequence[Cut]) -> list[EmotionScores] | None:
        batch = self._batch = _Batch(cuts)
        self._asked.set()
        if not batch.done.wait(self._hop_s):
            self._lost(f"no answer within {self._hop_s:g} s")
        return batch.scores

    def _run(self) -> None:
        while not self._closed.is_set():
            if self._scoring.there:
                self._serve()
            elif self._tried():
                self._found()
            else:
                self._closed.wait(self._wait_s)
        self._hop.close()

    def _serve(self) -> None:
        """The batch that waits, or a trial when none came for a while."""
        asked = self._asked.wait(LOOK_S)
        self._asked.clear()
        batch, self._batch = self._batch, None
        if batch is None:
            if not asked:
                self._tried()
            return
        try:
            batch.scores = self._hop.score(batch.cuts)
        except NoHop as why:
            self._lost(str(why))
        finally:
            batch.done.set()

    def _tried(self) -> bool:
        """Whether the cluster scores a face that is none."""
        try:
            self._hop.score([np.zeros((self.card.side, self.card.side), np.uint8)])
        except NoHop as why:
            self._lost(str(why))
            return False
        return True

    def _found(self) -> None:
        with self._lock:
            self._batch = None  # of a call that has long gone on without it
            self._scoring = Scoring(self._address, True, "", self._scoring.losses)
            self._found_at, self._told = time.monotonic(), True
        log.info("faces are scored on the cluster %s", self._address)

    def _lost(self, why: str) -> None:
        """Told once, however many notice."""
        with self._lock:
            was, told, self._told = self._scoring, self._told, True
            self._scoring = Scoring(self._address, False, why, was.losses + was.there)
            if was.there:
                soon = time.monotonic() - self._found_at < SOON_S
                self._wait_s = min(RARELY_S, 2 * self._wait_s) if soon else self._retry_s
        if was.there or not told:
            log.warning("faces are scored here, as the cluster %s does not: %s", self._address, why)
