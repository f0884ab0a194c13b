"""One page of a data set for a browser: bars of its labels, pictures, the mean face of each label."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from data.description import Description
from data.pictures import LABELS, Pictures

EXAMPLES = 12
SHOWN_REASONS = 50
WIDTH, ROW, WORDS = 640, 22, 90  # pixels of a bar chart, of one of its rows, of the names beside it

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1f2933; background: #fff; }
h1, h2 { line-height: 1.2; }
table { border-collapse: collapse; }
th, td { padding: .2rem .8rem .2rem 0; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
.faces { display: flex; flex-wrap: wrap; gap: 4px; }
.faces img { width: 72px; height: 72px; image-rendering: pixelated; }
.faces .mean { outline: 3px solid #2f6fab; margin-right: 8px; }
svg { max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { body { color: #e4e7eb; background: #1f2933; } }
"""


def write_page(description: Description) -> str:
    """HTML that needs nothing else: pictures and bars are inside it. It shows the data set's pictures, so it is no
    more the project's to publish than they are."""
    title = f"{description.kind}: {description.path.name}"
    parts = [f"<h1>{escape(title)}</h1>", _summary(description)]
    for each in description.pictures:
        parts += [f"<h2>{escape(each.split)}</h2>", _bars(description.counts[each.split])]
    parts.append("<h2>Pictures</h2><p>First the mean of all pictures of a label, then the first that are there.</p>")
    parts += [_faces(description.pictures[0], label) for label in LABELS]
    parts += [
        _listed("Copies with different labels", [", ".join(group) for group in description.copies.conflicting]),
        _listed("Passed over", description.passed_over),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _summary(description: Description) -> str:
    copied = description.copies
    rows = [
        ("pictures", copied.files),
        ("distinct", copied.distinct),
        *((f"of {other} also in {one}", count) for (one, other), count in copied.crossing.items()),
        ("groups of copies with different labels", len(copied.conflicting)),
        ("files passed over", len(description.passed_over)),
    ]
    cells = "".join(f"<tr><td>{escape(name)}</td><td>{count:,}</td></tr>" for name, count in rows)
    return f"<table>{cells}</table>"


def _bars(counts: dict[str, int]) -> str:
    highest, total = max(counts.values()), sum(counts.values())
    rows = []
    for place, (label, count) in enumerate(counts.items()):
        top, length = place * ROW, (WIDTH - WORDS - 140) * count / highest
        rows.append(
            f'<text x="0" y="{top + 16}" fill="currentColor">{label}</text>'
            f'<rect x="{WORDS}" y="{top + 3}" width="{length:.1f}" height="{ROW - 6}" fill="#2f6fab"/>'
            f'<text x="{WORDS + length + 6:.1f}" y="{top + 16}" fill="currentColor">'
            f"{count:,} ({count / total:.1%})</text>"
        )
    said = ", ".join(f"{label} {count}" for label, count in counts.items())
    return (
        f'<svg role="img" aria-label="{said}" width="{WIDTH}" height="{len(counts) * ROW}" '
        f'viewBox="0 0 {WIDTH} {len(counts) * ROW}" font-size="14">{"".join(rows)}</svg>'
    )


def _faces(pictures: Pictures, label: str) -> str:
    places = [place for place, each in enumerate(pictures.labels) if each == label]
    if not places:
        return f"<h3>{label}</h3><p>None.</p>"
    mean = pictures.images[places].mean(axis=0).astype(np.uint8)
    shown = [_picture(mean, f"mean of {label}", "mean")]
    shown += [_picture(pictures.images[place], pictures.names[place], "one") for place in places[:EXAMPLES]]
    return f'<h3>{label}</h3><div class="faces">{"".join(shown)}</div>'


def _picture(image: NDArray[np.uint8], name: str, kind: str) -> str:
    content = io.BytesIO()
    PillowImage.fromarray(image).save(content, format="PNG")
    inside = base64.b64encode(content.getvalue()).decode()
    return f'<img class="{kind}" alt="{escape(name)}" title="{escape(name)}" src="data:image/png;base64,{inside}">'


def _listed(title: str, lines: list[str] | tuple[str, ...]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines[:SHOWN_REASONS])
    more = f"<p>And {len(lines) - SHOWN_REASONS:,} more.</p>" if len(lines) > SHOWN_REASONS else ""
    return f"<h2>{title}</h2><ul>{items}</ul>{more}"
