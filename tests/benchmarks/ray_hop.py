"""What a hop to Ray costs: `python -m tests.benchmarks.ray_hop`.

A cluster of two machines on this one, as `tests/cluster` has it. Faces are scored in this process and on the cluster in
turn, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from monitor.vision.classification import Classifier, Cut, open_classifier
from monitor.vision.elsewhere import ClusterClassifier
from tests.benchmarks.stage import say
from tests.two_machines import TwoMachines
from tests.waiting import wait_until

FACES = (1, 8, 30)
WARM_UP = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="that each number of faces is scored (200)")
    parser.add_argument("--network", default="default", help="name or card (default)")
    wanted = parser.parse_args()
    with TwoMachines(wanted.network) as machines:
        machines.start_first(least=2)
        machines.start_second()
        local = open_classifier(wanted.network)
        cluster = ClusterClassifier(local, machines.scoring, hop_s=20)
        wait_until(lambda: cluster.scoring.there, 300)
        found = {f"faces_{count}": _beside(local, cluster, count, wanted.times) for count in FACES}
        lost = cluster.scoring.losses
        cluster.close()
    say(benchmark="ray_hop", network=local.name, times=wanted.times, lost=lost, **found)


def _beside(local: Classifier, cluster: Classifier, count: int, times: int) -> dict[str, float]:
    """Milliseconds."""
    cuts = list(np.random.default_rng(count).integers(0, 255, (count, local.card.side, local.card.side), np.uint8))
    pairs = [(_timed(local, cuts), _timed(cluster, cuts)) for _ in range(WARM_UP + times)][WARM_UP:]
    here, there = np.array(pairs).T
    return {
        "local_ms": round(float(np.median(here)), 2),
        "cluster_ms": round(float(np.median(there)), 2),
        "cluster_p95_ms": round(float(np.quantile(there, 0.95)), 2),
        "hop_ms": round(float(np.median(there - here)), 2),
    }


def _timed(classifier: Classifier, cuts: Sequence[Cut]) -> float:
    begun = time.perf_counter()
    classifier.classify(cuts)
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
