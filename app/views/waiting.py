"""For an account that has no role yet."""

import streamlit as st

from monitor.words import _

st.title(_("You are signed in"))
st.write(_("An administrator has to say first what you may see. Please ask for it, then load this page again."))
