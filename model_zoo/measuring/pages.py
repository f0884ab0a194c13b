"""One page for a browser that needs nothing else: plotly is inside it, and every figure stands beside its table,
which a keyboard and a screen reader reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1f2933; background: #fff; }
h1, h2 { line-height: 1.2; }
.scrolls { overflow-x: auto; }
.scrolls:focus { outline: 3px solid #0072B2; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { padding: .2rem .8rem .2rem 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { border-bottom: 1px solid #9aa5b1; }
"""
CONFIG = {"displaylogo": False, "responsive": True}


@dataclass(frozen=True)
class Table:
    """Its first row are the names of the columns."""

    caption: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """A heading, what is to be known of the figure, the figure (plotly's), and the same in numbers."""

    title: str
    words: str
    figure: Any
    table: Table


def page(title: str, words: str, sections: Sequence[Section]) -> str:
    """HTML; plotly's script goes in once, with the first figure."""
    parts = [f"<h1>{escape(title)}</h1><p>{escape(words)}</p>"]
    for place, section in enumerate(sections):
        drawn = section.figure.to_html(full_html=False, include_plotlyjs=place == 0, config=CONFIG)
        parts.append(
            f"<section><h2>{escape(section.title)}</h2><p>{escape(section.words)}</p>"
            f'<div role="img" aria-label="{escape(section.title)}: the table below has its numbers">{drawn}</div>'
            f"{_table(section.table)}</section>"
        )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _table(table: Table) -> str:
    head, *body = table.rows
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in body)
    return (
        f'<div class="scrolls" tabindex="0" role="region" aria-label="{escape(table.caption)}"><table>'
        f"<caption>{escape(table.caption)}</caption><thead><tr>{names}</tr></thead><tbody>{lines}</tbody>"
        "</table></div>"
    )
