from __future__ import annotations

import pytest

from model_zoo.measuring import results, robustness
from model_zoo.measuring.results import ResultsError
from model_zoo.weights import load_card, shipped


def test_its_table_shows_the_kept_results() -> None:
    readme = results.README.read_text(encoding="utf-8")
    assert readme == results.with_table(readme, results.load_all(results.RESULTS)), "run `python -m model_zoo table`"


def test_its_robustness_shows_the_kept_measurements() -> None:
    readme = results.README.read_text(encoding="utf-8")
    kept = robustness.load_all(results.RESULTS)
    assert readme == robustness.with_table(readme, kept), "run `python -m model_zoo table`"


def test_the_kept_results_are_of_the_shipped_files() -> None:
    known = {file.sha256 for name in shipped() for file in load_card(name).files.values()}
    for result in results.load_all(results.RESULTS):
        assert set(result.sha256.split("+")) <= known, (
            f"{result.file_name} was measured on another file: evaluate --save again"
        )
    for measured in robustness.load_all(results.RESULTS):
        assert measured.sha256 in known, f"{measured.file_name} was measured on another file: robustness --save again"


def test_a_readme_without_its_marks_is_refused() -> None:
    with pytest.raises(ResultsError, match="needs the lines"):
        results.with_table("no marks", [])
    with pytest.raises(ResultsError, match="needs the lines '<!-- robustness:"):
        robustness.with_table("no marks", [])


def test_a_broken_result_is_refused() -> None:
    with pytest.raises(ResultsError, match="no result"):
        results.Result.from_json('{"network": "tiny"}')
