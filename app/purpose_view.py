"""The leaf “Purpose and law”: what was stated, by whom and when, and a new statement."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app import resources, signed_in
from app.decisions import remember
from app.plain import plain
from monitor.errors import AccountError
from monitor.people.purpose import EXPLAINED, Purpose, Statement, law, purpose_words
from monitor.words import _, day


def purpose() -> None:
    for paragraph in law():
        st.markdown(paragraph)
    stated = resources.store().statements.all()
    st.subheader(_("What was stated"))
    if not stated:
        st.warning(_("Nothing was stated yet, so no camera can be started."), icon=":material/videocam_off:")
    for number, one in enumerate(stated):
        holds = _("holds now") if number == 0 else _("earlier")
        st.markdown(f"**{_(EXPLAINED[one.purpose])}** · {holds}  \n{plain(one.words)}")
        when = day(one.at.astimezone(resources.zone()).date())
        st.caption(_("{author}, {date}").format(author=plain(one.author), date=when))
    with st.expander(_("State something else"), expanded=not stated):
        _state()


def _state() -> None:
    with st.form("statement", border=False):
        chosen = st.radio(
            _("Where and for what is it used?"), list(Purpose), index=None, format_func=lambda one: _(EXPLAINED[one])
        )
        words = st.text_area(_("The place, and the legal basis"), max_chars=2000)
        if not st.form_submit_button(_("State this"), type="primary"):
            return
    if chosen is None:
        st.error(_("Please choose where and for what this installation is used."))
        return
    account = signed_in.who()
    if account is None:
        return
    try:
        stated = Statement(chosen, purpose_words(words), account.name, datetime.now(UTC))
    except AccountError as error:
        st.error(str(error))
        return
    resources.store().statements.add(stated)
    resources.stated.clear()
    remember(_("The statement is kept."))
    st.rerun()
