"""What an attacker learns of single students from all that class-only lessons publish.

`python -m tests.benchmarks.suppression --lessons 1000`. The attacker knows who was seen in which window, every figure
that was published and, as the worst case, who counted in it, and takes it that a student looks alike all along. Then
each window is a linear equation in one unknown a student, and what is determined by all of them together is what lies
in the span of their rows: a value, or the sum or the difference of two. The same for the plain mean of who was seen.

Students join late, pause, leave, come back and look away. What `publish` says of each lesson is held against the
equations: they are what the attacker has, not what the rule should have been.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS, Emotion
from monitor.insight.suppression import LEAST, WHOLE, WINDOW_S, Cohorts, publish
from monitor.insight.timeline import COLUMNS
from tests.benchmarks.stage import say

SEED = 5
LONGEST, LARGEST = 90, 32  # windows of half a minute, students
SAME = 1e-9
HAPPY = EMOTIONS.index(Emotion.HAPPY)

Presence = NDArray[np.bool_]
Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    """How many values are determined, how many sums or differences of two, and the windows that were published."""

    values: int
    pairs: int
    windows: int
    smallest: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=1000)
    wanted = parser.parse_args()
    began = time.perf_counter()
    totals: dict[str, Counter[str]] = {"suppressed": Counter(), "plain": Counter()}
    windows = differing = 0
    for presence in lessons(wanted.lessons):
        windows += presence.shape[1]
        differing += not says_what_its_rows_say(presence)
        for way, rows in (("suppressed", suppressed(presence)), ("plain", plain(presence))):
            found = attack(rows)
            totals[way].update(values=found.values, pairs=found.pairs, windows=found.windows)
            totals[way]["lessons"] += found.values > 0
    say(
        benchmark="suppression",
        lessons=wanted.lessons,
        windows=windows,
        lessons_that_say_something_else=differing,
        **{f"{way}_{name}": total for way, each in totals.items() for name, total in sorted(each.items())},
        seconds=round(time.perf_counter() - began, 1),
    )


def lessons(count: int, seed: int = SEED) -> Iterator[Presence]:
    """(students, windows) each: who was seen in which half-minute. A few have fewer than five students."""
    draw = np.random.default_rng(seed)
    for _ in range(count):
        students, windows = int(draw.integers(3, LARGEST + 1)), int(draw.integers(10, LONGEST + 1))
        at = np.arange(windows)
        joins = np.where(draw.random(students) < 0.6, 0, draw.integers(0, windows, students))
        leaves = np.where(draw.random(students) < 0.7, windows, draw.integers(0, windows, students))
        presence = (at >= joins[:, None]) & (at < leaves[:, None])
        for _pause in range(int(draw.integers(0, students))):
            student, start = draw.integers(students), draw.integers(windows)
            presence[student, start : start + int(draw.integers(1, 8))] = False
        yield presence & (draw.random(presence.shape) > draw.choice([0.0, 0.01, 0.05]))


def plain(presence: Presence) -> Rows:
    """(windows, students): who counts in each figure when everybody does who was seen, five or more at least."""
    return np.asarray(presence.T[presence.sum(axis=0) >= LEAST], np.float64)


def suppressed(presence: Presence) -> Rows:
    """(windows, students): who counts in each figure of a class-only lesson."""
    cohorts, rows = Cohorts(), []
    for window in presence.T:
        seen = np.flatnonzero(window).tolist()
        cohorts = cohorts.with_newcomers(seen)
        counted = cohorts.whole(seen)
        if counted:
            rows.append([float(student in counted) for student in range(len(window))])
    return np.array(rows, np.float64).reshape(len(rows), len(presence))


def says_what_its_rows_say(presence: Presence, seed: int = SEED) -> bool:
    """Whether each published share is the mean of those who, by `suppressed`, count in it: students alike all along."""
    happy = np.random.default_rng(seed).integers(0, WHOLE + 1, len(presence))
    student, window = np.nonzero(presence)
    table = pd.DataFrame(0, index=range(len(student)), columns=list(COLUMNS))
    table["student_id"], table["second"] = student, window * WINDOW_S
    table["faces"], table["frames"] = 1, 2
    table["happy"], table["neutral"] = happy[student], WHOLE - happy[student]
    table = table.sort_values(["second", "student_id"], ignore_index=True)
    said, _ = publish(table, Cohorts(), 0, presence.shape[1] * WINDOW_S)
    shares = np.array([one.shares[HAPPY] for one in said if one.shares is not None])
    rows = suppressed(presence)
    return len(rows) == len(shares) and bool(np.allclose(rows @ happy, shares * rows.sum(axis=1), atol=len(happy)))


def attack(rows: Rows) -> Learnt:
    """What the equations `rows` (windows, students) determine: whatever is its own projection on their span."""
    students = rows.shape[1]
    smallest = int(rows.sum(axis=1).min()) if len(rows) else 0
    _, sizes, right = np.linalg.svd(rows, full_matrices=False) if len(rows) else (None, np.zeros(0), np.zeros((0, 1)))
    basis = right[sizes > SAME * max(1.0, sizes.max(initial=0.0))]
    span = basis.T @ basis if len(basis) else np.zeros((students, students))
    alone = np.diagonal(span)
    determined = alone > 1 - SAME
    above = np.triu_indices(students, 1)
    both = alone[:, None] + alone[None, :]
    # A pair of two determined values is no news.
    fresh = ~(determined[:, None] & determined[None, :])
    pairs = sum(int(((both + 2 * sign * span > 2 - SAME) & fresh)[above].sum()) for sign in (-1, 1))
    return Learnt(int(determined.sum()), pairs, len(rows), smallest)


if __name__ == "__main__":
    main()
