"""What a network keeps of its accuracy in harder pictures, as a page: a panel of curves and their table."""

from __future__ import annotations

from model_zoo.measuring import figures
from model_zoo.measuring.pages import Section, Table, page
from model_zoo.measuring.robustness import NOTHING, Robustness, Step


def robustness_page(measured: Robustness) -> str:
    """HTML."""
    rows = [["disturbed by", "strength", "amount", "unit", "accuracy", "95 %"]]
    rows.append(_cells(NOTHING, measured.plain, "-"))
    rows += [_cells(row.disturbance, step, row.unit) for row in measured.rows for step in row.steps]
    curves = Section(
        "Accuracy under each disturbance",
        "Each panel is one disturbance, from the picture as it is to the strongest; the numbers below a curve are its "
        "amounts. The dashed line is the accuracy on the picture as it is.",
        figures.robustness_curves(measured),
        Table("Accuracy with its 95 % interval (Wilson 1927)", rows),
    )
    words = (
        f"{measured.n} pictures of {measured.data_set} {measured.split}, one crop each. The disturbances are made, not "
        "filmed: they show what a network hangs on, not how it does in a certain room."
    )
    return page(f"How much {measured.network} still sees", words, [curves])


def _cells(name: str, step: Step, unit: str) -> list[str]:
    low, high = step.interval95
    amount = "-" if step.amount is None else f"{step.amount:g}"
    return [name, str(step.strength), amount, unit, f"{step.accuracy:.1%}", f"{low:.1%} to {high:.1%}"]
