"""The colours of the clothes below a face, by which two who pass each other are told apart.

They say nothing of a face and know nobody again: how often each of a few hundred colours was seen, which many people
share. They are held in memory with the track of a face and forgotten with it, seconds after the face was last seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.domain import Box, Image

Colours = NDArray[np.float32]
"""The part of each of `SHADES`³ colours of Lab, adding up to 1."""
Clothes = dict[int, Colours]
"""Below the face (0), and below its left (−1) and right (1) in the picture, where they can be seen."""

SIDES = 3
SHADES = 8
TINTS = (88, 168)
"""Of the two colour axes of OpenCV's Lab: clothes are rarely more colourful."""
BELOW, DOWN_TO = 0.25, 0.8
"""Where the clothes are, in heights of the face below its chin."""
BESIDE, HALF_WIDTH = 0.75, 0.4
"""How far to the side a shoulder is, and half of what is looked at, in widths of the face."""
LEAST = 0.3
"""The part of it that has to be in the picture."""
ITSELF = 0.7
"""A face that is expected this near, in face widths, may be the one that is looked at."""
CLOSE, REACH = 0.8, 1.6
"""Whoever is nearer than so many face widths may stand before all of the clothes, or before those on that side."""
ABOVE, BENEATH = 0.6, 1.6
"""So many face heights up and down somebody else stands beside or before the clothes."""
LEARN = 0.15
"""How much of the clothes seen is taken over."""
# A colour counts a little as those beside it, or the light of a cloud would change it.
SOFT = np.asarray(np.eye(SHADES) / 2 + np.eye(SHADES, k=1) / 4 + np.eye(SHADES, k=-1) / 4, np.float32)


def clothes(image: Image, box: Box, others: Iterable[tuple[float, float]]) -> Clothes:
    """What is seen of the clothes below this face and is surely its own. `others`: centres of the faces around, also
    of those that are hidden just now."""
    found = {side: colours(image, box, side) for side in free_sides(box, others)}
    return {side: seen for side, seen in found.items() if seen is not None}


def colours(image: Image, box: Box, side: int = 0) -> Colours | None:
    """None where the picture ends."""
    x, half = box.centre[0] + side * BESIDE * box.width, HALF_WIDTH * box.width
    top, bottom = (box.y + (1 + below) * box.height for below in (BELOW, DOWN_TO))
    left, right, upper, lower = (max(0, round(one)) for one in (x - half, x + half, top, bottom))
    cloth = image[upper:lower, left:right]
    if cloth.shape[0] * cloth.shape[1] <= LEAST * 2 * half * (bottom - top):
        return None
    lab = cv2.cvtColor(cv2.resize(cloth, (16, 16), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2Lab)
    tinted = np.clip(lab, (0, TINTS[0], TINTS[0]), (255, TINTS[1] - 1, TINTS[1] - 1)).astype(np.uint8)
    counted = cv2.calcHist([tinted], [0, 1, 2], None, [SHADES, SHADES, SHADES], [0, 256, *TINTS, *TINTS])
    for _axis in range(3):
        counted = np.tensordot(counted, SOFT, (0, 0))  # the first axis, which goes last
    return np.asarray(counted / counted.sum(), np.float32)


def alike(worn: Mapping[int, Colours], seen: Mapping[int, Colours]) -> float | None:
    """0 for no colour in common … 1 for the same (Bhattacharyya); None where no side is known of both."""
    both = [float(np.sqrt(worn[side] * seen[side]).sum()) for side in seen if side in worn]
    return sum(both) / len(both) if both else None


def learnt(worn: Clothes, seen: Clothes) -> Clothes:
    return worn | {side: worn.get(side, new) + LEARN * (new - worn.get(side, new)) for side, new in seen.items()}


def free_sides(box: Box, others: Iterable[tuple[float, float]]) -> set[int]:
    """Where nobody else can stand before the clothes."""
    free = {-1, 0, 1}
    for x, y in others:
        away, down = (x - box.centre[0]) / box.width, (y - box.centre[1]) / box.height
        if max(abs(away), abs(down)) < ITSELF or not -ABOVE < down < BENEATH:
            continue
        if abs(away) < CLOSE:
            return set()
        if abs(away) < REACH:
            free &= {-1 if away > 0 else 1}
        elif abs(away) < REACH + BESIDE:
            free -= {1 if away > 0 else -1}
    return free
