"""A tour for who opens the dashboard for the first time: five short steps, each with what to do, and a way out."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app import resources
from app.guard import guarded
from monitor.words import _

STEP = "tour_step"
LAST = 4


def offer_tour() -> None:
    """Open as long as no lesson was measured here; then, or when it was skipped, a button."""
    if STEP not in st.session_state:
        st.session_state[STEP] = 0 if _is_new() else None
    _tour()


def _is_new() -> bool:
    lessons = resources.store().lessons
    return not lessons.running() and all(lesson.made_up for lesson in lessons.ended())


@st.fragment
def _tour() -> None:
    with guarded():
        step = st.session_state[STEP]
        if step is None:
            st.button(_("Show me around"), icon=":material/explore:", type="tertiary", on_click=_go, args=(0,))
            return
        title, words, link = _steps()[step]
        with st.container(border=True, width=640):
            st.caption(_("First steps, {step} of {all}").format(step=step + 1, all=LAST + 1))
            st.markdown(f"**{title}**\n\n{words}")
            if link:
                st.code(link, language=None)
            with st.container(horizontal=True):
                st.button(_("Back"), on_click=_go, args=(step - 1,), disabled=step == 0)
                if step < LAST:
                    st.button(_("Next"), on_click=_go, args=(step + 1,))
                st.button(_("Done") if step == LAST else _("Skip"), type="tertiary", on_click=_go, args=(None,))


def _go(step: int | None) -> None:
    st.session_state[STEP] = step


def _steps() -> tuple[tuple[str, str, str], ...]:
    """Title, words, and a link to copy if there is one."""
    return (
        (
            _("Look first"),
            _("**Open a sample lesson** shows what you will get: the mood over time and moments worth a look."),
            "",
        ),
        (
            _("Let students try their cameras"),
            _("Send them this link before the first lesson. It says in plain words what is wrong, and what to do."),
            _check_link(),
        ),
        (
            _("Start a lesson"),
            _("A title is enough. You get a code and a QR code to show; who joins reads first what is measured."),
            "",
        ),
        (
            _("Watch, then end it"),
            _("**Live** has a figure and a chart of the class and a tile a student. **End lesson** opens the report."),
            "",
        ),
        (
            _("Read it with care"),
            _("A face is not a feeling, and the network errs in three faces of ten. Ask the class; judge nobody."),
            "",
        ),
    )


def _check_link() -> str:
    parts = urlsplit(resources.settings().public_url or st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}/?check"
