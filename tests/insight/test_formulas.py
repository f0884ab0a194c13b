from __future__ import annotations

from monitor.insight.export.tables import facts
from monitor.insight.formulas import formulas
from tests.insight.marked_lesson import marked_report, marked_timeline


def test_a_file_says_how_a_number_is_made_in_the_words_of_the_page() -> None:
    said = {fact.name.lower(): fact.how for fact in facts(marked_report(marked_timeline()))}
    both = [name for name in formulas() if name in said]
    assert both == ["mood", "confidence", "agreement", "volatility", "coverage", "face visible"]
    assert {name: said[name] for name in both} == {name: formulas()[name] for name in both}
