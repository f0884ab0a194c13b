"""How much of a lesson is shown: chosen at its start, told to students, and afterwards only made stricter."""

from __future__ import annotations

import streamlit as st

from app import resources, trail
from app.guard import toasted
from monitor.domain import LEVELS, Lesson, Shown
from monitor.people.audit import Action
from monitor.words import _

ICONS = {Shown.NAMES: ":material/badge:", Shown.PSEUDONYMS: ":material/masks:", Shown.CLASS: ":material/groups:"}


def level_word(shown: Shown) -> str:
    words = {Shown.NAMES: _("Names"), Shown.PSEUDONYMS: _("Pseudonyms"), Shown.CLASS: _("Class only")}
    return words[shown]


def level_told(shown: Shown) -> str:
    """To the teacher."""
    if shown is Shown.NAMES:
        return _("Each student's expressions, beside the name.")
    if shown is Shown.PSEUDONYMS:
        return _("Each student's expressions, beside a made-up name such as Otter 372, the same in all lessons.")
    return _("Figures of five students or more, every half-minute. Nothing of a single one, now or afterwards.")


def choose_level() -> Shown:
    """Names to begin with: that is what the live page is for, and students read it before a camera is on. Whoever
    wants less has it before them in the same form."""
    return st.radio(
        _("How much is shown"),
        LEVELS,
        format_func=level_word,
        captions=[level_told(one) for one in LEVELS],
        help=_("Students are told before they join. Afterwards it can only be made stricter."),
    )


def level_button(lesson: Lesson) -> None:
    """Says how much is shown, and shows less."""
    strictest = lesson.shown is LEVELS[-1]
    if st.button(
        level_word(lesson.shown),
        icon=ICONS[lesson.shown],
        disabled=strictest,
        help=level_told(lesson.shown),
        key="level",
    ):
        st.dialog(_("Show less of this lesson?"))(_ask)(lesson)


def _ask(lesson: Lesson) -> None:
    for one in LEVELS:
        if one.stricter_than(lesson.shown):
            st.markdown(f"**{level_word(one)}** · {level_told(one)}")
            if st.button(
                _("From now on: {level}").format(level=level_word(one)),
                key=f"level-{one.name}",
                on_click=_show_less,
                args=(lesson, one),
                width="stretch",
            ):
                st.rerun()
    st.caption(_("There is no way back: students are told that less is shown."))


@toasted
def _show_less(lesson: Lesson, shown: Shown) -> None:
    resources.store().lessons.show_less(lesson.id, shown)
    trail.note(Action.SHOW_LESS, "lesson", lesson.id, f"shown={shown.name.lower()}")
    resources.close_room_camera(lesson.id)
