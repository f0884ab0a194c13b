"""Spans that a teacher left out, a break for example: they count for no figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from monitor.insight.timeline import Timeline
from monitor.insight.windows import Windows
from monitor.teaching import Marker, edge


@dataclass(frozen=True, slots=True)
class Span:
    """Whole seconds since 1970, from `first` up to `last`, which is not in it any more."""

    first: int
    last: int

    @property
    def start(self) -> datetime:
        return datetime.fromtimestamp(self.first, UTC)

    @property
    def end(self) -> datetime:
        return datetime.fromtimestamp(self.last, UTC)

    def __len__(self) -> int:
        return self.last - self.first


def left_out(timeline: Timeline) -> tuple[Span, ...]:
    """The earliest first, joined where they touch or overlap, within what was measured."""
    if timeline.empty:
        return ()
    first, last = timeline.first_second, timeline.last_second + 1
    return tuple(
        Span(max(span.first, first), min(span.last, last))
        for span in spans_left_out(timeline.markers, last)
        if span.first < last and span.last > first
    )


def spans_left_out(markers: tuple[Marker, ...], end: int) -> tuple[Span, ...]:
    """As `left_out`, not cut; `end` (since 1970) is that of a span without an end of its own."""
    joined: list[Span] = []
    for marker in sorted((one for one in markers if one.left_out), key=lambda one: one.at):
        first = edge(marker.at)
        last = end if marker.until is None else edge(marker.until)
        if last <= first:
            continue
        if joined and first <= joined[-1].last:
            joined[-1] = Span(joined[-1].first, max(joined[-1].last, last))
        else:
            joined.append(Span(first, last))
    return tuple(joined)


def counted(timeline: Timeline) -> Timeline:
    """What counts: the samples outside of all spans that were left out."""
    spans = left_out(timeline)
    if not spans:
        return timeline
    second = timeline.samples["second"].to_numpy()
    return replace(timeline, samples=timeline.samples[~inside(second, spans)].reset_index(drop=True))


def counted_windows(windows: Windows, spans: tuple[Span, ...]) -> Windows:
    """Without the windows that are left out as a whole, as if what is left had followed on."""
    if not spans:
        return windows
    gone = inside(windows.starts, spans) & inside(windows.starts + windows.width - 1, spans)
    return windows.at(~gone)


def inside(
    seconds: np.ndarray[tuple[int, ...], np.dtype[np.int64]], spans: tuple[Span, ...]
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Spans do not overlap, so a second lies in one when more of them began than ended."""
    began = np.searchsorted([span.first for span in spans], seconds, side="right")
    ended = np.searchsorted([span.last for span in spans], seconds, side="right")
    return np.asarray(began > ended, np.bool_)
