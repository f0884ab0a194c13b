"""The tiles of the live page: one a student, all of them as one piece of HTML, which is what costs least."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.palette import LOOKS
from app.sparkline import sparkline_svg
from monitor.insight.students import Seen, StudentNow
from monitor.words import _, later, percent

STYLE = """<style>
.tiles {display: grid; grid-template-columns: repeat(auto-fill, minmax(185px, 1fr)); gap: .6rem;
  margin-bottom: .8rem;}
.tile {border: 1px solid rgba(128,128,128,.28); border-left-width: 5px; border-radius: .6rem;
  padding: .5rem .7rem .4rem .7rem; min-height: 106px; overflow: hidden;}
.tile h4 {margin: 0; padding: 0; font-size: 1rem; font-weight: 600; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis;}
.tile p {margin: .15rem 0 .2rem 0; font-size: .86rem; opacity: .85; line-height: 1.25;}
.tile.quiet {border-style: dashed;} .tile.quiet h4, .tile.quiet p {opacity: .62;}
.tile.lost {border-color: #D55E00;}
.tile svg {width: 100%; height: 24px; display: block;}
@media (max-width: 640px) {.tiles {grid-template-columns: 1fr 1fr;} .tile {padding: .4rem .5rem;}}
</style>"""

CHOSEN = {
    Seen.PAUSED: later("paused by the student"),
    Seen.LEFT: later("has left"),
    Seen.WAITING: later("not joined yet"),
}
SIGNS = {Seen.NO_FACE: "◌", Seen.PAUSED: "⏸", Seen.LEFT: "👋", Seen.WAITING: "…", Seen.LOST: "📡"}


def tiles(students: Sequence[StudentNow]) -> str:
    """Safe HTML: every name is escaped."""
    return STYLE + '<div class="tiles">' + "".join(_tile(one) for one in students) + "</div>"


def _tile(one: StudentNow) -> str:
    name = escape(one.student.name)
    if one.seen is Seen.FACE and one.top:
        emotion = one.top[0][0]
        sign, colour, kind = LOOKS[emotion].emoji, LOOKS[emotion].colour, ""
    else:
        sign, colour, kind = SIGNS.get(one.seen, "◌"), "#8A8A8A", "lost" if one.seen is Seen.LOST else "quiet"
    spark = sparkline_svg(one.moods) if one.seen in (Seen.FACE, Seen.NO_FACE) else ""
    return (
        f'<div class="tile {kind}" style="border-left-color:{colour}" data-seen="{one.seen}">'
        f'<h4 title="{name}">{sign} {name}</h4><p>{_words(one)}</p>{spark}</div>'
    )


def _words(one: StudentNow) -> str:
    if one.seen is Seen.FACE:
        return "<br>".join(f"{LOOKS[emotion].word} {percent(probability)}" for emotion, probability in one.top)
    if one.seen is Seen.NO_FACE:
        if one.face_age_s is None:
            return _("no face seen yet")
        return _("no face for {time}").format(time=length(one.face_age_s))
    if one.seen is Seen.LOST:
        return (
            _("connection lost {time} ago").format(time=length(one.sample_age_s))
            if one.sample_age_s
            else _("camera not started")
        )
    return _(CHOSEN[one.seen])


def length(seconds: float | None) -> str:
    """A time span in words: 8 s, 3 min, 2 h."""
    if seconds is None:
        return _("some time")
    if seconds < 90:
        return _("{seconds} s").format(seconds=round(seconds))
    if seconds < 5400:
        return _("{minutes} min").format(minutes=round(seconds / 60))
    return _("{hours} h").format(hours=round(seconds / 3600))
