"""Makes a small set in the layout of Cohn-Kanade+."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

LABELLED = {"S005/001": 3, "S005/002": 5, "S010/001": 1, "S011/001": 7, "S014/004": 6, "S022/003": 4}


def add(root: Path, take: str, number: object = None, frames: int = 4, landmarks: bool = True) -> None:
    """One sequence; `number` is what stands in its label's file, None for no file."""
    stem = take.replace("/", "_")
    for frame in range(1, frames + 1):
        name = f"{stem}_{frame:08d}"
        noise = np.random.default_rng(list(name.encode())).integers(0, 256, (49, 64), dtype=np.uint8)
        PillowImage.fromarray(noise).save(_made(root / "cohn-kanade-images" / take) / f"{name}.png")
        if landmarks:
            points = "\n".join(f"   {x}.5e+00   {frame}.0e+00" for x in range(68))
            (_made(root / "Landmarks" / take) / f"{name}_landmarks.txt").write_text(points)
    _made(root / "Emotion" / take)
    if number is not None:
        text = f"   {number:.7e}\n" if isinstance(number, int) else str(number)
        (root / "Emotion" / take / f"{stem}_{frames:08d}_emotion.txt").write_text(text)


def small_set(root: Path) -> Path:
    for take, number in LABELLED.items():
        add(root, take, number)
    return root


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
