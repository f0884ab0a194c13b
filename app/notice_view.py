"""What students read before their camera is on: the dashboard's words, or the school's own, which are edited here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from app import resources
from app.decisions import attempt
from app.guard import guarded
from app.trail import note
from monitor.domain import Lesson
from monitor.locale.reading import languages
from monitor.people import notice
from monitor.people.audit import Action
from monitor.people.consent import NOTICE_LENGTH, Notice, filled, version
from monitor.words import _, as_now, language, speak


def own_words() -> Notice | None:
    """The newest of the school."""
    found = resources.notices()
    return found[0] if found else None


def show_notice(lesson: Lesson) -> None:
    days, own = lesson.keep_days or resources.settings().keep_days, own_words()
    if own is not None:
        st.markdown(filled(own.in_language(language()), lesson.title, days))
        st.markdown(notice.seen(lesson.shown))
        return
    for line in notice.short(lesson.title, days):
        st.markdown(line)
    st.markdown(notice.seen(lesson.shown))
    with st.expander(_("Read more: what happens with a picture, and your rights")):
        st.markdown(notice.long())


def read_version() -> str:
    """Of the words that `show_notice` shows now, as a consent bears it."""
    own = own_words()
    return notice.version() if own is None else version(own.number, language())


def notice_button() -> None:
    if st.button(_("Notice to students"), icon=":material/contract_edit:"):
        st.dialog(_("What students read before they join"), width="large")(_edit)()


def _edit() -> None:
    with guarded():
        found = resources.notices()
        st.caption(
            _(
                "Markdown; {lesson} and {days} are filled in. How much is shown, and how one refuses, leaves and has "
                "everything deleted, stands below it always. Each change is a new version, and those before stay."
            )
        )
        now = found[0] if found else None
        for code, name in languages().items():
            text = _shipped(code) if now is None else now.texts.get(code, "")
            st.text_area(name, text, height=220, max_chars=NOTICE_LENGTH, key=f"notice-{code}")
        if st.button(_("Keep as a new version"), type="primary", width="stretch", on_click=attempt, args=_change()):
            st.rerun()
        if found:
            numbers = {one.number: one for one in found}
            zone = resources.zone()
            shown = st.selectbox(
                _("Versions"),
                list(numbers),
                format_func=lambda key: f"school-{key} · {numbers[key].written_at.astimezone(zone):%d %b %Y, %H:%M}",
                index=None,
                placeholder=_("Read an earlier version"),
            )
            if shown is not None:
                for code, text in numbers[shown].texts.items():
                    st.markdown(f"**{languages().get(code, code)}**\n\n{text}")


def _change() -> tuple[Callable[[], str], str]:
    def change() -> str:
        texts = {code: str(st.session_state.get(f"notice-{code}", "")) for code in languages()}
        written = resources.store().consents.write_notice(texts, datetime.now(UTC))
        note(Action.CONSENT, "notice", written.number, "edited")
        resources.notices.clear()
        return f"school-{written.number}"

    return change, _("Students read {name} from now on.")


def _shipped(code: str) -> str:
    """The dashboard's own words in that language, to begin with."""

    def words() -> str:
        speak(code)
        return "\n\n".join((*notice.short("{lesson}", 0), notice.long())).replace(" 0 ", " {days} ")

    return as_now(words)()
