"""Which language whoever looks at a page reads: as chosen, else as their browser asks for, else English."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from monitor.locale.reading import ENGLISH, languages, nearest
from monitor.words import _, ask_reader, speak

CHOSEN = "language"
# A quiet place in the header, where neither the pages' names nor Streamlit's menu stand.
STYLE = """<style>
.st-key-languages {position: fixed; top: .85rem; right: 4rem; width: auto; z-index: 1000000;}
.st-key-languages button {min-height: 2rem; padding: 0 .4rem; border: 0; background: transparent;}
/* Where a page has no header of its own, what is scrolled goes by below them. */
.st-key-languages button, .st-key-account button {backdrop-filter: blur(.5rem);
  background: color-mix(in srgb, Canvas 90%, transparent);}
</style>"""
# Screen readers choose their voice by it.
TOLD = '<script>document.documentElement.lang = "{language}"</script>'


def readers_language() -> str:
    """For `ask_reader`: pages, fragments, dialogs and callbacks all run in threads that know their reader."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(CHOSEN) or nearest(st.context.locale))


ask_reader(readers_language)


def settle_language() -> None:
    """First on every page: an address with `?lang=de` chooses, and the address keeps what was chosen."""
    wanted = st.query_params.get("lang")
    if wanted in languages():
        st.session_state[CHOSEN] = wanted
    elif CHOSEN in st.session_state:
        st.query_params["lang"] = st.session_state[CHOSEN]
    speak(readers_language())


def choose_language() -> None:
    spoken = readers_language()
    st.html(STYLE + TOLD.format(language=spoken), unsafe_allow_javascript=True)
    with st.container(key="languages"), st.popover(spoken.upper(), icon=":material/language:", help=_("Language")):
        st.radio(
            _("Language"),
            list(languages()),
            index=list(languages()).index(spoken),
            format_func=languages().__getitem__,
            key="language_wanted",
            on_change=_choose,
        )


def _choose() -> None:
    st.session_state[CHOSEN] = st.query_params["lang"] = st.session_state["language_wanted"]
    speak(st.session_state[CHOSEN])
