"""Whose account somebody on a roster signs in with: a student then finds the own lessons without a code."""

from __future__ import annotations

import streamlit as st

from app import resources
from app.decisions import decide
from app.guard import guarded
from app.plain import plain
from app.trail import note
from monitor.people.accounts import Role
from monitor.people.audit import Action
from monitor.teaching import Member
from monitor.words import _

NOBODYS = 0


def account_button(own: list[Member]) -> None:
    told = _("The account with which this student sees the own lessons.")
    if st.button(_("Account"), icon=":material/account_circle:", disabled=len(own) != 1, help=told):
        st.dialog(_("Whose account is it?"))(_choose)(own[0])


def _choose(member: Member) -> None:
    with guarded():
        store = resources.store()
        names = {one.id: one.name for one in store.accounts.all() if one.role is Role.STUDENT and not one.disabled}
        now = store.own.linked(member.class_id).get(member.id)
        if now is None and not names:
            st.write(
                _("There is no student's account yet. An administrator invites them, or the school's sign-in does.")
            )
            return
        ids = [NOBODYS, *names]
        key = f"account-{member.id}"
        st.selectbox(
            _("Account of {name}").format(name=member.name),
            ids,
            index=ids.index(now.id) if now is not None and now.id in names else 0,
            format_func=lambda one: names.get(one, _("none")),
            key=key,
        )
        st.caption(
            _("Whoever signs in with it sees, takes along and deletes what is kept of {name}.").format(
                name=plain(member.name)
            )
        )

        def link() -> str:
            chosen = st.session_state[key]
            resources.store().own.link(member.id, chosen or None)
            note(Action.ROLES, "member", member.id, f"account={chosen or 'none'}")
            return member.name

        decide(_("Link it"), link, _("The account of {name} is kept."), _("Leave it"))
