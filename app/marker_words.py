"""What a marker is called on a page."""

from __future__ import annotations

from datetime import tzinfo

from monitor.teaching import Marker, MarkerKind
from monitor.words import _

ICONS = {
    MarkerKind.TOPIC: ":material/flag:",
    MarkerKind.EXERCISE: ":material/edit:",
    MarkerKind.QUESTION: ":material/help:",
    MarkerKind.QUIZ: ":material/quiz:",
    MarkerKind.BREAK: ":material/coffee:",
    MarkerKind.NOTE: ":material/sticky_note_2:",
}


def kind_word(kind: MarkerKind) -> str:
    return {
        MarkerKind.TOPIC: _("new topic"),
        MarkerKind.EXERCISE: _("exercise"),
        MarkerKind.QUESTION: _("question"),
        MarkerKind.QUIZ: _("quiz"),
        MarkerKind.BREAK: _("break"),
        MarkerKind.NOTE: _("own text"),
    }[kind]


def marker_word(marker: Marker) -> str:
    """The teacher's own text, else the kind."""
    return marker.text or kind_word(marker.kind)


def times_word(marker: Marker, zone: tzinfo) -> str:
    """`10:21:05`, of a span `10:21:05–10:26:00`, without the end while it is not known."""
    start = f"{marker.at.astimezone(zone):%H:%M:%S}"
    if not marker.is_span:
        return start
    return f"{start}–" if marker.until is None else f"{start}–{marker.until.astimezone(zone):%H:%M:%S}"


def plain(text: str) -> str:
    """Without what Markdown would make of it."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+-.!|~$:<>" else letter for letter in text)
