"""Draws boxes with names on a room's picture. Nothing of it is kept but the small labels, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from monitor.domain import Box, Image

# The only size that this font of pictures has; Apple's and Microsoft's have others and are not read.
EMOJI_FONTS = (
    Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"),
    Path("/usr/share/fonts/noto/NotoColorEmoji.ttf"),
    Path("/usr/share/fonts/google-noto-emoji/NotoColorEmoji.ttf"),
)
EMOJI_SIZE = 109
LABEL_PART, SMALLEST_LABEL, LARGEST_LABEL = 1 / 34, 14, 40
"""Height of a label's letters: as part of the picture's height; pixels."""
LABELS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Mark:
    """A face on the picture: `colour` as `#E69F00`, `number` and `name` as the list beside the picture has them."""

    box: Box
    number: int
    name: str
    emoji: str
    word: str
    colour: str


def drawn(image: Image, marks: Iterable[Mark]) -> Image:
    """A new picture with a box and a label around each face; labels stay inside of the picture."""
    picture = image.copy()
    size = int(np.clip(image.shape[0] * LABEL_PART, SMALLEST_LABEL, LARGEST_LABEL))
    for mark in marks:
        _box(picture, mark.box, mark.colour, max(2, size // 9))
        text = f"{mark.number} {mark.name}".strip()
        _label(picture, label(text, mark.emoji, mark.word, mark.colour, size), mark.box)
    return picture


def as_jpeg(image: Image, quality: int = 80) -> bytes:
    _done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return coded.tobytes()


@lru_cache(maxsize=LABELS_KEPT)
def label(text: str, emoji: str, word: str, colour: str, size: int) -> Image:
    """Dark or light letters on the colour, with the emoji where this computer can draw it, else the word."""
    sign = _emoji(emoji, size)
    words = text if sign is not None else f"{text} {word}"
    font, gap = _font(size), size // 3
    width = int(font.getlength(words)) + 2 * gap + (0 if sign is None else size + gap)
    plate = PIL.Image.new("RGB", (width, round(size * 1.5)), colour)
    ink = "black" if _bright(colour) else "white"
    PIL.ImageDraw.Draw(plate).text((gap, plate.height / 2), words, ink, font, anchor="lm")
    if sign is not None:
        plate.paste(sign, (width - gap - size, (plate.height - sign.height) // 2), sign)
    return np.ascontiguousarray(np.asarray(plate, np.uint8)[:, :, ::-1])


def _box(picture: Image, box: Box, colour: str, thickness: int) -> None:
    corner, other = (round(box.x), round(box.y)), (round(box.x + box.width), round(box.y + box.height))
    cv2.rectangle(picture, corner, other, _bgr(colour), thickness, cv2.LINE_AA)


def _label(picture: Image, plate: Image, box: Box) -> None:
    """Above the box, or inside of it at the upper edge of the picture."""
    height, width = picture.shape[:2]
    plate = plate[:height, :width]
    left = int(np.clip(round(box.x), 0, width - plate.shape[1]))
    top = int(np.clip(round(box.y) - plate.shape[0], 0, height - plate.shape[0]))
    picture[top : top + plate.shape[0], left : left + plate.shape[1]] = plate


@cache
def _font(size: int) -> PIL.ImageFont.FreeTypeFont:
    """A font with many alphabets where this computer has one; Pillow's own has the Latin one."""
    try:
        return PIL.ImageFont.truetype("DejaVuSans-Bold.ttf", size)
    except OSError:
        own = PIL.ImageFont.load_default(size)
        assert isinstance(own, PIL.ImageFont.FreeTypeFont)
        return own


@cache
def _emoji_font() -> PIL.ImageFont.FreeTypeFont | None:
    for file in EMOJI_FONTS:
        try:
            return PIL.ImageFont.truetype(file, EMOJI_SIZE)
        except OSError:
            continue
    return None


@lru_cache(maxsize=64)
def _emoji(emoji: str, size: int) -> PIL.Image.Image | None:
    font = _emoji_font()
    if font is None:
        return None
    large = PIL.Image.new("RGBA", (EMOJI_SIZE + 28, EMOJI_SIZE + 19))
    PIL.ImageDraw.Draw(large).text((0, 0), emoji, font=font, embedded_color=True)
    return large.resize((size, size), PIL.Image.Resampling.LANCZOS)


def _bgr(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return blue, green, red


def _bright(colour: str) -> bool:
    """Whether black letters are easier to read on it than white ones (WCAG's relative luminance)."""
    blue, green, red = (((value / 255 + 0.055) / 1.055) ** 2.4 for value in _bgr(colour))
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179)
