"""How a marker is shown on a page."""

from __future__ import annotations

from datetime import tzinfo

from monitor.teaching import Marker, MarkerKind

ICONS = {
    MarkerKind.TOPIC: ":material/flag:",
    MarkerKind.EXERCISE: ":material/edit:",
    MarkerKind.QUESTION: ":material/help:",
    MarkerKind.QUIZ: ":material/quiz:",
    MarkerKind.BREAK: ":material/coffee:",
    MarkerKind.NOTE: ":material/sticky_note_2:",
}


def times_word(marker: Marker, zone: tzinfo) -> str:
    """`10:21:05`, of a span `10:21:05–10:26:00`, without the end while it is not known."""
    start = f"{marker.at.astimezone(zone):%H:%M:%S}"
    if not marker.is_span:
        return start
    return f"{start}–" if marker.until is None else f"{start}–{marker.until.astimezone(zone):%H:%M:%S}"


def plain(text: str) -> str:
    """Without what Markdown would make of it."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+-.!|~$:<>" else letter for letter in text)
