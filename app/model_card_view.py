"""The card of a shipped network: what it learned from, what it is not for, and what the law says of using it."""

from __future__ import annotations

import streamlit as st

from model_zoo.model_card import facts
from model_zoo.weights import load_card, shipped
from monitor.people.purpose import law
from monitor.words import _


def model_card(network: str) -> None:
    """Nothing of a network that was measured and is not shipped but the law, which holds for all of them."""
    st.subheader(_("Card"))
    for paragraph in law():
        st.markdown(paragraph)
    if network not in shipped():
        st.caption(_("This network is not shipped: it has no files here, and so no card of them."))
        return
    with st.expander(_("What it learned from, its scores and its licence (in English)")):
        st.markdown("\n".join(f"- {fact}" for fact in facts(load_card(network))))
