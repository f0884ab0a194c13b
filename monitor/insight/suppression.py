"""Who counts in a figure of a class-only lesson, so that no figure, and no difference of figures, is of one student.

Students are put into cohorts of five or more as they come, and stay in theirs for the whole lesson. A window of half
a minute counts a cohort when every one of it was seen in that window, and else none of it. So every set of students
that is ever counted is made of whole cohorts, and whatever is added to or taken from what was published is about a
whole cohort or about nobody: sums of linear combinations of cohorts have no smaller support. Whoever comes later
waits until five have; with whoever goes, the cohort goes (complementary suppression).

Who counts depends on who was seen and never on what was seen, so that a window that says nothing says nothing.
Chin and Özsoyoğlu, Auditing and inference control in statistical databases, 1982; Kenthapadi, Mishra and Nissim,
Simulatable auditing, 2005.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from model_zoo.emotions import EMOTIONS, EmotionScores
from monitor.store.samples import ten_thousandths

LEAST = 5
"""Students in a cohort, at least; whoever knows of all but one of them knows of that one."""
WINDOW_S = 30
WHOLE = 10_000
WORDS = [emotion.value for emotion in EMOTIONS]


@dataclass(frozen=True)
class Cohorts:
    """`of` each student, the number of the cohort; `sizes` by number, as it was when the cohort was made."""

    of: Mapping[int, int] = field(default_factory=dict)
    sizes: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        small = [number for number, size in self.sizes.items() if size < LEAST]
        if small:
            raise ValueError(f"a cohort has {LEAST} or more students, not so {small!r} of {dict(self.sizes)!r}")

    def with_newcomers(self, seen: Collection[int]) -> Cohorts:
        """As soon as five wait, they are cohorts of five to nine, in the order of their numbers."""
        waiting = sorted(set(seen) - set(self.of))
        count = len(waiting) // LEAST
        if count == 0:
            return self
        first = max(self.sizes, default=0) + 1
        members = {student: first + place * count // len(waiting) for place, student in enumerate(waiting)}
        return Cohorts({**self.of, **members}, {**self.sizes, **Counter(members.values())})

    def whole(self, seen: Collection[int]) -> frozenset[int]:
        """Those of `seen` whose cohort was seen from the first to the last of it."""
        there = Counter(self.of[student] for student in seen if student in self.of)
        whole = {number for number, count in there.items() if count == self.sizes[number]}
        return frozenset(student for student in seen if self.of.get(student) in whole)


@dataclass(frozen=True, slots=True)
class PublishedWindow:
    """What is said of the window from `start` (seconds since 1970) on: nothing where `shares` is None.

    `students`: how many counted, rounded down to fives; `shares`: ten-thousandths, the mean over students of each
    one's own mean; `visible`: likewise the share of frames with a face.
    """

    start: int
    students: int = 0
    shares: tuple[int, ...] | None = None
    visible: int | None = None

    def __post_init__(self) -> None:
        if (self.shares is None) != (self.students < LEAST) or (self.shares is None) != (self.visible is None):
            raise ValueError(f"a figure is of {LEAST} students or more, got {self!r}")


def publish(
    samples: pd.DataFrame, cohorts: Cohorts, first: int, last: int
) -> tuple[tuple[PublishedWindow, ...], Cohorts]:
    """The windows from `first` up to `last`, which are edges of windows, one after the other.

    `samples` has the columns of `Timeline.samples`, of those seconds at least.
    """
    starts = samples["second"] // WINDOW_S * WINDOW_S
    seen = samples[samples["faces"] > 0].groupby([starts, "student_id"])
    means = seen[WORDS].mean()
    frames = samples.groupby([starts, "student_id"])[["faces", "frames"]].sum()
    visible = frames["faces"] / frames["frames"]
    there = set(means.index.get_level_values(0))
    found = []
    for start in range(first, last, WINDOW_S):
        students = means.loc[start].index.tolist() if start in there else []
        cohorts = cohorts.with_newcomers(students)
        counted = sorted(cohorts.whole(students))
        found.append(
            _window(start, means.loc[start].loc[counted], visible.loc[start].loc[counted])
            if counted
            else PublishedWindow(start)
        )
    return tuple(found), cohorts


def rounded_down(students: int) -> int:
    return students // LEAST * LEAST


def _window(start: int, means: pd.DataFrame, visible: pd.Series[float]) -> PublishedWindow:
    scores = EmotionScores.of(means.mean() / WHOLE)
    return PublishedWindow(start, rounded_down(len(means)), ten_thousandths(scores), round(WHOLE * visible.mean()))
