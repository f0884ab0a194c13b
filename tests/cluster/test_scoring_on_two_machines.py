"""A cluster of two machines scores as this process does, and when it dies the class does not notice."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from monitor.store.store import open_store
from monitor.vision.classification import Cut, LocalClassifier, open_classifier
from monitor.vision.elsewhere import ClusterClassifier
from monitor.vision.hop import BATCH, NETWORK, PATH, fingerprint, packed
from tests.data.pictures import tiny_release
from tests.lesson import state
from tests.little_network import write
from tests.two_machines import FIRST, SECOND, TwoMachines
from tests.videos import FACE, ROOM, film, seconds_of
from tests.waiting import wait_until

BEGINS_S = 240.0  # a busy machine; some 25 s on an idle one
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
    def scores(ip: str) -> bool:
        return any("ServeReplica" in name for name in machines.names(ip))

    # The first answers as soon as its own replica is up; the second machine's may still be loading the network.
    wait_until(lambda: scores(FIRST) and scores(SECOND), BEGINS_S)


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
    counts = [(int(words[0]), int(words[2])) for words in together]
    assert any(requests >= 3 and faces == 3 * requests for requests, faces in counts), counts


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


def test_videos_of_a_folder_are_measured_on_both_machines(
    patient: ClusterClassifier, machines: TwoMachines, tmp_path: Path
) -> None:
    for name, parts in (("Adalbert", [(FACE, 2)]), ("Benedikta", [(FACE, 1), (ROOM, 1)])):
        (tmp_path / f"{name}.mp4").write_bytes(film(seconds_of(*parts)))
    (tmp_path / "Cleopatra.mp4").write_bytes(b"no video")
    state(open_store(machines.database))
    said = machines.command("monitor", "analyse", str(tmp_path), "--cluster", machines.address)
    assert said.returncode == 1, said.stderr
    assert "Cleopatra.mp4: This file is no video" in said.stderr
    assert machines.command("monitor", "analyse", str(tmp_path)).returncode == 1
    lessons = json.loads(machines.command("monitor", "lessons", "--json").stdout)
    assert sorted(one["title"] for one in lessons) == ["Adalbert", "Adalbert", "Benedikta", "Benedikta"]
    store = open_store(machines.database)
    made = sorted(store.lessons.ended(), key=lambda one: one.id)
    afar, here = ({one.title: one for one in part} for part in (made[:2], made[2:]))
    for name in ("Adalbert", "Benedikta"):
        there, same = (store.samples.read(by[name].id).drop(columns="student_id") for by in (afar, here))
        assert there.equals(same)
        assert len(there) == 2
    logs = b"".join(path.read_bytes() for path in machines.folder.rglob("*") if path.is_file())
    assert not any(name in logs for name in (b"Adalbert", b"Benedikta", b"Cleopatra"))


@pytest.mark.long
def test_trials_of_a_search_run_on_both_machines(
    patient: ClusterClassifier, machines: TwoMachines, tmp_path: Path
) -> None:
    tiny_release(tmp_path / "data")
    asked = ["model_zoo", "tune", "mini_xception", "--data", "data", "--epochs", "1", "--pictures", "7", "--json"]
    said = machines.command(*asked, "--trials", "2", "--cluster", machines.address, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert [one["number"] for one in json.loads(said.stdout)["trials"]] == [0, 1]


def test_a_class_does_not_notice_when_a_machine_dies(
    there: ClusterClassifier, machines: TwoMachines, local: LocalClassifier
) -> None:
    machines.kill(SECOND)
    for number in range(40):
        begun = time.monotonic()
        assert furthest(there, local, some(1 + number % 8, local.card.side)) < 1e-5
        assert time.monotonic() - begun < GOES_ON_S
    wait_until(lambda: there.scoring.there)


@pytest.mark.long
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
