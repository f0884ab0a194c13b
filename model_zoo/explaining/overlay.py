"""Draws explanations as pictures, BGR `uint8`, and writes them as PNG."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
SIDE = 352  # pixels of a drawn face
TILES = 16  # maps of a convolution that are shown
BORDER = 4  # pixels between them
# Light on dark, and told apart by colour-blind people.
COLOURS = cv2.COLORMAP_INFERNO
OPACITY = 0.55


def face(grey: NDArray[np.uint8]) -> Image:
    """(side, side) grey values → (SIDE, SIDE, 3), each pixel a block."""
    large = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def heat(grey: NDArray[np.uint8], values: NDArray[np.floating]) -> Image:
    """`values` (side, side) in 0..1 in colours over the face of the same size: black is 0, yellow 1."""
    colours = cv2.applyColorMap(_enlarged(values, SIDE), COLOURS)
    return np.asarray(cv2.addWeighted(colours, OPACITY, face(grey), 1 - OPACITY, 0), dtype=np.uint8)


def tiles(maps: NDArray[np.float32]) -> Image:
    """The strongest of (height, width, channels) maps in a square of tiles, the strongest first.

    Black is an answer of 0 or less, white the largest of all the tiles.
    """
    answers = np.maximum(maps, 0)
    order = np.argsort(-answers.mean(axis=(0, 1)), kind="stable")[:TILES]
    across = int(np.ceil(np.sqrt(len(order))))
    down = -(-len(order) // across)
    side = SIDE // across
    largest = float(answers[:, :, order].max()) or 1.0
    sheet = np.full((down * (side + BORDER), across * (side + BORDER)), 255, np.uint8)
    for place, channel in enumerate(order):
        top, left = (place // across) * (side + BORDER), (place % across) * (side + BORDER)
        sheet[top : top + side, left : left + side] = _enlarged(answers[:, :, channel] / largest, side)
    return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def write_png(image: Image, path: Path) -> None:
    """Raises OSError when the file cannot be written."""
    _, content = cv2.imencode(".png", image)
    path.write_bytes(content.tobytes())


def _enlarged(values: NDArray[np.floating], side: int) -> NDArray[np.uint8]:
    grey = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.resize(grey, (side, side), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
