from __future__ import annotations

from pathlib import Path

from monitor.vision.classification import Classifier
from tests.faults.joins import Joined, join_many
from tests.postgres import Postgres

JOINS, WITHIN_S = 33, 2.0  # as a thousand within a minute


def test_joins_in_a_rush_are_all_seated_and_no_sample_is_lost(tmp_path: Path, classifier: Classifier) -> None:
    _all_are_seated(join_many(f"sqlite:///{tmp_path / 'class.db'}", classifier, JOINS, WITHIN_S))


def test_the_same_on_postgresql(postgres: Postgres, classifier: Classifier) -> None:
    _all_are_seated(join_many(postgres.url(), classifier, JOINS, WITHIN_S))


def _all_are_seated(found: Joined) -> None:
    assert (found.joined, found.seats) == (JOINS, JOINS)
    assert (found.lost, found.double) == (0, 0)
    assert found.slowest_s < 10
