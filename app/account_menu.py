"""The account's own corner in the header: who is signed in, another password, the way out."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app import resources, school, signed_in
from app.plain import plain
from app.trail import note
from monitor.errors import AccountError
from monitor.people.accounts import Account
from monitor.people.audit import Action
from monitor.people.signing_in import change_password
from monitor.words import _

STYLE = """<style>
.st-key-account {position: fixed; top: .85rem; right: 8.6rem; width: auto; z-index: 1000000;}
.st-key-account button {min-height: 2rem; padding: 0 .4rem; border: 0; background: transparent; max-width: 9rem;}
.st-key-account button div {min-width: 0; overflow: hidden;}
.st-key-account button p {overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
/* Where the navigation needs the whole row, below it. */
@media (min-width: 641px) and (max-width: 1560px) {.st-key-account, .st-key-languages {top: 3.7rem;}}
@media (max-width: 640px) {.st-key-account > div > button p {display: none;}}
</style>"""


def account_menu(account: Account) -> None:
    st.html(STYLE)
    with (
        st.container(key="account"),
        st.popover(plain(account.name), icon=":material/account_circle:", help=_("Your account")),
    ):
        role = _("no role yet") if account.role is None else _(account.role)
        st.markdown(f"**{plain(account.name)}**  \n{role}")
        if st.button(_("Change the password"), key="account-password", icon=":material/key:", width="stretch"):
            st.dialog(_("Change the password"))(_change)(account)
        st.button(
            _("Sign out"),
            key="account-out",
            icon=":material/logout:",
            width="stretch",
            on_click=_sign_out,
            args=(account,),
        )


def _sign_out(account: Account) -> None:
    note(Action.SIGN_OUT, "account", account.id)
    signed_in.sign_out()


def _change(account: Account) -> None:
    elsewhere = school.provider_name()
    if elsewhere and resources.whole_store().accounts.secret_of(account.name) is None:
        st.write(_("You sign in with {school}, and have no password here.").format(school=plain(elsewhere)))
        return
    with st.form("password", border=False):
        old = st.text_input(_("The password you have now"), type="password", autocomplete="current-password")
        new = st.text_input(_("The new password"), type="password", autocomplete="new-password")
        again = st.text_input(_("The new one again"), type="password", autocomplete="new-password")
        st.caption(_("Wherever else you are signed in, you are so no longer."))
        if not st.form_submit_button(_("Change it"), type="primary", width="stretch"):
            return
    if new != again:
        st.error(_("The two passwords differ. Please type the same one twice."))
        return
    try:
        change_password(
            resources.whole_store(), resources.hasher(), account, old, new, datetime.now(UTC), signed_in.token()
        )
    except AccountError as error:
        st.error(str(error))
        return
    st.success(_("The password is changed."), icon="✅")
