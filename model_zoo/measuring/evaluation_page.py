"""One evaluation as a page: which labels are taken for which, and how far the network's belief is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model_zoo.emotions import EMOTIONS
from model_zoo.measuring import figures
from model_zoo.measuring.calibration import Bin, reliability
from model_zoo.measuring.evaluation import wilson
from model_zoo.measuring.pages import Section, Table, page
from model_zoo.measuring.results import Result


def evaluation_page(
    result: Result, probabilities: NDArray[np.floating], after: NDArray[np.floating], truth: NDArray[np.integer]
) -> str:
    """HTML. `probabilities` (n, 7) are what was evaluated, `after` the same after temperature scaling, as
    `cross_fitted` gives them; `truth` (n,) are places in `EMOTIONS`."""
    scores = result.evaluation
    low, high = scores.interval95
    seen = "ten crops each" if result.crops > 1 else "one crop each"
    words = (
        f"{scores.n} pictures of {result.data_set} {result.split}, {seen}, "
        f"{'with' if result.copies else 'without'} the copies that also stand in Training. "
        f"Right: {scores.accuracy:.1%} (95 %: {low:.1%} to {high:.1%}); "
        f"among the two likeliest: {scores.top2_accuracy:.1%}. "
        "A network names expressions, which are not feelings."
    )
    bins = (reliability(probabilities, truth), reliability(after, truth))
    return page(f"{result.network} on {result.split}", words, [_confusion(result), _reliability(result, *bins)])


def _confusion(result: Result) -> Section:
    counts = result.evaluation.confusion
    names = [emotion.value for emotion in EMOTIONS]
    rows = [["label", *names, "pictures"]]
    for label, row, shares in zip(names, counts, figures.row_shares(counts), strict=True):
        cells = [f"{count} ({share:.0%})" if sum(row) else "-" for count, share in zip(row, shares, strict=True)]
        rows.append([label, *cells, str(sum(row))])
    return Section(
        "Confusion matrix",
        "A row is a label, a column what the network named instead. In a cell stand the count and its part of the row; "
        "the diagonal is what was named rightly.",
        figures.confusion_matrix(counts),
        Table("Counts, and parts of the row", rows),
    )


def _reliability(result: Result, before: Sequence[Bin], after: Sequence[Bin]) -> Section:
    calibration = result.calibration
    one, other = calibration.halves
    rows = [["bin", "scaled", "pictures", "how sure", "how right", "95 %", "gap"]]
    rows += [_row(each, "no") for each in before] + [_row(each, "yes") for each in after]
    return Section(
        "Reliability curve",
        "On the dashed line a network is as right as it is sure; below it, it is too sure. Expected calibration error "
        f"{result.evaluation.ece:.3f}. For temperature scaling the pictures are halved, and each half is measured with "
        f"the temperature of the other ({one:.2f} and {other:.2f}; of all pictures {calibration.temperature:.2f}): the "
        f"error of the halves is {calibration.ece_before_temperature:.3f} before and "
        f"{calibration.ece_after_temperature:.3f} after it. "
        "Above 1 means that the network was too sure.",
        figures.reliability_curve(before, after),
        Table("Bins of the winner's probability", rows),
    )


def _row(each: Bin, scaled: str) -> list[str]:
    low, high = wilson(each.right, each.count)
    return [
        f"{each.lower:.2f} to {each.upper:.2f}",
        scaled,
        str(each.count),
        f"{each.confidence:.1%}",
        f"{each.accuracy:.1%}",
        f"{low:.1%} to {high:.1%}",
        f"{each.gap:+.1%}",
    ]
