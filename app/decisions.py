"""Questions that come before something is changed for good, and what a page says after the change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.guard import guarded
from app.plain import plain
from monitor.errors import LessonError
from monitor.people.roster import PassedOver
from monitor.words import _, counted

PASSED_OVER_SHOWN = 50


def decide(yes: str, change: Callable[[], str], told: str, no: str) -> None:
    """The two buttons of a dialog. `change` gives the {name} of `told`."""
    agree, refuse = st.columns(2)
    agreed = agree.button(yes, type="primary", width="stretch", on_click=attempt, args=(change, told))
    if refuse.button(no, width="stretch") or agreed:
        st.rerun()


def attempt(change: Callable[[], str], told: str) -> None:
    """Makes the change; the next run of the page says what came of it."""
    with guarded():
        try:
            remember(told.format(name=plain(change())))
        except LessonError as error:
            st.session_state["refused"] = str(error)
    # A widget forgets what was chosen when it is another one.
    st.session_state["attempts"] = attempts() + 1


def attempts() -> int:
    return int(st.session_state.get("attempts", 0))


def remember(told: str, passed_over: Sequence[PassedOver] = ()) -> None:
    """What the next run of the page is to say."""
    st.session_state["told"] = told, tuple(passed_over)


def say_remembered() -> None:
    if "refused" in st.session_state:
        st.error(st.session_state.pop("refused"))
    told, passed_over = st.session_state.pop("told", (None, ()))
    if told is not None:
        st.success(told, icon="✅")
    if passed_over:
        _say_passed_over(passed_over)


def _say_passed_over(passed_over: Sequence[PassedOver]) -> None:
    words = counted("{n} line was passed over", "{n} lines were passed over", len(passed_over))
    with st.expander(words, expanded=True):
        for one in passed_over[:PASSED_OVER_SHOWN]:
            line = _("line {line}").format(line=one.line)
            st.markdown(f"**{line}** · {plain(one.text[:80]) or '–'} · {plain(one.why)}")
        if len(passed_over) > PASSED_OVER_SHOWN:
            st.caption(_("and {n} more").format(n=len(passed_over) - PASSED_OVER_SHOWN))
