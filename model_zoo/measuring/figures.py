"""The figures of the zoo: numbers in, plotly figures out, on white. Colours after Okabe and Ito (2008), which
colour-blind people tell apart; shapes, dashes and words say the same again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from model_zoo.emotions import EMOTIONS
from model_zoo.measuring.calibration import Bin
from model_zoo.measuring.evaluation import wilson
from model_zoo.measuring.robustness import Robustness

INK, GREY, GRID = "#1F2933", "#616E7C", "#E4E7EB"
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
BLACK, WHITE = "#000000", "#FFFFFF"
SHARES = [[0.0, WHITE], [1.0, "#00446B"]]
TICKS = 10  # about as many numbers stand at an axis of whole numbers
WHITE_ABOVE = 0.7  # the share above which white is read better than black on SHARES


def confusion_matrix(counts: Sequence[Sequence[int]]) -> go.Figure:
    """Rows: the label, columns: what was named, in the order of `Emotion`. A cell has its count and its part of the
    row, which is also its blue; a row without pictures is empty."""
    names, shares = [emotion.value for emotion in EMOTIONS], row_shares(counts)
    figure = go.Figure()
    figure.add_heatmap(
        z=shares,
        x=names,
        y=names,
        zmin=0,
        zmax=1,
        colorscale=SHARES,
        xgap=2,
        ygap=2,
        colorbar={"title": {"text": "part of the row"}, "tickformat": ".0%"},
        customdata=np.asarray(counts),
        hovertemplate="%{y}, named %{x}: %{customdata} pictures, %{z:.1%}<extra></extra>",
    )
    for label, row, parts in zip(names, counts, shares, strict=True):
        for named, count, share in zip(names, row, parts, strict=True):
            colour = WHITE if share > WHITE_ABOVE else BLACK
            text = f"{count}<br>{share:.0%}" if np.isfinite(share) else "-"
            figure.add_annotation(
                x=named, y=label, text=text, showarrow=False, font={"color": colour, "size": 13 - 2 * (share < 0.1)}
            )
    figure.update_layout(**_layout(620))
    figure.update_xaxes(title="named", side="top", showgrid=False)
    figure.update_yaxes(title="label", autorange="reversed", showgrid=False)
    return figure


def row_shares(counts: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Each row over its sum; a row without pictures is not a number."""
    table = np.asarray(counts, dtype=np.float64)
    sums = table.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(table, sums, out=np.full_like(table, np.nan), where=sums > 0))


def reliability_curve(before: Sequence[Bin], after: Sequence[Bin]) -> go.Figure:
    """Above: how often a bin is right (with Wilson's 95 % interval) over how sure it is, as the network says it and
    after temperature scaling, with the line on which both are equal. Below: how many pictures a bin has."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="as right as sure", line={"color": GREY, "dash": "dash", "width": 1.5}
    )
    looks = (("as it is", before, BLUE, "circle", "solid"), ("after temperature", after, ORANGE, "diamond", "dot"))
    for name, bins, colour, symbol, dash in looks:
        figure.add_scatter(
            x=[each.confidence for each in bins],
            y=[each.accuracy for each in bins],
            error_y=_whiskers(bins, colour),
            mode="lines+markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 9},
            line={"color": colour, "dash": dash, "width": 2},
            customdata=[(each.count, each.lower, each.upper) for each in bins],
            hovertemplate="said %{x:.1%}, right %{y:.1%} of %{customdata[0]}<br>bin %{customdata[1]:.2f} to "
            "%{customdata[2]:.2f}<extra>" + name + "</extra>",
        )
        figure.add_bar(
            x=[(each.lower + each.upper) / 2 for each in bins],
            y=[each.count for each in bins],
            yaxis="y2",
            name=f"pictures, {name}",
            marker={"color": colour, "pattern": {"shape": "" if bins is before else "/", "fgcolor": WHITE}},
            showlegend=False,
        )
    figure.update_layout(**_layout(620), bargap=0.15, legend={"orientation": "h", "y": 1.08})
    figure.update_xaxes(title="how sure: mean probability of the winner", range=[0, 1.02], tickformat=".0%")
    figure.update_layout(
        yaxis={"title": {"text": "how right"}, "domain": [0.32, 1], "range": [0, 1.05], "tickformat": ".0%"},
        yaxis2={"title": {"text": "pictures"}, "domain": [0, 0.22], "gridcolor": GRID},
        xaxis={"anchor": "y2"},
    )
    return figure


def training_curves(epochs: Sequence[Mapping[str, float]]) -> go.Figure:
    """Loss above, accuracy below, of the training (as the network learned, on changed pictures) and of PublicTest
    (averaged weights), from the rows of `curves.csv`; an epoch is counted from 1."""
    figure = go.Figure()
    counted = [row["epoch"] + 1 for row in epochs]
    for part, column, colour, dash in (("training", "", BLUE, "dot"), ("PublicTest", "val_", ORANGE, "solid")):
        for axis, what in (("y", "accuracy"), ("y2", "loss")):
            figure.add_scatter(
                x=counted,
                y=[row[column + what] for row in epochs],
                yaxis=axis,
                mode="lines+markers",
                name=part,
                showlegend=axis == "y",
                marker={"color": colour, "symbol": "circle" if column else "diamond"},
                line={"color": colour, "dash": dash, "width": 2},
                hovertemplate=f"epoch %{{x}}: {what} %{{y:.4f}}<extra>{part}</extra>",
            )
    figure.update_layout(**_layout(620), legend={"orientation": "h", "y": 1.08})
    figure.update_layout(
        yaxis={"title": {"text": "accuracy"}, "domain": [0, 0.46], "tickformat": ".0%"},
        yaxis2={"title": {"text": "loss"}, "domain": [0.54, 1], "gridcolor": GRID},
        xaxis={"title": {"text": "epoch"}, "anchor": "y"} | _counted(counted),
    )
    return figure


def trials(numbers: Sequence[int], accuracies: Sequence[float], words: Sequence[str]) -> go.Figure:
    """A point for each trial in the order they were made, `words` (a line for each) when it is pointed at, and the
    best so far as steps."""
    figure = go.Figure()
    best = list(accumulate(accuracies, max))
    figure.add_scatter(
        x=list(numbers), y=best, mode="lines", name="best so far", line={"color": ORANGE, "shape": "hv", "width": 2}
    )
    figure.add_scatter(
        x=list(numbers),
        y=list(accuracies),
        mode="markers",
        name="a trial",
        marker={"color": BLUE, "size": 9},
        text=list(words),
        hovertemplate="trial %{x}: %{y:.1%}<br>%{text}<extra></extra>",
    )
    figure.update_layout(**_layout(480), legend={"orientation": "h", "y": 1.1})
    figure.update_xaxes(title="trial", **_counted(numbers))
    figure.update_yaxes(title="accuracy on PublicTest", tickformat=".2~%")
    return figure


def robustness_curves(measured: Robustness) -> go.Figure:
    """A panel for each disturbance: accuracy over its strengths, which bear their amounts, with 95 % intervals. The
    dashed line is the picture as it is."""
    across = 3
    figure = make_subplots(
        rows=-(-len(measured.rows) // across),
        cols=across,
        shared_yaxes=True,
        vertical_spacing=0.13,
        subplot_titles=[f"{row.disturbance}<br><sup>{row.unit}</sup>" for row in measured.rows],
    )
    for place, row in enumerate(measured.rows):
        steps = (measured.plain, *row.steps)
        panel = {"row": place // across + 1, "col": place % across + 1}
        figure.add_scatter(
            x=[step.strength for step in steps],
            y=[step.accuracy for step in steps],
            name=row.disturbance,
            mode="lines+markers",
            line={"color": BLUE},
            error_y={
                "array": [step.interval95[1] - step.accuracy for step in steps],
                "arrayminus": [step.accuracy - step.interval95[0] for step in steps],
                "thickness": 1,
                "width": 3,
            },
            hovertemplate="%{x}: %{y:.1%}<extra></extra>",
            showlegend=False,
            **panel,
        )
        figure.add_hline(y=measured.plain.accuracy, line={"color": GREY, "dash": "dash", "width": 1}, **panel)
        amounts = ["none", *(f"{step.amount:g}" for step in row.steps)]
        figure.update_xaxes(tickvals=[step.strength for step in steps], ticktext=amounts, **panel)
    figure.update_yaxes(range=[0, 1], tickformat=".0%")
    figure.update_layout(**_layout(860))
    return figure


def _counted(numbers: Sequence[float]) -> dict[str, Any]:
    """An axis of whole numbers, `TICKS` of them written."""
    return {"tick0": 0, "dtick": max(1, round(max(numbers, default=1) / TICKS)), "tickformat": "d"}


def _whiskers(bins: Sequence[Bin], colour: str) -> dict[str, Any]:
    bounds = [wilson(each.right, each.count) for each in bins]
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - each.accuracy for each, (_, high) in zip(bins, bounds, strict=True)],
        "arrayminus": [each.accuracy - low for each, (low, _) in zip(bins, bounds, strict=True)],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def _layout(height: int) -> dict[str, Any]:
    return {
        "height": height,
        "template": "plotly_white",
        "paper_bgcolor": WHITE,
        "plot_bgcolor": WHITE,
        "font": {"color": INK, "size": 14, "family": "system-ui, sans-serif"},
        "margin": {"t": 60, "r": 20, "b": 60, "l": 80},
    }
