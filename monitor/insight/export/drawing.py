"""The charts of a printed report as PNG, drawn for white paper by matplotlib.

Made without pyplot, whose current figure all threads would share.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from threading import Lock
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import dates, font_manager, ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model_zoo.emotions import EMOTIONS
from monitor.insight import written
from monitor.insight.export.fonts import EMOJI
from monitor.insight.mood import Course
from monitor.insight.report import Report
from monitor.insight.windows import Floats
from monitor.palette import LOOKS
from monitor.words import _

EMOJI_NAME = "Noto Emoji"
DAY_S = 86_400
DPI = 250
SHORT_S = 300
"""Of a shorter lesson the axis tells seconds."""
WIDTH_IN = 7.1
"""An A4 page of 210 mm less its margins."""
INK, GREY, GRID = "#1B1F2A", "#6B6B6B", "#DDDDDD"
LEFT_OUT: dict[str, Any] = {"facecolor": "#E4E4E0", "linewidth": 0}
FEW_FACES: dict[str, Any] = {"facecolor": "none", "edgecolor": "#B5B5B5", "hatch": "////", "linewidth": 0}
STYLE: Any = {
    "font.family": ["DejaVu Sans", EMOJI_NAME],
    "font.size": 8,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}
_drawing = Lock()


def mood_png(found: Report, zone: tzinfo) -> bytes:
    """The mood of the class over time with its markers as numbers, left-out spans grey, hatched where few faces
    were visible."""
    course = found.course
    with _styled():
        figure, axes = _paper(2.15)
        limit = float(np.clip(np.nanmax(np.abs(course.mood), initial=0.25) * 1.15, 0.3, 1.0))
        axes.plot(_times(course), course.mood, color="#0072B2", linewidth=1.4, solid_joinstyle="round")
        axes.axhline(0, color=GREY, linewidth=0.6)
        axes.set_ylim(-limit, limit)
        axes.set_ylabel(_("mood"))
        axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, place: written.mood(value)))
        for number, effect in enumerate(found.effects, start=1):
            at = _day(effect.marker.at.timestamp())
            axes.axvline(at, color=INK, linewidth=0.8, linestyle=(0, (2, 2)))
            # Every other number stands higher, or those of neighbours would overlap.
            axes.annotate(
                str(number),
                (at, 1),
                (0, 3 + 9 * (number % 2)),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                fontsize=7.5,
            )
        return _finished(figure, axes, found, zone)


def shares_png(found: Report, zone: tzinfo) -> bytes:
    """The shares of the seven, stacked in the palette's order."""
    course = found.course
    with _styled():
        figure, axes = _paper(2.35)
        base = np.zeros(len(course))
        edges = _edges(course)
        for emotion, look in LOOKS.items():
            top = base + course.shares[:, EMOTIONS.index(emotion)]
            axes.fill_between(
                edges, _held(base), _held(top), step="post", color=look.colour, linewidth=0, label=look.label
            )
            base = top
        axes.set_ylim(0, 1)
        axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, place: written.percent(value)))
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=len(LOOKS), frameon=False, handlelength=0.9,
            handletextpad=0.4, columnspacing=1.1, fontsize=7.5,
        )  # fmt: skip
        return _finished(figure, axes, found, zone)


@contextmanager
def _styled() -> Iterator[None]:
    """One chart at a time: matplotlib has one style for all threads."""
    with _drawing, mpl.rc_context(STYLE):
        if EMOJI_NAME not in font_manager.fontManager.get_font_names():
            font_manager.fontManager.addfont(EMOJI)
        yield


def _paper(height_in: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, layout="constrained")
    return figure, figure.add_subplot()


def _finished(figure: Figure, axes: Axes, found: Report, zone: tzinfo) -> bytes:
    course = found.course
    for span in found.left_out:
        axes.axvspan(_day(span.first), _day(span.last), zorder=0.5 if axes.lines else 3, **LEFT_OUT)
    _hatch(axes, course)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    if len(course):
        axes.set_xlim(_day(int(course.starts[0])), _day(int(course.starts[-1]) + course.width))
    short = len(course) * course.width < SHORT_S
    written_as = "%H:%M:%S" if short else "%H:%M"
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=4, maxticks=9, tz=zone))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(dates.DateFormatter(written_as, tz=zone))  # type: ignore[no-untyped-call]
    return _png(figure)


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", facecolor="white")
    return content.getvalue()


def _hatch(axes: Axes, course: Course) -> None:
    """Where few faces were visible; one rectangle per stretch."""
    few = np.concatenate([[False], course.few_faces, [False]])
    begins, ends = (np.flatnonzero(np.diff(few.astype(int)) == step) for step in (1, -1))
    for begin, end in zip(begins, ends, strict=True):
        left, right = int(course.starts[begin]), int(course.starts[end - 1]) + course.width
        axes.axvspan(_day(left), _day(right), **FEW_FACES)


def _times(course: Course) -> list[float]:
    return [_day(int(start) + course.width / 2) for start in course.starts]


def _edges(course: Course) -> list[float]:
    """The start of each window, and the end of the last."""
    ends = [int(course.starts[-1]) + course.width] if len(course) else []
    return [_day(second) for second in (*course.starts.tolist(), *ends)]


def _held(values: Floats) -> Floats:
    """The last value again, for the end of its window."""
    return np.append(values, values[-1:])


def _day(second: float) -> float:
    """Seconds since 1970 as days, in which matplotlib counts."""
    return second / DAY_S
