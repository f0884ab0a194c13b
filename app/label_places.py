"""Where the names of marks in a chart can stand without hiding each other or a mark."""

from __future__ import annotations

from collections.abc import Sequence

LAPTOP, PHONE = 760, 260
"""Pixels from the leftmost mark to the rightmost, about those of a page."""
HIGH = 350
LETTER, LINE, MARK, GAP = 7, 15, 14, 9
MARGIN = 30
"""What plotly leaves free at either side."""

Box = tuple[float, float, float, float]


def free_places(points: Sequence[tuple[float, float]], names: Sequence[str], width: int = LAPTOP) -> list[str | None]:
    """For each of `points` (x, y; y grows upwards, any unit), spread over `width` pixels, plotly's `textposition`, or
    None where there is no room for its name. An empty name needs none. The first in the list have the first choice."""
    centres = _in_pixels(points, width)
    taken = [(x - MARK / 2, y - MARK / 2, x + MARK / 2, y + MARK / 2) for x, y in centres]
    places: list[str | None] = []
    for centre, name in zip(centres, names, strict=True):
        boxes = _boxes(centre, LETTER * len(name)) if name else {}
        place = next((each for each, box in boxes.items() if _is_free(box, taken, width)), None)
        if place:
            taken.append(boxes[place])
        places.append(place)
    return places


def _in_pixels(points: Sequence[tuple[float, float]], width: int = LAPTOP) -> list[tuple[float, float]]:
    if not points:
        return []
    lows = [min(values) for values in zip(*points, strict=True)]
    spans = [(max(values) - low) or 1.0 for values, low in zip(zip(*points, strict=True), lows, strict=True)]
    return [((x - lows[0]) / spans[0] * width, (1 - (y - lows[1]) / spans[1]) * HIGH) for x, y in points]


def _boxes(centre: tuple[float, float], width: float) -> dict[str, Box]:
    x, y = centre
    return {
        # Beside it first: above and below an interval may be drawn.
        "middle right": (x + GAP, y - LINE / 2, x + GAP + width, y + LINE / 2),
        "middle left": (x - GAP - width, y - LINE / 2, x - GAP, y + LINE / 2),
        "top center": (x - width / 2, y - GAP - LINE, x + width / 2, y - GAP),
        "bottom center": (x - width / 2, y + GAP, x + width / 2, y + GAP + LINE),
    }


def _is_free(box: Box, taken: Sequence[Box], width: int) -> bool:
    inside = box[0] >= -MARGIN and box[2] <= width + MARGIN
    return inside and not any(_overlap(box, other) for other in taken)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
