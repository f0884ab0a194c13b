from __future__ import annotations

import math
import re

import numpy as np
import pytest

from model_zoo.emotions import EMOTIONS
from model_zoo.measuring import figures
from model_zoo.measuring.calibration import Bin
from model_zoo.measuring.pages import Section, Table, page

COUNTS = np.diag([9, 0, 4, 8, 2, 6, 5]) + np.eye(7, k=1, dtype=int) * [[1], [0], [0], [8], [0], [0], [0]]
BINS = (Bin(0.4, 0.5, 10, 0.45, 4), Bin(0.9, 1.0, 30, 0.95, 27))


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def between(share: float) -> str:
    """The colour of a share on the scale of the matrix."""
    ends = [[int(str(colour)[place : place + 2], 16) for place in (1, 3, 5)] for _, colour in figures.SHARES]
    return "#" + "".join(f"{round(low + share * (high - low)):02x}" for low, high in zip(*ends, strict=True))


def test_a_cell_says_its_count_and_its_part_of_the_row() -> None:
    figure = figures.confusion_matrix(COUNTS.tolist())
    words = {(each.y, each.x): each.text for each in figure.layout.annotations}
    assert len(words) == 49
    assert words["angry", "angry"] == "9<br>90%"
    assert words["angry", "disgust"] == "1<br>10%"
    assert words["happy", "sad"] == "8<br>50%"
    assert {words["disgust", emotion] for emotion in EMOTIONS} == {"-"}
    assert figure.data[0].z[0][0] == pytest.approx(0.9)


@pytest.mark.parametrize("share", np.linspace(0, 1, 21).tolist())
def test_the_words_in_a_cell_can_be_read_on_its_colour(share: float) -> None:
    words = figures.WHITE if share > figures.WHITE_ABOVE else figures.BLACK
    assert contrast(words, between(share)) >= 4.5


def test_the_rows_of_the_matrix_go_down_as_its_columns_go_right() -> None:
    figure = figures.confusion_matrix(COUNTS.tolist())
    assert figure.layout.yaxis.autorange == "reversed"
    assert tuple(figure.data[0].x) == tuple(figure.data[0].y) == tuple(EMOTIONS)


def test_the_curve_shows_how_right_a_bin_is_over_how_sure_it_is() -> None:
    figure = figures.reliability_curve(BINS, BINS[:1])
    curve = next(trace for trace in figure.data if trace.name == "as it is")
    assert tuple(curve.x) == (0.45, 0.95)
    assert tuple(curve.y) == (0.4, 0.9)
    counts = next(trace for trace in figure.data if trace.name == "pictures, as it is")
    assert tuple(counts.y) == (10, 30)


def test_no_two_curves_differ_by_their_colour_alone() -> None:
    figure = figures.reliability_curve(BINS, BINS)
    looks = [(trace.marker.symbol, trace.line.dash) for trace in figure.data if trace.type == "scatter"]
    assert len(set(looks)) == len(looks) == 3
    epochs = [{"epoch": 0.0, "accuracy": 0.2, "loss": 1.9, "val_accuracy": 0.3, "val_loss": 1.8}]
    shown = [trace for trace in figures.training_curves(epochs).data if trace.showlegend is not False]
    assert len({(trace.marker.symbol, trace.line.dash) for trace in shown}) == 2


def test_every_figure_lies_on_white() -> None:
    for figure in (
        figures.confusion_matrix(COUNTS.tolist()),
        figures.reliability_curve(BINS, BINS),
        figures.training_curves([]),
        figures.trials([1, 2], [0.3, 0.2], ["sgd", "adam"]),
    ):
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "#FFFFFF"
        assert contrast(figure.layout.font.color, "#FFFFFF") > 7


def test_the_best_trial_so_far_never_falls() -> None:
    best, points = figures.trials([1, 2, 4], [0.3, 0.2, 0.4], ["a", "b", "c"]).data
    assert tuple(best.y) == (0.3, 0.3, 0.4)
    assert tuple(points.x) == (1, 2, 4)


def test_parts_of_an_empty_row_are_no_numbers() -> None:
    shares = figures.row_shares([[1, 3], [0, 0]])
    assert shares[0].tolist() == [0.25, 0.75]
    assert all(math.isnan(share) for share in shares[1])


def test_a_page_has_its_script_once_and_each_figure_beside_its_table() -> None:
    section = Section("Title", "Words", figures.trials([1], [0.5], ["<b>"]), Table("Numbers & more", [["a"], ["<1>"]]))
    text = page("A & B", "said", [section, section])
    assert text.count("plotly.js v") == 1
    assert text.count("<table>") == 2
    assert "<td>&lt;1&gt;</td>" in text
    assert "A &amp; B" in text
    assert len(re.findall(r'tabindex="0" role="region" aria-label="Numbers &amp; more"', text)) == 2
    assert '<html lang="en">' in text
