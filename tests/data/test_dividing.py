from __future__ import annotations

import numpy as np
import pytest

from data.pictures import LABELS, DataError, Pictures
from data.splits import copies, counts, divide


def made(labels: tuple[str, ...], seeds: list[int], split: str = "all") -> Pictures:
    images = np.stack([np.random.default_rng(seed).integers(0, 256, (48, 48), dtype=np.uint8) for seed in seeds])
    return Pictures(split, images, labels, tuple(f"{split}{number}" for number in range(len(seeds))))


def test_every_label_is_divided_in_the_parts_asked_for() -> None:
    pictures = made(LABELS * 20, list(range(140)))
    parts = divide(pictures)
    assert [part.split for part in parts] == ["Training", "PublicTest", "PrivateTest"]
    assert [set(counts(part.labels).values()) for part in parts] == [{16}, {2}, {2}]
    assert sorted(name for part in parts for name in part.names) == sorted(pictures.names)


def test_the_same_seed_divides_the_same_way() -> None:
    pictures = made(LABELS * 20, list(range(140)))
    assert [part.names for part in divide(pictures)] == [part.names for part in divide(pictures)]
    assert divide(pictures)[0].names != divide(pictures, seed=1)[0].names


def test_copies_stay_together() -> None:
    pictures = made(LABELS * 20, [number // 35 * 7 + number % 7 for number in range(140)])
    parts = divide(pictures, {"Training": 0.5, "PublicTest": 0.5})
    assert set(copies(parts).crossing.values()) == {0}


@pytest.mark.parametrize("shares", [{"a": 0.5, "b": 0.4}, {"a": 1.0, "b": 0.0}])
def test_shares_that_are_none_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(DataError, match="shares are positive and add up to 1"):
        divide(made(LABELS, list(range(7))), shares)


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(DataError, match="7 pictures are too few to divide: Training, PrivateTest would be empty"):
        divide(made(LABELS, list(range(7))), {"Training": 0.1, "PublicTest": 0.8, "PrivateTest": 0.1})


def test_copies_are_counted_within_and_across_splits() -> None:
    training = made(("happy", "happy", "sad"), [1, 1, 2], "Training")
    test = made(("sad", "fear", "fear"), [1, 2, 3], "PublicTest")
    found = copies([training, test])
    assert (found.files, found.distinct) == (6, 3)
    assert found.crossing == {("Training", "PublicTest"): 2}
    assert found.conflicting == (
        ("Training0 (happy)", "Training1 (happy)", "PublicTest0 (sad)"),
        ("Training2 (sad)", "PublicTest1 (fear)"),
    )
