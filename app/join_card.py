"""How students get in: link, code, QR; and who is in already."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import segno
import streamlit as st

from app import resources
from app.class_view import at_least
from app.guard import guarded
from app.plain import plain
from monitor.domain import Lesson, Presence, Shown
from monitor.insight.pseudonyms import as_shown
from monitor.words import _


def join_link(lesson: Lesson) -> str:
    """The address students open: of the settings, else as the teacher's browser reached this page."""
    base = resources.settings().public_url or st.context.url or ""
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}/?join={lesson.code}"


def join_card(lesson: Lesson) -> None:
    link = join_link(lesson)
    picture, words = st.columns([1, 1], gap="large", vertical_alignment="center")
    with picture:
        st.image(_qr(link), width="stretch", alt=_("QR code of the link {link}").format(link=link))
    with words:
        st.html(
            f'<div>{_("Code")}</div><div style="font-size:clamp(2.2rem,5.4vw,4.3rem);font-weight:700;'
            f'letter-spacing:.06em;line-height:1.05;white-space:nowrap">{lesson.code}</div>'
        )
        st.code(link, language=None)
        if urlsplit(link).hostname in ("localhost", "127.0.0.1"):
            st.caption(
                _(
                    "This address works on this computer only. For phones and other computers set `public_url` to "
                    "an https address of this computer: browsers give a camera to nothing less."
                )
            )
        _joined(lesson)
        _guests(lesson)


@st.fragment(run_every=2.0)
def _joined(lesson: Lesson) -> None:
    with guarded():
        if lesson.shown is Shown.CLASS:
            st.markdown(_("{n} joined").format(n=at_least(resources.present(lesson.id))))
            return
        store = resources.store()
        students = as_shown(store, lesson, store.people.students(lesson.id))
        here = [one.name for one in students if one.presence is not Presence.INVITED]
        joined = _("**{here}** of {all} joined").format(here=len(here), all=len(students))
        st.markdown(joined if students else _("Nobody has joined yet."))
        st.caption(" · ".join(map(plain, here)))


def _guests(lesson: Lesson) -> None:
    """Can be changed while the lesson runs: somebody may come who is on no list."""
    key = f"guests-of-{lesson.id}"
    st.toggle(
        _("Guests may join"),
        value=lesson.guests,
        key=key,
        help=_("A guest joins under a name that is not on the list of this lesson."),
        on_change=lambda: resources.store().lessons.let_guests(lesson.id, bool(st.session_state[key])),
    )


def _qr(link: str) -> str:
    """An SVG, black on white in any theme, so that a camera far away reads it."""
    out = io.BytesIO()
    code = segno.make(link, error="m")
    code.save(out, kind="svg", border=3, dark="#000", light="#fff", xmldecl=False, scale=12)
    return out.getvalue().decode()
