"""What a student sees of the own measurement: the likeliest emotion, large, and whether it is on."""

from __future__ import annotations

import streamlit as st

from app import resources
from app.guard import guarded
from app.palette import LOOKS
from monitor.domain import Picture, Presence, Reading, Student
from monitor.words import _, percent

SILENT_AFTER_S = 4.0
MARK = '<p style="font-weight:600;margin:.4rem 0 0"><span style="color:#009E73">●</span> {words}</p>'


@st.fragment(run_every=2.0)
def own_panel(student: Student, stream: str, playing: bool) -> None:
    """Refreshes every other second, from memory: in a class of thirty each run of each page counts."""
    with guarded():
        if not resources.runs(student.lesson_id):
            st.rerun(scope="app")  # the page says that it is over
        if student.presence is Presence.PAUSED:
            _say("⏸", _("Paused"), _("Nothing is measured. Press START to go on."))
            return
        room = resources.classroom()
        if playing and not room.seated(stream):
            # Taken over by another device, or deleted: the page says which.
            st.rerun(scope="app")
        if not playing:
            _say("📷", _("Camera is off"), _("Press START. Nothing is measured until then."))
            return
        _measured(room.latest(stream))


def _measured(reading: Reading | None) -> None:
    if reading is None:
        _say(
            "⏳",
            _("Connecting …"),
            _("If this takes more than ten seconds, stop the camera and press START again."),
        )
    elif (resources.now() - reading.at).total_seconds() > SILENT_AFTER_S:
        told = _("No picture arrives. It comes back by itself; if not, press START again.")
        _say("📡", _("Connection lost"), told)
    elif reading.picture is Picture.BLACK:
        _say("🌑", _("The picture is black"), _("Uncover the camera or switch on a light."))
    elif reading.picture is Picture.FROZEN:
        _say("🧊", _("The picture is frozen"), _("Stop the camera and press START again."))
    elif reading.scores is None:
        _say("◌", _("No face seen"), _("Look at the camera, come into the light, hold the phone upright."))
    else:
        _face(reading)


def _face(reading: Reading) -> None:
    assert reading.scores is not None
    (first, likely), (second, less) = reading.scores.top(2)
    then = _("then {emotion} {share}").format(emotion=LOOKS[second].word, share=percent(less))
    mark = MARK.format(words=_("being measured"))
    _say(LOOKS[first].emoji, f"{LOOKS[first].word} {percent(likely)}", then, mark)
    if reading.faces > 1:
        told = _("{n} faces in your picture; the one that was there first counts.")
        st.caption(told.format(n=reading.faces))


def _say(sign: str, headline: str, text: str, mark: str = "") -> None:
    st.html(
        f'<div style="font-size:4.2rem;line-height:1.1">{sign}</div>'
        f'<div style="font-size:1.35rem;font-weight:600">{headline}</div><div>{text}</div>'
        f"{mark}"
    )
