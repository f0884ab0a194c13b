"""The leaf “Accounts”: invited, given a role, disabled, and let in again."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import streamlit as st

from app import resources
from app.decisions import remember
from app.guard import toasted
from app.plain import plain
from app.trail import note
from monitor.errors import AccountError
from monitor.people.accounts import Account, Role
from monitor.people.audit import Action
from monitor.store.accounts import RESET_FOR
from monitor.words import _, number

LINK = "invitation"
NO_ROLE = ""


def accounts() -> None:
    _say_link()
    store, now = resources.store(), datetime.now(UTC)
    known, open_still = store.accounts.all(), store.accounts.open_invitations(now)
    _invite()
    for one in known:
        _row(one, one.id in open_still)
    st.caption(
        _(
            "Teachers see their own classes and lessons and those that others share with them. Observers see figures "
            "of shared classes, never names. An administrator is a teacher who also looks after accounts and may "
            "delete any lesson, but reads no report of others."
        )
    )


def _say_link() -> None:
    """Once: what stands in the link is kept nowhere."""
    if LINK not in st.session_state:
        return
    name, link, hours = st.session_state.pop(LINK)
    with st.container(border=True):
        st.markdown(
            _("Send this link to **{name}**. It works once, for {hours} hours, and is shown only now.").format(
                name=plain(name), hours=number(hours, ".0f")
            )
        )
        st.code(link, language=None, wrap_lines=True)


def _invite() -> None:
    with st.expander(_("Invite somebody"), icon=":material/person_add:"), st.form("invite", border=False):
        left, right = st.columns([2, 1])
        name = left.text_input(_("Name to sign in with"), placeholder="ada.lovelace", max_chars=120)
        role = right.selectbox(_("Role"), list(Role), index=list(Role).index(Role.TEACHER), format_func=_)
        if not st.form_submit_button(_("Make a link"), type="primary", width="stretch"):
            return
        try:
            made = resources.store().accounts.create(name, role, datetime.now(UTC))
        except AccountError as error:
            st.error(str(error))
            return
        note(Action.ROLES, "account", made.id, f"added {role}")
        _make_link(made)
        st.rerun()


def _row(one: Account, invited: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(one.name)}**  \n{_state(one, invited)}", width="stretch")
        key = f"role-{one.id}"
        st.selectbox(
            _("Role of {name}").format(name=one.name),
            [NO_ROLE, *Role],
            index=[None, *Role].index(one.role),
            format_func=lambda role: _(role) if role else _("no role"),
            key=key,
            label_visibility="collapsed",
            width=180,
            on_change=_give_role,
            args=(one.id, key),
        )
        st.button(_("New link"), key=f"reset-{one.id}", on_click=_reset, args=(one,), disabled=one.disabled)
        word, does = (_("Let in again"), _enable) if one.disabled else (_("Disable"), _disable)
        st.button(word, key=f"{does.__name__}-{one.id}", on_click=does, args=(one,))


def _state(one: Account, invited: bool) -> str:
    if one.disabled:
        return _("disabled")
    parts = [_("no role yet") if one.role is None else _(one.role)]
    parts += [_("from the school's sign-in")] if one.by_provider else []
    parts += [_("a link is open")] if invited else []
    return " · ".join(parts)


def _make_link(account: Account) -> None:
    """For who was just made, a week; it voids an older one."""
    token = resources.store().accounts.invite(account.id, datetime.now(UTC))
    st.session_state[LINK] = (account.name, invitation_link(token), 168)


@toasted
def _reset(account: Account) -> None:
    token = resources.store().accounts.invite(account.id, datetime.now(UTC), RESET_FOR)
    note(Action.ROLES, "account", account.id, "reset")
    st.session_state[LINK] = (account.name, invitation_link(token), RESET_FOR.total_seconds() / 3600)


@toasted
def _give_role(account_id: int, key: str) -> None:
    wanted = st.session_state.pop(key)
    changed = resources.store().accounts.give_role(account_id, Role(wanted) if wanted else None)
    note(Action.ROLES, "account", account_id, f"role={wanted or 'none'}")
    remember(_("The role of {name} is changed.").format(name=plain(changed.name)))


@toasted
def _disable(account: Account) -> None:
    resources.store().accounts.disable(account.id, datetime.now(UTC))
    note(Action.ROLES, "account", account.id, "disabled")


@toasted
def _enable(account: Account) -> None:
    resources.store().accounts.enable(account.id)
    note(Action.ROLES, "account", account.id, "enabled")


def invitation_link(token: str) -> str:
    parts = urlsplit(resources.settings().public_url or st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}/invitation?token={token}"
