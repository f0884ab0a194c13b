"""What somebody who knows who was there learns of single students from all that is published: nothing."""

from __future__ import annotations

import numpy as np

from monitor.insight.suppression import LEAST
from tests.benchmarks.suppression import attack, lessons, plain, says_what_its_rows_say, suppressed

COUNT = 60


def test_no_value_and_no_pair_can_be_reconstructed() -> None:
    published = 0
    for presence in lessons(COUNT):
        found = attack(suppressed(presence))
        published += found.windows
        assert (found.values, found.pairs) == (0, 0)
        assert found.windows == 0 or found.smallest >= LEAST
    assert published > 10 * COUNT


def test_the_same_attack_succeeds_on_the_mean_of_who_was_seen() -> None:
    learnt = [attack(plain(presence)).values for presence in lessons(COUNT)]
    assert sum(values > 0 for values in learnt) > COUNT / 2
    assert sum(learnt) > COUNT


def test_the_attack_finds_whoever_leaves_a_mean() -> None:
    rows = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0]], float)
    assert attack(rows).values == 1


def test_the_attack_finds_a_pair_and_what_takes_three_figures() -> None:
    pair = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]], float)
    assert (attack(pair).values, attack(pair).pairs) == (0, 1)
    # Each differs from the one before by five or more, and the first and the last by one student.
    chain = np.array([[1] * 10 + [0] * 11, [0] * 10 + [1] * 10 + [0], [1] * 10 + [0] * 10 + [1]], float)
    assert attack(chain).values == 1


def test_the_equations_are_those_of_what_is_really_said() -> None:
    assert all(says_what_its_rows_say(presence) for presence in lessons(5))
