"""Consents of parents and guardians for a class: who has one, from whom, and whether it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from app import resources
from app.decisions import attempt, attempts
from app.plain import plain
from app.trail import note
from monitor.domain import Presence
from monitor.people.audit import Action
from monitor.people.consent import SAID_LENGTH, Consent
from monitor.teaching import Member, SchoolClass
from monitor.words import _, counted


def guardians(own: SchoolClass, members: Sequence[Member]) -> None:
    if not members:
        return
    store = resources.store()
    given = store.consents.guardians(own.id)
    st.subheader(_("Guardians' consent"))
    key = f"guardian-needed-{own.id}"
    st.toggle(
        _("Needed in this class"),
        store.consents.guardian_needed(own.id),
        key=key,
        help=_(
            "Nobody is measured without it: who joins reads a friendly sentence, and is in the lesson unmeasured. "
            "Guests have none."
        ),
        on_change=lambda: store.consents.need_guardian(own.id, bool(st.session_state[key])),
    )
    having = [one for one in members if one.id in given]
    st.caption(counted("{n} student has it.", "{n} students have it.", len(having)))
    with st.expander(_("Note a consent, or take one back")):
        _note([one for one in members if one.id not in given])
        for one in having:
            _row(one, given[one.id])


def _note(without: Sequence[Member]) -> None:
    if not without:
        return
    names = {one.id: one.name for one in without}
    who = st.multiselect(
        _("Whose guardian agreed?"), list(names), format_func=lambda key: names.get(key, ""), key=f"agreed-{attempts()}"
    )
    said = st.text_input(
        _("Who said so, and how"), placeholder=_("mother, by letter"), max_chars=SAID_LENGTH, key=f"said-{attempts()}"
    )

    def agree() -> str:
        for member_id in who:
            resources.store().consents.guardian_agreed(member_id, said, datetime.now(UTC))
            note(Action.CONSENT, "member", member_id, "guardian")
        return ", ".join(names[one] for one in who)

    st.button(
        _("Note it, with today's date"),
        icon=":material/check:",
        disabled=not who,
        on_click=attempt,
        args=(agree, _("A guardian's consent is noted for {name}.")),
    )


def _row(member: Member, consent: Consent) -> None:
    def take_back() -> str:
        resources.store().consents.guardian_withdrew(member.id, datetime.now(UTC))
        _stop_measuring(member)
        note(Action.WITHDRAW, "member", member.id, "guardian")
        return member.name

    on = f"{consent.given_at.astimezone(resources.zone()):%d %b %Y}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"☑ **{plain(member.name)}** · {on} · {plain(consent.said)}", width="stretch")
        st.button(
            _("Taken back"),
            key=f"take-back-{member.id}",
            type="tertiary",
            on_click=attempt,
            args=(take_back, _("{name} has no guardian's consent any more. What was kept stays until it is deleted.")),
        )


def _stop_measuring(member: Member) -> None:
    """At once, in whatever lesson runs."""
    store, room, now = resources.store(), resources.classroom(), resources.now()
    running = {lesson.id for lesson in store.lessons.running()}
    here = [one for one in store.members.places(member.id) if one.lesson_id in running]
    measured = [one.id for one in here if one.presence in (Presence.HERE, Presence.PAUSED)]
    room.dismiss(measured)
    for student_id in measured:
        store.people.choose(student_id, Presence.LEFT, now)
