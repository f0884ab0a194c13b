"""Divides what came undivided, and finds the copies that cross a division."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.pictures import LABELS, DataError, Pictures

SHARES = {"Training": 0.8, "PublicTest": 0.1, "PrivateTest": 0.1}
"""As FER2013 is divided."""


@dataclass(frozen=True)
class Copies:
    """Of all pictures: `files`; `distinct` by their pixels; `crossing`: for a pair of splits, how many pictures of the
    second also stand in the first; `conflicting`: groups of copies that bear different labels, by their names."""

    files: int
    distinct: int
    crossing: Mapping[tuple[str, str], int]
    conflicting: tuple[tuple[str, ...], ...]


def copies(pictures: Sequence[Pictures]) -> Copies:
    """Compares the pixels of every picture of these splits."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    digests = [each.digests() for each in pictures]
    for each, of_each in zip(pictures, digests, strict=True):
        for digest, label, name in zip(of_each, each.labels, each.names, strict=True):
            groups[digest].append((label, name))
    crossing = {
        (one.split, other.split): sum(digest in set_of_one for digest in of_other)
        for place, (one, of_one) in enumerate(zip(pictures, digests, strict=True))
        for set_of_one in [set(of_one)]
        for other, of_other in zip(pictures[place + 1 :], digests[place + 1 :], strict=True)
    }
    conflicting = tuple(
        tuple(f"{name} ({label})" for label, name in group)
        for group in groups.values()
        if len({label for label, _ in group}) > 1
    )
    return Copies(sum(map(len, pictures)), len(groups), crossing, conflicting)


def divide(pictures: Pictures, shares: Mapping[str, float] = SHARES, seed: int = 0) -> tuple[Pictures, ...]:
    """A split for each of `shares`, every label in about these parts. Copies of a picture stay together, so none
    crosses; the same `seed` divides the same way.

    Raises DataError when a part would be empty.
    """
    if not abs(sum(shares.values()) - 1) < 1e-6 or min(shares.values()) <= 0:
        raise DataError(f"shares are positive and add up to 1, got {dict(shares)!r}")
    groups: dict[str, list[int]] = defaultdict(list)
    for place, digest in enumerate(pictures.digests()):
        groups[digest].append(place)
    parts: dict[str, list[int]] = {split: [] for split in shares}
    bounds = np.cumsum(list(shares.values()))
    random = np.random.default_rng(seed)
    for label in LABELS:
        own = [group for group in groups.values() if pictures.labels[group[0]] == label]
        for rank, index in enumerate(random.permutation(len(own))):
            part = int(np.searchsorted(bounds, (rank + 0.5) / len(own)))
            parts[list(shares)[min(part, len(shares) - 1)]].extend(own[index])
    empty = [split for split, places in parts.items() if not places]
    if empty:
        raise DataError(f"{len(pictures)} pictures are too few to divide: {', '.join(empty)} would be empty")
    return tuple(pictures.chosen(sorted(places), split) for split, places in parts.items())


def folds(people: Sequence[Hashable], count: int = 5, seed: int = 0) -> tuple[tuple[int, ...], ...]:
    """Places of `people` in `count` parts of about one size; all places of a person are in one part, so a network is
    never tested on a face that it learned from.

    Raises DataError for fewer people than parts.
    """
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        places[person].append(place)
    if count < 2 or len(places) < count:
        raise DataError(f"{len(places)} people cannot be divided into {count} parts; 2 to {len(places)} are allowed")
    parts: list[list[int]] = [[] for _ in range(count)]
    order = np.random.default_rng(seed).permutation(len(places))
    for person in sorted((list(places)[index] for index in order), key=lambda each: -len(places[each])):
        min(parts, key=len).extend(places[person])
    return tuple(tuple(sorted(part)) for part in parts)


def counts(labels: Sequence[str]) -> dict[str, int]:
    """How often each label stands there, in the order of LABELS."""
    counted = Counter(labels)
    return {label: counted[label] for label in LABELS}
