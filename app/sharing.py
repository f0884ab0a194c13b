"""With whom the owner of a class shares it and its lessons."""

from __future__ import annotations

import streamlit as st

from app import resources, signed_in
from app.guard import toasted
from app.plain import plain
from monitor.errors import NotYours
from monitor.people.accounts import Account, Role
from monitor.teaching import SchoolClass
from monitor.words import _


def sharing(own: SchoolClass) -> None:
    """For the owner alone; nothing for whoever it is shared with."""
    store = resources.store()
    try:
        shares = store.ownership.shares(own.id)
    except NotYours:
        return
    st.subheader(_("Shared with"))
    for share in shares:
        with st.container(horizontal=True, vertical_alignment="center"):
            how = _("edits") if share.edit else _("reads")
            st.markdown(f"**{plain(share.account.name)}** · {how}", width="stretch")
            key = f"unshare-{share.account.id}"
            st.button(_("Take back"), key=key, on_click=_unshare, args=(own.id, share.account.id))
    taken = {share.account.id for share in shares}
    others = {one.id: one for one in store.accounts.all() if _could_have(one) and one.id not in taken}
    if not others:
        st.caption(_("There is nobody else to share it with."))
        return
    with st.form("share", border=False, clear_on_submit=True):
        chosen = st.selectbox(_("Somebody"), list(others), index=None, format_func=lambda one: others[one].name)
        edit = st.toggle(_("May change it and hold lessons"), help=_("Else they see it with its lessons and reports."))
        if st.form_submit_button(_("Share it"), width="stretch") and chosen is not None:
            store.ownership.share(own.id, chosen, edit)
            st.rerun()


def _could_have(one: Account) -> bool:
    me = signed_in.viewer()
    somebody_else = not isinstance(me, Account) or one.id != me.id
    return somebody_else and not one.disabled and one.role not in (None, Role.STUDENT)


@toasted
def _unshare(class_id: int, account_id: int) -> None:
    resources.store().ownership.unshare(class_id, account_id)
