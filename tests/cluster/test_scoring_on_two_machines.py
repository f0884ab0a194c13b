"""A cluster of two machines scores as this process does, and when it dies the class does not notice."""

from __future__ import annotations

import base64
import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from monitor.vision.classification import Cut, LocalClassifier, open_classifier
from monitor.vision.elsewhere import ClusterClassifier
from monitor.vision.hop import BATCH, NETWORK, PATH, fingerprint, packed
from tests.little_network import write
from tests.two_machines import FIRST, SECOND, TwoMachines
from tests.waiting import wait_until

BEGINS_S = 120.0
GOES_ON_S = 2.0
SPILLED = Path("/dev/shm/ray-spill")


@pytest.fixture(scope="module")
def local(network: str) -> LocalClassifier:
    return open_classifier(network)


@pytest.fixture(scope="module")
def machines(network: str) -> Iterator[TwoMachines]:
    with TwoMachines(network) as cluster:
        cluster.start_first(least=2)
        cluster.start_second()
        yield cluster


@pytest.fixture(scope="module")
def patient(machines: TwoMachines, local: LocalClassifier) -> Iterator[ClusterClassifier]:
    """Waits however busy this machine is: what it says was scored on the cluster."""
    classifier = ClusterClassifier(local, machines.scoring, hop_s=20)
    wait_until(lambda: classifier.scoring.there, BEGINS_S)
    yield classifier
    classifier.close()


@pytest.fixture(scope="module")
def there(patient: ClusterClassifier, machines: TwoMachines, local: LocalClassifier) -> Iterator[ClusterClassifier]:
    """As a dashboard has it."""
    classifier = ClusterClassifier(local, machines.scoring)
    yield classifier
    classifier.close()


def some(count: int, side: int = 44) -> list[Cut]:
    return list(np.random.default_rng(count).integers(0, 255, (count, side, side), dtype=np.uint8))


def furthest(one: ClusterClassifier, other: LocalClassifier, cuts: list[Cut]) -> float:
    pairs = zip(one.classify(cuts), other.classify(cuts), strict=True)
    return max(float(np.abs(np.subtract(a.probabilities, b.probabilities)).max()) for a, b in pairs)


@pytest.mark.parametrize("faces", [1, 8, 30, 100])
def test_it_scores_as_this_process_does(patient: ClusterClassifier, local: LocalClassifier, faces: int) -> None:
    assert furthest(patient, local, some(faces, local.card.side)) < 1e-5
    assert patient.scoring.there, "else both were scored here"


def test_both_machines_score(patient: ClusterClassifier, machines: TwoMachines) -> None:
    running = {ip: [one.name() for one in machines.processes(ip)] for ip in (FIRST, SECOND)}
    assert all(any("ServeReplica" in name for name in names) for names in running.values())


def test_what_dashboards_ask_at_the_same_time_is_scored_together(
    patient: ClusterClassifier, machines: TwoMachines, local: LocalClassifier
) -> None:
    def ask(number: int) -> str:
        way = http.client.HTTPConnection("127.0.0.1", machines.port, timeout=20)
        way.request("POST", PATH, packed(some(3, local.card.side)), {NETWORK: fingerprint(local.card)})
        answer = way.getresponse()
        assert len(answer.read()) == 3 * 7 * 4
        return answer.getheader(BATCH, "")

    with ThreadPoolExecutor(16) as dashboards:
        together = [told.split() for told in dashboards.map(ask, range(48))]
    assert max(int(words[0]) for words in together) >= 3
    assert all(int(words[2]) == 3 * int(words[0]) for words in together)


def test_another_network_is_refused_and_said(
    patient: ClusterClassifier, machines: TwoMachines, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = open_classifier(str(write(tmp_path_factory.mktemp("other"))))
    classifier = ClusterClassifier(other, machines.scoring)
    wait_until(lambda: classifier.scoring.told)
    assert "409" in classifier.scoring.told
    assert "see the setting network" in classifier.scoring.told
    assert furthest(classifier, other, some(2, other.card.side)) == 0
    classifier.close()


def test_no_byte_of_a_face_is_in_a_file_of_ray(
    patient: ClusterClassifier, machines: TwoMachines, local: LocalClassifier
) -> None:
    faces = some(46, local.card.side)
    for _ in range(20):
        patient.classify(faces)
    assert patient.scoring.there
    known = frozenset(face.tobytes()[start : start + 24] for face in faces for start in (300, 900, 1500))
    coded = frozenset(base64.b64encode(face.tobytes()[300 + shift :])[:24] for face in faces for shift in range(3))
    written = [path for path in (machines.folder, SPILLED) for path in path.rglob("*") if path.is_file()]
    assert any("serve" in str(path) for path in written), "logs of Serve are among them"
    assert [str(path) for path in written if any(one in path.read_bytes() for one in known | coded)] == []
    assert not list(SPILLED.rglob("*"))


def test_a_class_does_not_notice_when_a_machine_dies(
    there: ClusterClassifier, machines: TwoMachines, local: LocalClassifier
) -> None:
    machines.kill(SECOND)
    for number in range(40):
        begun = time.monotonic()
        assert furthest(there, local, some(1 + number % 8, local.card.side)) < 1e-5
        assert time.monotonic() - begun < GOES_ON_S
    wait_until(lambda: there.scoring.there)


def test_when_all_die_scoring_goes_on_here_and_comes_back_by_itself(
    patient: ClusterClassifier,
    there: ClusterClassifier,
    machines: TwoMachines,
    local: LocalClassifier,
    caplog: pytest.LogCaptureFixture,
) -> None:
    patient.close()
    wait_until(lambda: there.scoring.there)
    losses = there.scoring.losses
    with caplog.at_level("INFO", "monitor.vision.elsewhere"):
        begun = time.monotonic()
        machines.kill(FIRST)
        while there.scoring.there:
            assert furthest(there, local, some(4, local.card.side)) < 1e-5
        assert time.monotonic() - begun < GOES_ON_S
        assert there.scoring.losses == losses + 1
        machines.start_first(least=1)
        wait_until(lambda: there.scoring.there, BEGINS_S)
    assert furthest(there, local, some(30, local.card.side)) < 1e-5
    said = [record.getMessage() for record in caplog.records]
    assert [line.split(",")[0].split(" the ")[0] for line in said] == ["faces are scored here", "faces are scored on"]
