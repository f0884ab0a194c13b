"""The figures of the page Models: numbers in, plotly figures out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.label_places import LAPTOP, free_places
from app.palette import LOOKS
from model_zoo.emotions import EMOTIONS, EmotionScores
from model_zoo.measuring import figures
from monitor.words import _, percent, separators

MEASURED, CLAIMED = "#0072B2", "#D55E00"


@dataclass(frozen=True)
class Mark:
    """A network in the scatter plot: accuracies of 0 … 1, None where nobody says or measured one."""

    name: str
    parameters: int
    claim: float | None
    measured: float | None = None
    interval95: tuple[float, float] | None = None


def networks_scatter(marks: Sequence[Mark], width: int = LAPTOP) -> go.Figure:
    """Accuracy over parameters: what we measured, with its interval, beside what the papers claim (hollow). `width`:
    pixels that the marks have room in, as `label_places` knows them."""
    figure = go.Figure()
    for mark in marks:
        if mark.claim is not None and mark.measured is not None:
            figure.add_scatter(
                x=[mark.parameters] * 2,
                y=[mark.claim, mark.measured],
                mode="lines",
                line={"color": CLAIMED, "width": 1, "dash": "dot"},
                hoverinfo="skip",
                showlegend=False,
            )
    claimed = [mark for mark in marks if mark.claim is not None]
    measured = [mark for mark in marks if mark.measured is not None and mark.interval95 is not None]
    bounds = [mark.interval95 or (0.0, 0.0) for mark in measured]
    values = [mark.measured or 0.0 for mark in measured]
    labels = _labels(claimed, measured, width)
    figure.add_scatter(
        x=[mark.parameters for mark in claimed],
        y=[mark.claim for mark in claimed],
        **labels[0],
        mode="markers+text",
        name=_("claimed by its paper"),
        marker={"symbol": "diamond-open", "size": 11, "color": CLAIMED, "line": {"width": 2}},
        hovertemplate=_told(_("{name}: {accuracy} claimed, {n} parameters")),
    )
    figure.add_scatter(
        x=[mark.parameters for mark in measured],
        y=values,
        **labels[1],
        mode="markers+text",
        name=_("measured here, with 95 % interval"),
        marker={"symbol": "circle", "size": 12, "color": MEASURED},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, (_low, high) in zip(values, bounds, strict=True)],
            "arrayminus": [value - low for value, (low, _high) in zip(values, bounds, strict=True)],
            "color": MEASURED,
        },
        hovertemplate=_told(_("{name}: {accuracy} measured on PublicTest, {n} parameters")),
    )
    figure.update_layout(
        height=460,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        hovermode="closest",
        separators=separators(),
    )
    figure.update_xaxes(type="log", title=_("parameters"))
    figure.update_yaxes(title=_("accuracy"), tickformat=".0%")
    return figure


def _labels(
    claimed: Sequence[Mark], measured: Sequence[Mark], width: int
) -> tuple[dict[str, object], dict[str, object]]:
    """Names beside the marks where they hide nothing: a network is named once, where it was measured if it was; what
    finds no room is told when it is pointed at, and by the table."""
    marks = [(mark, mark.measured or 0.0) for mark in measured] + [(mark, mark.claim or 0.0) for mark in claimed]
    told = {mark.name for mark in measured}
    names = [*(mark.name for mark in measured), *("" if mark.name in told else mark.name for mark in claimed)]
    places = free_places([(math.log10(mark.parameters), value) for mark, value in marks], names, width)
    sides = [place or "top center" for place in places]
    shown = [name if place else "" for name, place in zip(names, places, strict=True)]
    count = len(measured)

    def of(rows: slice) -> dict[str, object]:
        every = [mark.name for mark, _value in marks[rows]]
        return {"text": shown[rows], "textposition": sides[rows], "customdata": every, "cliponaxis": False}

    return of(slice(count, None)), of(slice(count))


def _told(words: str) -> str:
    """What plotly says of a mark; it fills its own places in."""
    return words.format(name="%{customdata}", accuracy="%{y:.1%}", n="%{x:,}") + "<extra></extra>"


def confusion(counts: Sequence[Sequence[int]]) -> go.Figure:
    """The zoo's own figure, on the page's background and without its colour scale, which leaves a phone no room."""
    figure = figures.confusion_matrix(counts)
    figure.update_traces(showscale=False)
    figure.update_layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": None},
        height=480,
        margin={"l": 4, "r": 4, "t": 30, "b": 4},
    )
    words = {"tickvals": list(EMOTIONS), "ticktext": [LOOKS[emotion].word for emotion in EMOTIONS]}
    figure.update_xaxes(title=_("named"), **words)
    figure.update_yaxes(title=None, **words)
    return figure


def probability_bars(scores: EmotionScores) -> go.Figure:
    """Seven bars in the order in which emotions are shown everywhere; the figure stands beside each."""
    looks = list(LOOKS.items())
    values = [scores[emotion] for emotion, _ in looks]
    figure = go.Figure()
    figure.add_bar(
        x=values,
        y=[look.label for _, look in looks],
        orientation="h",
        marker={"color": [look.colour for _, look in looks]},
        text=[percent(value) for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    )
    figure.update_layout(height=240, margin={"l": 0, "r": 36, "t": 4, "b": 4}, bargap=0.25, separators=separators())
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(autorange="reversed")
    return figure
