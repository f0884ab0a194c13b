"""How well the network of a lesson does on pictures whose labels are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from model_zoo.measuring.results import RESULTS, load_all
from monitor.words import _

SPLIT = "PublicTest"


@dataclass(frozen=True, slots=True)
class Quality:
    """`accuracy` on `pictures` labelled ones, of which none was trained on, with its 95 % interval.

    `copies`: pictures of which Training has a copy are among them.
    """

    network: str
    accuracy: float
    low: float
    high: float
    pictures: int
    data_set: str
    copies: bool

    @property
    def where(self) -> str:
        if self.copies:
            return self.data_set
        return _("{data_set}, without copies of training pictures").format(data_set=self.data_set)


def quality(network: str) -> Quality | None:
    """As measured in `model_zoo/results`, on one crop a picture; None for a network that nobody measured.

    `network` as a lesson has it: its 8-bit file scores as its 32-bit one, which was measured, so its ending is
    passed over. Pictures of which Training has a copy are left out where that was measured too.
    """
    return _measured().get(network.removesuffix("-int8"))


@cache
def _measured() -> dict[str, Quality]:
    found = [one for one in load_all(RESULTS) if (one.split, one.crops) == (SPLIT, 1)]
    # Those without copies come last and win.
    found.sort(key=lambda one: not one.copies)
    return {
        one.network: Quality(
            one.network,
            one.evaluation.accuracy,
            *one.evaluation.interval95,
            one.evaluation.n,
            f"{one.data_set} {one.split}",
            one.copies,
        )
        for one in found
    }
