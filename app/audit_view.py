"""The leaf “Who did what”: the audit log, the newest entry first, and whether anybody changed it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import resources
from monitor.people.audit import Action, Entry
from monitor.words import _, counted, later

SHOWN = 300
DID = {
    Action.SIGN_IN: later("signed in"),
    Action.SIGN_IN_FAILED: later("failed to sign in"),
    Action.SIGN_OUT: later("signed out"),
    Action.VIEW_STUDENT: later("looked at a student"),
    Action.EXPORT: later("took a file"),
    Action.CONSENT: later("agreed"),
    Action.WITHDRAW: later("took an agreement back"),
    Action.SHOW_LESS: later("showed less of a lesson"),
    Action.DELETE: later("deleted"),
    Action.RETENTION: later("changed how long lessons are kept"),
    Action.PURGE: later("deleted what was old"),
    Action.BACKUP: later("made a backup"),
    Action.RESTORE: later("restored a backup"),
    Action.ROLES: later("changed an account"),
}


def audit() -> None:
    log = resources.store().audit
    with st.container(horizontal=True, vertical_alignment="bottom"):
        action = st.selectbox(
            _("What was done"),
            list(Action),
            index=None,
            format_func=said,
            placeholder=_("Everything"),
            width=340,
        )
        if st.button(_("Was it changed?"), icon=":material/rule:"):
            _verify()
    found = log.newest(SHOWN, action)
    if not found:
        st.caption(_("Nothing of this kind has happened yet."))
        return
    st.dataframe(_table(found), hide_index=True)
    st.caption(
        counted("The newest {n} entry.", "The newest {n} entries.", len(found))
        + " "
        + _("All of them: `python -m monitor audit list`. The log itself has numbers only, and no names.")
    )


def said(action: Action) -> str:
    return _(DID[action])


def _verify() -> None:
    with st.spinner(_("Reading the whole log …")):
        verdict = resources.store().audit.verify()
    if verdict.fault:
        st.error(_("The log was changed: {fault}.").format(fault=verdict.fault), icon=":material/gpp_bad:")
        return
    told = _("It is as it was written. Keep this line elsewhere: a later check with it also shows a cut end.")
    st.success(told, icon=":material/verified_user:")
    st.code(f"python -m monitor audit verify --head {verdict.head}", language=None, wrap_lines=True)


def _table(found: tuple[Entry, ...]) -> pd.DataFrame:
    zone, names = resources.zone(), {f"account:{one.id}": one.name for one in resources.store().accounts.all()}
    return pd.DataFrame(
        {
            _("when"): f"{one.deed.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            _("who"): names.get(one.deed.actor, one.deed.actor),
            _("what"): said(one.deed.action),
            _("of what"): one.deed.kind if one.deed.number is None else f"{one.deed.kind} {one.deed.number}",
            _("in detail"): one.deed.detail,
            _("entry"): one.id,
        }
        for one in found
    )
