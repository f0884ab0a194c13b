"""For administrators: who has an account, and where and for what this installation is used."""

import streamlit as st

from app.accounts_view import accounts
from app.decisions import say_remembered
from app.purpose_view import purpose
from monitor.words import _

st.title(_("Administration"))
say_remembered()
who, law = st.tabs([_("Accounts"), _("Purpose and law")])
with who:
    accounts()
with law:
    purpose()
