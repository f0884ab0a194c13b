"""The roster of one class: who is on it, and what can be done about each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from app import resources
from app.decisions import attempt, attempts, decide, remember
from app.guard import guarded
from app.names_form import ask_names, read_names
from app.plain import plain
from app.roster_account import account_button
from app.trail import note
from monitor.domain import name_key
from monitor.errors import LessonError
from monitor.people.audit import Action
from monitor.store.members import MemberFigures
from monitor.teaching import Member, SchoolClass
from monitor.words import _, counted, day

ROW_PX, MOST_ROWS = 35, 16


def roster(own: SchoolClass, figures: Sequence[MemberFigures]) -> None:
    """The table of those who are in the class, and of who left on request; under it what can be done."""
    left = sum(one.member.archived for one in figures)
    everybody = left > 0 and st.toggle(
        counted("Show {n} student who left", "Show {n} students who left", left), key=f"left-{own.id}"
    )
    shown = [one for one in figures if everybody or not one.member.archived]
    if not shown:
        st.info(_("Nobody is on this roster yet. Type, paste or upload the names below."), icon="🪑")
        return
    st.dataframe(_table(shown), hide_index=True, height=ROW_PX * (min(len(shown), MOST_ROWS) + 1) + 3)
    _act({one.member.id: one.member for one in shown}, {one.member.id: one.lessons for one in shown})


def _table(shown: Sequence[MemberFigures]) -> pd.DataFrame:
    zone = resources.zone()
    return pd.DataFrame(
        {
            _("student"): one.member.name + (" " + _("(left)") if one.member.archived else ""),
            _("lessons"): one.lessons,
            _("last lesson"): day(one.last_lesson_at.astimezone(zone)) if one.last_lesson_at else "–",
        }
        for one in shown
    )


def _act(members: dict[int, Member], lessons: dict[int, int]) -> None:
    chosen = st.multiselect(
        _("Choose a student to rename or to take off the roster, or two who are one"),
        list(members),
        format_func=lambda key: members[key].name if key in members else "",
        placeholder=_("Type the beginning of a name"),
        key=f"chosen-{attempts()}",
    )
    own = [members[key] for key in chosen if key in members]  # those who left may be out of sight again
    if not own:
        return
    gone = all(one.archived for one in own)
    with st.container(horizontal=True):
        if st.button(_("Rename"), icon=":material/edit:", disabled=len(own) != 1):
            st.dialog(_("Rename a student"))(_new_name)(own[0])
        if st.button(_("Merge"), icon=":material/merge:", disabled=len(own) != 2, help=_("Two students who are one.")):
            st.dialog(_("Are these two one?"))(_merge)((own[0], own[1]))
        account_button(own)
        if gone:
            st.button(_("Back in the class"), icon=":material/undo:", on_click=_come_back, args=(own,))
        else:
            st.button(_("Left the class"), icon=":material/logout:", on_click=_leave, args=(own,))
        if st.button(_("Delete"), icon=":material/delete:", disabled=len(own) != 1):
            st.dialog(_("Delete this student?"))(_delete)(own[0], lessons[own[0].id])


def _leave(own: Sequence[Member]) -> None:
    def leave() -> str:
        resources.store().members.leave([one.id for one in own], datetime.now(UTC))
        return _names(own)

    told = _("{name} left the class and will not be invited any more. All lessons stay; “Show … who left” leads back.")
    attempt(leave, told)


def _come_back(own: Sequence[Member]) -> None:
    def come_back() -> str:
        resources.store().members.come_back([one.id for one in own])
        return _names(own)

    attempt(come_back, _("Back in the class: {name}."))


def _new_name(member: Member) -> None:
    with guarded(), st.form("member-name", border=False):
        st.text_input(_("Name"), value=member.name, max_chars=60, key="new-name")
        st.caption(_("The lessons that are kept show the new name too."))
        told = _("The student is now called {name}.")

        def rename() -> str:
            return resources.store().members.rename(member.id, st.session_state["new-name"]).name

        if st.form_submit_button(
            _("Give this name"), type="primary", width="stretch", on_click=attempt, args=(rename, told)
        ):
            st.rerun()


def _merge(pair: tuple[Member, Member]) -> None:
    with guarded():
        names = {one.id: one.name for one in pair}
        kept = st.radio(_("Which name stays?"), list(names), format_func=lambda key: plain(names[key]))
        gone = next(key for key in names if key != kept)
        st.markdown(
            _(
                "All lessons of **{gone}** become lessons of **{kept}**, and **{gone}** is taken off the roster. Where "
                "both were in one lesson, their seconds are put together; of a second that both have, the one with "
                "more pictures of a face stays. **There is no undo.**"
            ).format(gone=plain(names[gone]), kept=plain(names[kept]))
        )
        st.caption(_("If one of them is being measured now, that device has to press START again."))
        decide(
            _("Merge them"),
            lambda: resources.store().members.merge(kept, gone).name,
            _("The two are one now: {name}."),
            _("Leave them two"),
        )


def _delete(member: Member, lessons: int) -> None:
    with guarded():
        told = counted("what was measured in {n} lesson", "what was measured in {n} lessons", lessons)
        st.markdown(
            _("**{name}** is taken off the roster, and {measured} is deleted for good. There is no undo.").format(
                name=plain(member.name), measured=told
            )
        )
        st.caption(_("Has the student only left the class? “Left the class” keeps the lessons."))

        def delete() -> str:
            resources.store().members.delete(member.id)
            note(Action.DELETE, "member", member.id)
            return member.name

        decide(_("Delete for good"), delete, _("{name} was deleted."), _("Keep"))


def add_students(own: SchoolClass) -> None:
    """Adds names; who left and is named again is back."""
    with st.form(f"add-{own.id}", clear_on_submit=True):
        text, file = ask_names(f"add-{own.id}")
        wanted = st.form_submit_button(_("Add to the roster"), icon=":material/person_add:", width="stretch")
    if not wanted:
        return
    try:
        found = read_names(text, file)
        if not found.names and not found.passed_over:
            st.error(_("Please type or paste at least one name, or choose a file."))
            return
        added = resources.store().classes.add_members(own.id, found.names)
    except LessonError as error:
        st.error(str(error))
        return
    there = len(found.names) - len(added)
    parts = [counted("{n} student was added.", "{n} students were added.", len(added))]
    parts += [counted("{n} was on the roster already.", "{n} were on the roster already.", there)] if there else []
    remember(" ".join(parts), found.passed_over)
    st.rerun()


def guests(own: SchoolClass, members: Sequence[Member]) -> None:
    """Names under which somebody joined who is not on the roster: perhaps a student who wrote it otherwise."""
    found = resources.store().members.guests(own.id)
    if not found:
        return
    st.subheader(_("Guests"))
    st.caption(_("They joined lessons of this class under a name that is not on the roster."))
    lessons = {one.name: one.name + " · " + counted("{n} lesson", "{n} lessons", one.lessons) for one in found}
    with st.form("guest", border=False):
        columns = st.columns([2, 2, 1], vertical_alignment="bottom")
        guest = columns[0].selectbox(
            _("Guest"),
            list(lessons),
            index=None,
            format_func=lambda name: lessons[name],
            placeholder=_("Choose a guest"),
        )
        names = {one.id: one.name for one in members}
        who = columns[1].selectbox(
            _("is really"), [0, *names], format_func=lambda key: names.get(key, _("somebody new on the roster"))
        )
        wanted = columns[2].form_submit_button(_("Go on …"), width="stretch")
    if wanted and guest is not None:
        st.dialog(_("Who is this guest?"))(_who_is)(own, guest, members, who)


def _who_is(own: SchoolClass, guest: str, members: Sequence[Member], member_id: int) -> None:
    with guarded():
        name = next((one.name for one in members if one.id == member_id), guest)
        told = (
            _("**{guest}** comes onto the roster, with all lessons of this class in which the name was given.")
            if not member_id
            else _("All lessons of this class in which **{guest}** joined become lessons of **{name}**. No undo.")
        )
        st.markdown(told.format(guest=plain(guest), name=plain(name)))
        decide(
            _("Yes"),
            lambda: _recognise(own, guest, member_id),
            _("The lessons of the guest are now those of {name}."),
            _("No"),
        )


def _recognise(own: SchoolClass, guest: str, member_id: int) -> str:
    store = resources.store()
    if not member_id:
        store.classes.add_members(own.id, [guest])
        member_id = next(one.id for one in store.classes.members(own.id) if name_key(one.name) == name_key(guest))
    return store.members.recognise(member_id, guest).name


def _names(own: Sequence[Member]) -> str:
    return ", ".join(one.name for one in own)
