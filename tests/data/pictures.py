"""Makes a tiny FER2013: files named and foldered as in the Kaggle release."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from data.fer2013 import LABELS, SIDE

FOLDERS = {"Training": "train", "PublicTest": "test", "PrivateTest": "test"}


def jpeg(seed: int, width: int = SIDE, height: int = SIDE) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    content = io.BytesIO()
    PillowImage.fromarray(noise).save(content, format="JPEG")
    return content.getvalue()


def place(root: Path, split: str, label: str, number: int, content: bytes) -> Path:
    file = root / FOLDERS[split] / label / f"{split}_{number}.jpg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def tiny_release(root: Path, per_label: int = 2, splits: tuple[str, ...] = ("Training", "PublicTest")) -> Path:
    """`per_label` different pictures of every label in each split."""
    number = 0
    for split in splits:
        for label in LABELS:
            for _ in range(per_label):
                place(root, split, label, number, jpeg(number))
                number += 1
    return root
