"""For administrators: who has an account, and where and for what this installation is used, and who did what."""

import streamlit as st

from app.accounts_view import accounts
from app.all_lessons_view import all_lessons
from app.audit_view import audit
from app.decisions import say_remembered
from app.purpose_view import purpose
from monitor.words import _

st.title(_("Administration"))
say_remembered()
who, lessons, law, log = st.tabs([_("Accounts"), _("Lessons of all"), _("Purpose and law"), _("Who did what")])
with who:
    accounts()
with lessons:
    all_lessons()
with law:
    purpose()
with log:
    audit()
