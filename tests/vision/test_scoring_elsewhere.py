"""A cluster that misbehaves holds up no class. Its place is taken by a server of a few lines."""

from __future__ import annotations

import http.server
import logging
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np
import pytest

from monitor.errors import ClusterError
from monitor.vision.classification import Classifier, Cut, LocalClassifier
from monitor.vision.elsewhere import ClusterClassifier
from monitor.vision.hop import MOST_BYTES, most_faces, packed, rows, unpacked
from tests.waiting import wait_until

HOP_S, RETRY_S = 1.0, 0.05
LEEWAY_S = 0.9  # a busy machine

Answer = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: ClassVar[Answer]
    asked: ClassVar[list[int]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked.append(len(body))
        type(self).answer(self, body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Cluster(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class Elsewhere:
    """How it answers can be changed while it runs."""

    def __init__(self, classifier: LocalClassifier) -> None:
        lock = threading.Lock()

        def well(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
            with lock:
                send(handler, rows(classifier.classify(list(unpacked(body)))))

        self.well: Answer = well
        self.handler = type("Own", (Handler,), {"answer": staticmethod(well), "asked": []})
        self.server = Cluster(("127.0.0.1", 0), self.handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answers(self, how: Answer) -> None:
        self.handler.answer = staticmethod(how)  # type: ignore[attr-defined]

    @property
    def asked(self) -> list[int]:
        """Bytes of each request."""
        return list(self.handler.asked)  # type: ignore[attr-defined]


def send(handler: http.server.BaseHTTPRequestHandler, content: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def nothing(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(30)


def a_byte_now_and_then(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "28")
    handler.end_headers()
    for _ in range(28):
        handler.wfile.write(b"0")
        time.sleep(0.2)


def hanging_up(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
    handler.close_connection = True
    handler.connection.close()


@pytest.fixture
def cluster(classifier: LocalClassifier) -> Iterator[Elsewhere]:
    opened = Elsewhere(classifier)
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


@pytest.fixture
def scorer(classifier: LocalClassifier, cluster: Elsewhere) -> Iterator[ClusterClassifier]:
    opened = ClusterClassifier(classifier, cluster.address, HOP_S, RETRY_S)
    wait_until(lambda: opened.scoring.there)
    yield opened
    opened.close()


@pytest.fixture
def patient(classifier: LocalClassifier, cluster: Elsewhere) -> Iterator[ClusterClassifier]:
    """However busy this machine is."""
    opened = ClusterClassifier(classifier, cluster.address, 20, RETRY_S)
    wait_until(lambda: opened.scoring.there)
    yield opened
    opened.close()


def faces(count: int, side: int = 44) -> list[Cut]:
    return list(np.random.default_rng(count).integers(0, 255, (count, side, side), dtype=np.uint8))


def alike(one: Classifier, other: Classifier, cuts: list[Cut]) -> bool:
    ours, theirs = ([each.probabilities for each in by.classify(cuts)] for by in (one, other))
    return bool(np.allclose(ours, theirs, atol=1e-5))


def test_it_scores_there_in_as_few_batches_as_fit(
    patient: ClusterClassifier, cluster: Elsewhere, classifier: LocalClassifier
) -> None:
    before, side = len(cluster.asked), classifier.card.side
    assert alike(patient, classifier, faces(most_faces(side) + 3, side))
    sizes = cluster.asked[before : before + 2]
    assert sizes == [len(packed(faces(count, side))) for count in (most_faces(side), 3)]
    assert max(sizes) <= MOST_BYTES
    assert patient.scoring.there


def test_no_faces_ask_nobody(scorer: ClusterClassifier, cluster: Elsewhere) -> None:
    before = len(cluster.asked)
    assert scorer.classify([]) == []
    assert len(cluster.asked) == before


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (nothing, ""),
        (a_byte_now_and_then, ""),
        (hanging_up, ""),
        (lambda handler, body: send(handler, b"", 500), "it answered 500"),
        (lambda handler, body: send(handler, b"it scores by other", 409), "it scores by other"),
        (lambda handler, body: send(handler, b"short"), "5 bytes came for"),
        (lambda handler, body: send(handler, b"\xff" * 28 * body[0]), "no probabilities"),
    ],
    ids=["hangs", "trickles", "hangs up", "fails", "has another network", "says too little", "says nonsense"],
)
def test_scoring_goes_on_here_and_comes_back_by_itself(
    scorer: ClusterClassifier,
    cluster: Elsewhere,
    classifier: LocalClassifier,
    caplog: pytest.LogCaptureFixture,
    how: Answer,
    told: str,
) -> None:
    cuts = faces(2, classifier.card.side)
    with caplog.at_level(logging.INFO, "monitor.vision.elsewhere"):
        cluster.answers(how)
        for waits in (HOP_S, 0, 0):
            begun = time.monotonic()
            assert alike(scorer, classifier, cuts)
            assert time.monotonic() - begun < waits + LEEWAY_S
            assert not scorer.scoring.there
        assert told in scorer.scoring.told
        cluster.answers(cluster.well)
        wait_until(lambda: scorer.scoring.there)
    assert alike(scorer, classifier, cuts)
    assert scorer.scoring.losses == 1
    # That it was there at first is told by a thread of its own, perhaps only now.
    levels = [record.levelname for record in caplog.records]
    assert levels[-2:] == ["WARNING", "INFO"]
    assert levels.count("WARNING") == 1


def test_a_connection_that_was_closed_while_idle_is_no_loss(
    patient: ClusterClassifier, cluster: Elsewhere, classifier: LocalClassifier
) -> None:
    times = 0

    def once(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        nonlocal times
        times += 1
        (hanging_up if times == 1 else cluster.well)(handler, body)

    cluster.answers(once)
    assert alike(patient, classifier, faces(3, classifier.card.side))
    assert (patient.scoring.there, patient.scoring.losses, times) == (True, 0, 2)


def test_a_cluster_that_is_not_there_is_waited_for_by_nobody(classifier: LocalClassifier) -> None:
    begun = time.monotonic()
    scorer = ClusterClassifier(classifier, "http://192.0.2.1:9", HOP_S, RETRY_S)
    assert alike(scorer, classifier, faces(2, classifier.card.side))
    assert time.monotonic() - begun < HOP_S
    scorer.close()


@pytest.mark.parametrize("address", ["ray://here:10001", "http://", "http://here:port", "here:8000"])
def test_an_address_that_is_none_is_said(classifier: LocalClassifier, address: str) -> None:
    with pytest.raises(ClusterError, match="got "):
        ClusterClassifier(classifier, address)


@pytest.mark.parametrize(
    "body", [b"", b"\x01", b"\x02\x00\x02\x00123", b"\x00\x00\x02\x00", b"\x01\x00\x00\x00x", b"x" * (MOST_BYTES + 1)]
)
def test_what_is_no_batch_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - NumPy's own words, which nobody reads
        unpacked(body)
