"""The figures of benchmarks that are kept: the table and the plot are those of the results beside them."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from tests.benchmarks.results import FIGURES, PLOT, README, RESULTS, plot, table

KNOWN = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(RESULTS.glob("*.json"))}


def test_the_table_and_the_plot_are_made_of_the_results_that_are_kept() -> None:
    assert table(KNOWN) in README.read_text(encoding="utf-8"), "run `python -m tests.benchmarks.results`"
    assert PLOT.read_text(encoding="utf-8") == plot(KNOWN)
    ElementTree.fromstring(plot(KNOWN))


def test_each_figure_is_found_in_its_result() -> None:
    missing = [figure.told for figure in FIGURES if figure.result in KNOWN and figure.of(KNOWN[figure.result]) is None]
    assert missing == []


def test_a_figure_says_whether_it_reaches_what_is_wanted() -> None:
    cores = next(figure for figure in FIGURES if figure.path == "server_cores")
    share = next(figure for figure in FIGURES if figure.path == "sample_share")
    assert (cores.reached(0.7), cores.reached(0.9)) == (True, False)
    assert (share.reached(0.995), share.reached(0.98)) == (True, False)
